import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { type AppNames, DATABASE } from "../names";
import { PRIVILEGES } from "./privileges";
import { declareReaderGrants } from "./reader";

/** An app's roles, schema and grants. */
export interface AppGrantsArgs {
  /** Names of the app in its environment. */
  names: AppNames;
  /** Whether a role that reads every table exists. */
  reader: boolean;
  /** Whether dropping the schema drops the tables in it. */
  dropCascade: boolean;
}

/**
 * Roles, schema, grants: each after the one before.
 * @param opts `protect` holds for roles and schema; a grant holds no data
 * @returns the last grant, which the logins come after
 */
export function declareGrants(
  name: string,
  { names, reader, dropCascade }: AppGrantsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const owner = declare(postgresql.Role, `${name}-owner`, { name: names.owner }, opts);
  // A reader that the schema does not depend on would be dropped first on destroy, which fails: fact 2.
  const readers = reader
    ? [declare(postgresql.Role, `${name}-reader`, { name: names.reader }, { ...opts, dependsOn: owner })]
    : [];
  // Owned by the admin, so that the app cannot drop it: fact 5.
  const schema = declare(
    postgresql.Schema,
    `${name}-schema`,
    { name: names.schema, database: DATABASE, dropCascade },
    { ...opts, dependsOn: [owner, ...readers] },
  );
  const ownerGrant = declare(
    postgresql.Grant,
    `${name}-owner-schema`,
    {
      role: names.owner,
      database: DATABASE,
      schema: names.schema,
      objectType: "schema",
      privileges: [...PRIVILEGES.ownerOnSchema],
    },
    { parent: opts.parent, dependsOn: schema },
  );
  if (!reader) return ownerGrant;
  // The reader itself is named, too: when it goes from an app that stays, the engine orders its deletions by the links
  // among them alone, and the one by way of the schema is none of them.
  const after = [ownerGrant, ...readers];
  return declareReaderGrants(`${name}-reader`, { names }, { parent: opts.parent, dependsOn: after });
}
