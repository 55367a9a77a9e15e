import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { PRIVILEGES } from "../app/privileges";
import { declare } from "../declare";
import { CONNECT_ROLE, DATABASE, EXTENSIONS_SCHEMA } from "../names";

/** What holds for the whole database. */
export interface DatabaseAccessArgs {
  /** Extensions that apps ask for, created in the schema `extensions`. */
  extensions: readonly string[];
}

/**
 * Database-wide roles and grants: nobody connects but through the connect role, nobody creates in
 * `public`, and extensions live in a schema of their own that every login may use.
 */
export class DatabaseAccess extends pulumi.ComponentResource {
  /** The last grant: every login comes after it. */
  public readonly ready: pulumi.Resource;

  constructor(name: string, args: DatabaseAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:DatabaseAccess", name, {}, opts);
    const connect = declare(
      postgresql.Role,
      `${name}-connect`,
      { name: CONNECT_ROLE },
      { parent: this, protect: true },
    );
    const publicDatabase = declare(
      postgresql.Grant,
      `${name}-public-database`,
      {
        role: "public",
        database: DATABASE,
        objectType: "database",
        // Explicitly empty: revokes what Postgres gives PUBLIC by default.
        privileges: [...PRIVILEGES.publicOnDatabase],
      },
      { parent: this, dependsOn: connect },
    );
    const connectDatabase = declare(
      postgresql.Grant,
      `${name}-connect-database`,
      {
        role: CONNECT_ROLE,
        database: DATABASE,
        objectType: "database",
        privileges: [...PRIVILEGES.connectRoleOnDatabase],
      },
      { parent: this, dependsOn: publicDatabase },
    );
    const publicSchema = declare(
      postgresql.Grant,
      `${name}-public-schema`,
      {
        role: "public",
        database: DATABASE,
        schema: "public",
        objectType: "schema",
        privileges: [...PRIVILEGES.publicOnPublicSchema],
      },
      { parent: this, dependsOn: connectDatabase },
    );
    this.ready = this.declareExtensions(name, args.extensions, publicSchema);
    this.registerOutputs({});
  }

  /** The schema `extensions` always exists, so that adding the first extension changes no login's order. */
  private declareExtensions(
    name: string,
    extensions: readonly string[],
    after: pulumi.Resource,
  ): pulumi.Resource {
    const schema = declare(
      postgresql.Schema,
      `${name}-extensions`,
      { name: EXTENSIONS_SCHEMA, database: DATABASE, dropCascade: false },
      { parent: this, protect: true, dependsOn: after },
    );
    const usage = declare(
      postgresql.Grant,
      `${name}-connect-extensions`,
      {
        role: CONNECT_ROLE,
        database: DATABASE,
        schema: EXTENSIONS_SCHEMA,
        objectType: "schema",
        privileges: [...PRIVILEGES.connectRoleOnExtensions],
      },
      { parent: this, dependsOn: schema },
    );
    // In the order of the list: one may need another (earthdistance needs cube).
    let last: pulumi.Resource = usage;
    for (const extension of extensions) {
      last = declare(
        postgresql.Extension,
        `${name}-extension-${extension}`,
        { name: extension, database: DATABASE, schema: EXTENSIONS_SCHEMA },
        { parent: this, protect: true, dependsOn: last },
      );
    }
    return usage;
  }
}
