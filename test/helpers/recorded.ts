import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { opened, type Properties, secret } from "../../local/engine/values";

/** One resource as a program declared it. Other resources are named by their identity, `type::name`. */
export interface Recorded {
  readonly identity: string;
  readonly type: string;
  readonly name: string;
  /** Whether a provider makes it; a component is not custom. */
  readonly custom: boolean;
  /** Inputs with secrets opened. */
  readonly inputs: Properties;
  /** Paths of the inputs that are secret. */
  readonly secretInputs: readonly string[];
  readonly parent: string;
  /** What it comes after, explicitly (`dependsOn`) or by using its outputs; sorted. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** Whether it stays when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  /** Identifier of what is imported; empty when it is created. */
  readonly importId: string;
  /** Identity of the provider that is given to it; empty for the default one. */
  readonly provider: string;
}

/** Reads the SDK's request. */
export function recordedOf(request: RegisterResourceRequest): Recorded {
  const [type, name] = [request.getType(), request.getName()];
  const wire = (request.getObject()?.toJavaScript() ?? {}) as Properties;
  return {
    identity: `${type}::${name}`,
    type,
    name,
    custom: request.getCustom(),
    inputs: opened(wire),
    secretInputs: secretPaths(wire),
    parent: identityOf(request.getParent()),
    dependencies: request.getDependenciesList().map(identityOf).sort(),
    protect: request.getProtect() === true,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    retainOnDelete: request.getRetainondelete() === true,
    importId: request.getImportid(),
    provider: identityOf(request.getProvider().split("::").slice(0, -1).join("::")),
  };
}

/** `type::name` of a URN. */
export function identityOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return urn === "" ? "" : `${types.split("$").at(-1)}::${name}`;
}

/** Paths of the secrets in a value as it stands on the wire, such as `password` or `tags.owner`, in order. */
export function secretPaths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  // A secret is not wrapped twice.
  if (secret(value) === value) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretPaths(inner, path === "" ? key : `${path}.${key}`),
  );
}
