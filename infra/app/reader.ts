import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { type AppNames, DATABASE } from "../names";
import { PRIVILEGES } from "./privileges";

/** What the reader of a schema may read. */
export interface ReaderGrantsArgs {
  /** Names of the app in its environment. */
  names: AppNames;
}

/**
 * Lets the reader see every table and sequence: those that the owner makes later (default privileges), then those
 * that exist already. One after the other: two grants on one schema at once fail.
 * @returns the last grant, which the login comes after
 */
export function declareReaderGrants(
  name: string,
  { names }: ReaderGrantsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const inSchema = { role: names.reader, database: DATABASE, schema: names.schema };
  const usage = declare(
    postgresql.Grant,
    `${name}-schema`,
    { ...inSchema, objectType: "schema", privileges: [...PRIVILEGES.readerOnSchema] },
    opts,
  );
  // A replacement would create, then delete what it has just created: fact 7.
  const replaced = { ...opts, deleteBeforeReplace: true };
  const byOwner = { ...inSchema, owner: names.owner };
  const tables = declare(
    postgresql.DefaultPrivileges,
    `${name}-tables`,
    { ...byOwner, objectType: "table", privileges: [...PRIVILEGES.readerOnTables] },
    { ...replaced, dependsOn: usage },
  );
  const sequences = declare(
    postgresql.DefaultPrivileges,
    `${name}-sequences`,
    { ...byOwner, objectType: "sequence", privileges: [...PRIVILEGES.readerOnSequences] },
    { ...replaced, dependsOn: tables },
  );
  const existing = declare(
    postgresql.Grant,
    `${name}-existing`,
    { ...inSchema, objectType: "table", privileges: [...PRIVILEGES.readerOnTables] },
    { ...opts, dependsOn: sequences },
  );
  // Its deletion takes back what default privileges gave meanwhile; a role that still has some cannot be dropped.
  return declare(
    postgresql.Grant,
    `${name}-existing-sequences`,
    { ...inSchema, objectType: "sequence", privileges: [...PRIVILEGES.readerOnSequences] },
    { ...opts, dependsOn: existing },
  );
}
