import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MistakeError } from "../../infra/mistake";
import type { Resource } from "./state";
import { fromWire, isRecord, type Properties } from "./values";

/** What a program declared. */
export interface Declaration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a provider makes it; a component is not custom. */
  readonly custom: boolean;
  /** Secrets wrapped. */
  readonly inputs: Properties;
  /** URN of its parent; empty for the stack itself. */
  readonly parent: string;
  /** URNs of what it comes after, explicitly (`dependsOn`) or by using its outputs. */
  readonly dependencies: readonly string[];
  /** `urn::id` of the provider that is given to it; empty for the default one. */
  readonly provider: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** undefined where the program leaves it to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Whether any change means a new one. */
  readonly isMadeAnew: boolean;
  /** What means a new one when it changes; undefined where nothing is said. */
  readonly trigger: string | undefined;
  /** Whether it stays on the server when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  /** Identifier of what exists already and is taken over; empty for what is created. */
  readonly importId: string;
  /** URNs that it had before. */
  readonly aliases: readonly string[];
  /** Outputs that are secret by the resource's own word. */
  readonly secretOutputs: readonly string[];
}

/** URN of a resource, as the official engine names it. */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : (parent.split("::")[2] ?? "");
  const isRoot = parentType === "" || parentType === "pulumi:pulumi:Stack";
  return `urn:pulumi:${stack}::${project}::${isRoot ? type : `${parentType}$${type}`}::${name}`;
}

/**
 * Reads the SDK's request.
 * @throws {MistakeError} that names an option which the engine would not heed
 */
export function declaredBy(request: RegisterResourceRequest, stack: string, project: string): Declaration {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  const unheeded = unheededOption(request);
  if (unheeded !== undefined)
    throw new MistakeError(`the local platform does not heed the option ${unheeded}`);
  return {
    urn: urnOf(stack, project, parent, type, name),
    type,
    name,
    custom: request.getCustom(),
    inputs: fromWire(request.getObject()),
    parent,
    dependencies: [...request.getDependenciesList()].sort(),
    provider: request.getProvider(),
    protect: request.getProtect() === true,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    isMadeAnew: isMadeAnew(request),
    trigger: triggerOf(request),
    retainOnDelete: request.getRetainondelete() === true,
    importId: request.getImportid(),
    aliases: request.getAliasurnsList(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

/** An option that changes what is deployed, and that nothing here acts on. The SDK refuses others by itself. */
function unheededOption(request: RegisterResourceRequest): string | undefined {
  if (request.getRemote()) return "remote";
  if (request.getReplaceonchangesList().length > 0 && !isMadeAnew(request)) return "replaceOnChanges";
  const isOther = request.getReplacementTrigger() !== undefined && triggerOf(request) === undefined;
  return isOther ? "replacementTrigger" : undefined;
}

const triggerOf = (request: RegisterResourceRequest): string | undefined =>
  request.getReplacementTrigger()?.getStringValue() || undefined;

const isMadeAnew = (request: RegisterResourceRequest): boolean =>
  request.getReplaceonchangesList().join() === "*";

/** URNs of all that a resource needs, its parent and provider among them. */
function needsOf({ dependencies, parent, provider }: Declaration): readonly string[] {
  const needs = new Set([
    ...dependencies,
    parent,
    provider.slice(0, Math.max(0, provider.lastIndexOf("::"))),
  ]);
  needs.delete("");
  return [...needs].sort();
}

/** What the state keeps of a declaration besides its inputs. */
export function kept(declared: Declaration) {
  const { urn, type, name, provider, protect, retainOnDelete, trigger } = declared;
  const needs = needsOf(declared);
  return {
    urn,
    type,
    name,
    needs,
    provider,
    protect,
    ...(retainOnDelete ? { retainOnDelete } : {}),
    ...(trigger === undefined ? {} : { trigger }),
  };
}

/**
 * The declaration with the old values of the properties whose changes it ignores.
 * @param old undefined for what is taken over: it keeps what it has on the server
 */
export function ignoring<T extends Pick<Declaration, "inputs" | "ignoreChanges">>(
  declared: T,
  old: Pick<Resource, "inputs"> | undefined,
): T {
  if (declared.ignoreChanges.length === 0) return declared;
  let inputs = declared.inputs;
  for (const path of declared.ignoreChanges) inputs = keeping(inputs, old?.inputs ?? {}, path.split("."));
  return { ...declared, inputs };
}

/** The new properties with the old value at a path of map keys, such as `tags.created`; none where there was none. */
function keeping(now: Properties, old: Properties, [key = "", ...rest]: readonly string[]): Properties {
  const kept = { ...now };
  const [inner, oldInner] = [now[key], old[key]];
  if (rest.length > 0 && isRecord(inner) && isRecord(oldInner)) kept[key] = keeping(inner, oldInner, rest);
  else if (rest.length > 0) return now;
  else if (key in old) kept[key] = oldInner;
  else delete kept[key];
  return kept;
}
