import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "./declare";
import { MistakeError } from "./mistake";
import type { RightsRow, RightsType } from "./rights";

type RowClass = new (
  name: string,
  args: Record<string, unknown>,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** A row's inputs are plain values under the provider's own names; its classes take them as they are. */
const CLASSES = {
  "postgresql:index/role:Role": postgresql.Role,
  "postgresql:index/grantRole:GrantRole": postgresql.GrantRole,
  "postgresql:index/database:Database": postgresql.Database,
  "postgresql:index/schema:Schema": postgresql.Schema,
  "postgresql:index/grant:Grant": postgresql.Grant,
  "postgresql:index/defaultPrivileges:DefaultPrivileges": postgresql.DefaultPrivileges,
  "postgresql:index/extension:Extension": postgresql.Extension,
} as unknown as Readonly<Record<RightsType, RowClass>>;

/** What only the declaring program knows of a row: a password, and what else it comes after. */
export interface RowExtras {
  readonly inputs?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly after?: readonly pulumi.Resource[];
  /** The provider, where it is not the parent's. */
  readonly provider?: pulumi.ProviderResource | undefined;
}

/**
 * Declares rows, each after the ones that it names.
 * @param extrasOf is given a row and what it comes after
 * @param known rows that were declared before
 * @returns the resources by the rows' names
 */
export function declareRows(
  rows: readonly RightsRow[],
  parent: pulumi.Resource,
  extrasOf: (row: RightsRow, after: readonly pulumi.Resource[]) => RowExtras = () => ({}),
  known: ReadonlyMap<string, pulumi.CustomResource> = new Map(),
): ReadonlyMap<string, pulumi.CustomResource> {
  const declared = new Map(known);
  const owned = new Map<pulumi.Resource, pulumi.Output<pulumi.Resource>>();
  const carrying = new Map<unknown, pulumi.Output<string>>();
  for (const row of rows) {
    const before = row.after.map((name) => {
      const resource = declared.get(name);
      if (resource === undefined) throw new Error(`${row.name} comes after ${name}, which stands below it`);
      return resource;
    });
    const { inputs, after = before, provider } = extrasOf(row, before);
    // By way of its name, what hangs on the role is made anew with it.
    const role = carrying.get(row.inputs.role);
    const resource = declare(
      CLASSES[row.type],
      row.name,
      { ...row.inputs, ...inputs, ...(role === undefined ? {} : { role }) },
      {
        parent,
        protect: row.protect,
        dependsOn: after.map((one) => owned.get(one) ?? one),
        ...(provider === undefined ? {} : { provider }),
        ...(row.loginBy === "iam" ? { replaceOnChanges: ["*"] } : {}),
        ...(row.loginBy === undefined ? {} : { replacementTrigger: row.loginBy }),
        ...(row.deleteBeforeReplace ? { deleteBeforeReplace: true } : {}),
        ...(row.ignoreChanges.length === 0 ? {} : { ignoreChanges: [...row.ignoreChanges] }),
        ...(row.retainOnDelete ? { retainOnDelete: true } : {}),
        ...(row.import === undefined ? {} : { import: row.import }),
      },
    );
    declared.set(row.name, resource);
    // A row of the type Role is declared as one.
    if (row.loginBy !== undefined) carrying.set(row.inputs.name, (resource as postgresql.Role).name);
    if (row.requiredOwner !== undefined) owned.set(resource, requireOwner(resource, row.requiredOwner));
  }
  return declared;
}

/** @throws {MistakeError} when a schema existed, and somebody else owns it */
function requireOwner(resource: pulumi.CustomResource, required: string): pulumi.Output<pulumi.Resource> {
  // A row of the type Schema is declared as one.
  const { name, owner } = resource as postgresql.Schema;
  return pulumi.all([name, owner]).apply(([schema, found]) => {
    if (found === required) return resource;
    throw new MistakeError(
      `the schema ${schema} was there already and is ${found}'s, not ${required}'s: its owner could change what an app ` +
        "runs in it. Find out who made it: npm run ops -- adopt hands over what was there before the stacks, have its " +
        "owner drop anything else; then deploy with --refresh",
    );
  });
}
