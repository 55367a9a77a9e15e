import { isDeepStrictEqual } from "node:util";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A resource's properties as they stand on the wire: secrets wrapped, unknowns as a marker. */
export type Properties = Record<string, unknown>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for a value that only an update can know. */
export const UNKNOWN_VALUE = UNKNOWN;

/** Properties as a message carries them; what is undefined is left out. */
export function toWire(properties: Properties): Struct {
  return Struct.fromJavaScript(withoutUndefined(properties) as Record<string, JavaScriptValue>);
}

/** Properties of a message. */
export function fromWire(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isRecord(value)) return value;
  const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(known.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

/** Whether a value is an object or map. */
export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

/** Marks a value secret; once is enough. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value: value ?? null };
}

function map(value: unknown, onSecret: (inner: unknown) => unknown): unknown {
  if (isSecret(value)) return onSecret(value.value);
  if (Array.isArray(value)) return value.map((item) => map(item, onSecret));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, onSecret)]));
}

/** The plain value, secrets opened: for handlers only, never for output. */
export function opened(value: Properties): Properties;
export function opened(value: unknown): unknown;
export function opened(value: unknown): unknown {
  return map(value, opened);
}

/** Outputs with the same secrets as the inputs they repeat, and those that the resource type names. */
export function withSecrets(outputs: Properties, inputs: Properties, names: readonly string[]): Properties {
  const keep = ([key, value]: [string, unknown]): [string, unknown] => [
    key,
    isSecret(inputs[key]) || names.includes(key) ? secret(value) : value,
  ];
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, value]) => value !== undefined)
      .map(keep),
  );
}

function comparable(value: unknown, isSet: boolean): unknown {
  const plain = opened(value);
  if (!isSet || !Array.isArray(plain)) return plain;
  return plain.map((item) => JSON.stringify(isRecord(item) ? Object.entries(item).sort() : item)).sort();
}

/**
 * Names of the properties that differ, sorted. A value that is not known yet differs from every other.
 * @param sets properties whose order means nothing
 */
export function changedNames(
  before: Properties,
  after: Properties,
  sets: readonly string[] = [],
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => {
      const isSet = sets.includes(name);
      return !isDeepStrictEqual(comparable(before[name], isSet), comparable(after[name], isSet));
    })
    .sort();
}
