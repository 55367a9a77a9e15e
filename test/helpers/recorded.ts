import type { Declaration } from "../../local/engine/request";
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
  /** undefined where it is left to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  /** Whether it stays when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  /** Identifier of what is imported; empty when it is created. */
  readonly importId: string;
  /** Identity of the provider that is given to it; empty for the default one. */
  readonly provider: string;
}

/** What the tests look at of a declaration. */
export function recordedOf(declared: Declaration): Recorded {
  const { type, name, custom, inputs, protect, deleteBeforeReplace, ignoreChanges, retainOnDelete } =
    declared;
  return {
    identity: `${type}::${name}`,
    type,
    name,
    custom,
    inputs: opened(inputs),
    secretInputs: secretPaths(inputs),
    parent: identityOf(declared.parent),
    dependencies: declared.dependencies.map(identityOf).sort(),
    protect,
    deleteBeforeReplace,
    ignoreChanges,
    retainOnDelete,
    importId: declared.importId,
    provider: identityOf(declared.provider.split("::").slice(0, -1).join("::")),
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
