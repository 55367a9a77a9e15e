import { CONNECT_ROLE, EXTENSIONS_SCHEMA } from "../names";
import { extensionRow, grantRow, type RightsRow, roleRow, schemaRow } from "../rights";

/** The last of the database's rows that apps' logins come after: their locks meet on destroy otherwise. */
export const DATABASE_READY = "database-connect-extensions";

/**
 * Who may do what in the whole database, in the order in which prod declares it: nobody connects but through the connect
 * role, nobody creates in `public`, and extensions live in a schema of their own.
 * @param extensions created in the order of the list: one may need another (earthdistance needs cube)
 */
export function databaseRights(extensions: readonly string[]): RightsRow[] {
  const rows = [
    roleRow("database-connect", { name: CONNECT_ROLE }, { protect: true }),
    // Nobody connects, or makes temporary tables, by merely existing.
    grantRow("database-public-database", "public", ["database"], [], { after: ["database-connect"] }),
    grantRow("database-connect-database", CONNECT_ROLE, ["database"], ["CONNECT"], {
      after: ["database-public-database"],
    }),
    // Postgres 15's own default, held: names resolve, nobody creates.
    grantRow("database-public-schema", "public", ["schema", "public"], ["USAGE"], {
      after: ["database-connect-database"],
    }),
    // It always exists, so that the first extension changes no login's order.
    schemaRow("database-extensions", EXTENSIONS_SCHEMA, false, {
      protect: true,
      after: ["database-public-schema"],
    }),
    // An app has the rights of its owner role, not of its login, and so none by the connect role. The schema holds
    // nothing else, so that everybody may use it.
    grantRow(DATABASE_READY, "public", ["schema", EXTENSIONS_SCHEMA], ["USAGE"], {
      after: ["database-extensions"],
    }),
  ];
  for (const extension of extensions) {
    const after = [rows.at(-1)?.name];
    rows.push(
      extensionRow(`database-extension-${extension}`, extension, EXTENSIONS_SCHEMA, { protect: true, after }),
    );
  }
  return rows;
}
