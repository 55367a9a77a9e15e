import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Resource } from "./state";
import type { Properties } from "./values";

/** What a program declared. */
export interface Declaration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Properties;
  readonly needs: readonly string[];
  readonly provider: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Whether it stays on the server when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  /** Whether it exists already and is taken over. */
  readonly isImported: boolean;
  readonly secretOutputs: readonly string[];
}

/** URN of a resource, as the official engine names it. */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : (parent.split("::")[2] ?? "");
  const isRoot = parentType === "" || parentType === "pulumi:pulumi:Stack";
  return `urn:pulumi:${stack}::${project}::${isRoot ? type : `${parentType}$${type}`}::${name}`;
}

/** Reads the SDK's request. */
export function declaredBy(request: RegisterResourceRequest, stack: string, project: string): Declaration {
  const type = request.getType();
  const name = request.getName();
  const parent = request.getParent();
  const provider = request.getProvider();
  const providerUrn = provider.slice(0, Math.max(0, provider.lastIndexOf("::")));
  const needs = new Set([...request.getDependenciesList(), parent, providerUrn]);
  needs.delete("");
  return {
    urn: urnOf(stack, project, parent, type, name),
    type,
    name,
    custom: request.getCustom(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Properties,
    needs: [...needs].sort(),
    provider,
    protect: request.getProtect() === true,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete() === true,
    isImported: request.getImportid() !== "",
    secretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

/** What the state keeps of a declaration besides its inputs. */
export function kept(declared: Declaration) {
  const { urn, type, name, needs, provider, protect, retainOnDelete } = declared;
  return { urn, type, name, needs, provider, protect, ...(retainOnDelete ? { retainOnDelete } : {}) };
}

/**
 * The declaration with the old values of the properties whose changes it ignores.
 * @param old undefined for what is taken over: it keeps what it has on the server
 */
export function ignoring(declared: Declaration, old: Resource | undefined): Declaration {
  if (declared.ignoreChanges.length === 0) return declared;
  let inputs = declared.inputs;
  for (const path of declared.ignoreChanges) inputs = keeping(inputs, old?.inputs ?? {}, path.split("."));
  return { ...declared, inputs };
}

/** The new properties with the old value at a path of map keys, such as `tags.created`; none where there was none. */
function keeping(now: Properties, old: Properties, [key = "", ...rest]: readonly string[]): Properties {
  const kept = { ...now };
  const [inner, oldInner] = [now[key], old[key]];
  if (rest.length > 0 && isMap(inner) && isMap(oldInner)) kept[key] = keeping(inner, oldInner, rest);
  else if (rest.length > 0) return now;
  else if (key in old) kept[key] = oldInner;
  else delete kept[key];
  return kept;
}

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
