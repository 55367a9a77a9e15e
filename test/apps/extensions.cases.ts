import { refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";

const NAME = "20990101000000_contacts";

/** A type, its unique index, a function and an operator, each by the schema that prod keeps extensions in. */
const MIGRATION = `
  CREATE TABLE "Contact" ("id" SERIAL PRIMARY KEY, "email" extensions.citext NOT NULL);
  CREATE UNIQUE INDEX "Contact_email_key" ON "Contact" ("email");
  INSERT INTO "Contact" ("email") VALUES ('Ada@Example.com');
  CREATE TABLE "Hint" ("id" INT PRIMARY KEY, "text" TEXT NOT NULL);
  INSERT INTO "Hint" SELECT 1, extensions.replace("email", 'ADA', 'found')
    FROM "Contact" WHERE "email" OPERATOR(extensions.=) 'ADA@EXAMPLE.COM';
`;

/** Extensions that prod's setting names: an app uses them, and cannot change them. */
export function extensionCases(get: () => Deployed): void {
  test.each(["dev", "prod"])(
    "in %s a migration uses an extension's type, function and operator",
    async (environment) => {
      const { workspace, platform } = get();
      const url = await workspace.url("website", environment);
      workspace.migration("website", NAME, MIGRATION);
      try {
        const { stderr, results } = await workspace.task("website", environment, "deploy");
        expect({ stderr, results }).toEqual({ stderr: "", results: [[NAME]] });
        // As the app, with no schema named: the unique index is the type's own.
        expect(await platform.asApp(url, `SELECT "text" FROM "Hint"`)).toEqual([
          { text: "found@Example.com" },
        ]);
        // The path of the login leads to its own schema alone, so that a bare "=" is text's.
        const count = (comparison: string) =>
          platform.asApp(url, `SELECT count(*)::int AS "count" FROM "Contact" WHERE "email" ${comparison}`);
        expect(await count("= 'ADA@EXAMPLE.COM'")).toEqual([{ count: 0 }]);
        expect(await count("OPERATOR(extensions.=) 'ADA@EXAMPLE.COM'")).toEqual([{ count: 1 }]);
        const again = `INSERT INTO "Contact" ("email") VALUES ('ada@example.com')`;
        expect(await refusalOf(platform.asApp(url, again))).toBe("23505");
        for (const sql of [
          "CREATE TABLE extensions.no (id int)",
          "DROP EXTENSION citext",
          "ALTER FUNCTION extensions.citext_eq(extensions.citext, extensions.citext) OWNER TO CURRENT_USER",
        ]) {
          expect([sql, await refusalOf(platform.asApp(url, sql))]).toEqual([sql, "42501"]);
        }
      } finally {
        workspace.migration("website", NAME, undefined);
        await platform.asApp(
          url,
          `DROP TABLE IF EXISTS "Contact", "Hint"; DELETE FROM _prisma_migrations WHERE migration_name = '${NAME}'`,
        );
      }
    },
  );
}
