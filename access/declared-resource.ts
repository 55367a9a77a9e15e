import type { Environments } from "../infra/names";

/** A resource as a program declares it, whoever looks at it: a test, the policy pack, the review. */
export interface DeclaredResource {
  /** Type token, e.g. `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Declared inputs; what is not known yet may be undefined or the engine's placeholder. */
  readonly inputs: Record<string, unknown>;
  /** Pulumi's `protect`. */
  readonly protect: boolean;
  /** Logical name of its provider; undefined where that cannot be told. */
  readonly provider?: string | undefined;
  /** Stack that declares it; `prod` is production. */
  readonly stack: string;
  /** Which environments there are, and whose, by the stacks' files; without them, what is known everywhere. */
  readonly environments?: Environments;
  /** Everything that the stack declares, as far as that is known by then. */
  readonly beside?: DeclaredByType;
}

/** As much of a resource as another one is judged by. */
export type Beside = Pick<DeclaredResource, "type" | "inputs" | "provider">;

/** A stack's resources by their type: whoever looks for what stands beside one looks through one kind, not through all. */
export class DeclaredByType {
  private readonly byType = new Map<string, Map<string, Beside>>();

  /** Adds a resource, or says it anew. */
  add(urn: string, resource: Beside): void {
    const found = this.byType.get(resource.type);
    if (found === undefined) this.byType.set(resource.type, new Map([[urn, resource]]));
    else found.set(urn, resource);
  }

  of(type: string): Iterable<Beside> {
    return this.byType.get(type)?.values() ?? [];
  }
}

/** What stands for a value that is not known yet, or that is a secret and not shown. */
export const UNKNOWN = Symbol("unknown");

/** What the engine puts in place of a value that it does not know or does not show, one a JSON type. */
export const PLACEHOLDERS: readonly unknown[] = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "[secret]",
];

/** Key that marks a wrapped value on the wire, and the marks of a secret and of an output. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const WRAPPERS: readonly unknown[] = ["1b47061264138c4ac30d75fd1eb44270", "d0e6a833031e9bbcd3f4e8bde6ca49a4"];

/** A value's plain form: wrappers opened, placeholders as UNKNOWN, in lists and maps, too. */
function plain(value: unknown): unknown {
  if (value === undefined || PLACEHOLDERS.includes(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (WRAPPERS.includes(map[SIGNATURE])) return plain(map.value);
  if (map.__pulumiUnknown === true) return UNKNOWN;
  return Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, plain(inner)]));
}

/**
 * One input in plain form.
 * @returns undefined when it is not set (absent or null), UNKNOWN when it is set but not known (a key whose
 *   value is undefined counts as such: that is how mocks hand an unknown over)
 */
export function inputOf(inputs: Readonly<Record<string, unknown>>, key: string): unknown {
  if (!Object.hasOwn(inputs, key) || inputs[key] === null) return undefined;
  return plain(inputs[key]);
}

/** A text input; undefined when it is not set, not known or no text. */
export function textOf(inputs: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = inputOf(inputs, key);
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list that are known; a single text is a list of one. */
export function textsOf(inputs: Readonly<Record<string, unknown>>, key: string): string[] {
  const value = inputOf(inputs, key);
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === "string");
}

/** The maps of a list that are known. */
export function mapsOf(inputs: Readonly<Record<string, unknown>>, key: string): Record<string, unknown>[] {
  const value = inputOf(inputs, key);
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === "object" && item !== null && !Array.isArray(item));
}

/** Whether a list or its members are not wholly known. */
export function isPartlyUnknown(inputs: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = inputOf(inputs, key);
  return value === UNKNOWN || (Array.isArray(value) && value.some(hasUnknown));
}

function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(hasUnknown);
}

/** Whether a switch that is on by itself is off. */
export function isOff(value: unknown): boolean {
  return value === false || value === "false";
}

/** Whether a switch is on; the engine hands a provider's settings over as text. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}
