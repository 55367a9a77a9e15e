import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { SnapshotPlatform } from "./snapshot-platform";

/** Ways to leave the transaction, or to act as somebody else in it, as no simple pattern reads them, and their beginnings. */
export const ATTACKS: readonly (readonly [sql: string, head: string])[] = [
  ["SET/**/ROLE none", "SET/**/ROLE none"],
  ["set -- x\nlocal\n/* /* */ */ role none", "set -- x local /* /* */ */ role none"],
  ["SET ROLE TO DEFAULT", "SET ROLE TO DEFAULT"],
  ['SET "ROLE" = none', 'SET "ROLE" = none'],
  ["RESET/**/ROLE", "RESET/**/ROLE"],
  ["SET SESSION/**/AUTHORIZATION DEFAULT", "SET SESSION/**/AUTHORIZATION DEFAULT"],
  ["SET session_authorization = default", "SET session_authorization = default"],
  ["SET/**/TRANSACTION READ ONLY", "SET/**/TRANSACTION READ ONLY"],
  ["SET transaction_read_only = on", "SET transaction_read_only = on"],
  [
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  ],
  ["DISCARD/**/ALL", "DISCARD/**/ALL"],
  ["START/**/TRANSACTION", "START/**/TRANSACTION"],
  ["PREPARE/**/TRANSACTION 'x'", "PREPARE/**/TRANSACTION 'x'"],
  ["END/**/", "END/**/"],
  ["-- a\rROLLBACK", "ROLLBACK"],
];

/** What pg_restore says is checked as a mask is: a snapshot may come from anywhere. */
export function scriptCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];

  beforeAll(async () => {
    const { ops } = get();
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query("wms", "dev", "CREATE TABLE kept AS SELECT 1 AS id");
    file = await get().snapshot("dev");
    old = await get().textOf("wms_dev");
  });

  afterEach(async () => expect(await get().textOf("wms_dev")).toEqual(old));

  /** Restores with a pg_restore that says more than what is in the file; without its rows, too, unless told otherwise. */
  function restoreWith(more: string, { isListed } = { isListed: true }) {
    const folder = get().newFile();
    mkdirSync(folder);
    const { dump, restore } = get().tools;
    const script = resolve(folder, "more.sql");
    writeFileSync(script, more);
    const others = isListed ? "--list*" : "--list*|*--schema-only*";
    const programs = {
      pg_dump: `exec "${dump}" "$@"`,
      pg_restore: `"${restore}" "$@" || exit\ncase "$*" in --version|${others}) ;; *) cat "${script}" ;; esac`,
    };
    for (const [name, text] of Object.entries(programs))
      writeFileSync(resolve(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return get().ops.run("restore", file, "wms", "dev", "--yes", "--pg-bin", folder);
  }

  test.each(ATTACKS)("%j is refused", async (sql, head) => {
    const { status, stderr } = await restoreWith(`${sql};\n`);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `error: ${file}: ${head.slice(0, 100)} would leave the one transaction that a restore is; nothing was changed`,
    });
  });

  test.each([
    [
      "a text that goes on in another line",
      "SELECT E'a'\n'b\\''; SET ROLE none; SELECT 1 --'\n;",
      "is more than one statement",
    ],
    ["other texts", "SET standard_conforming_strings = off;", "is nothing that a snapshot holds"],
    // Bytes of another encoding hide a quote from whoever reads them as UTF-8.
    ["another encoding", "SET client_encoding = 'SJIS';", "is nothing that a snapshot holds"],
    ["another search path", "SET search_path = wms_dev;", "is nothing that a snapshot holds"],
    ["a call", "SELECT set_config('role', 'none', false);", "is nothing that a snapshot holds"],
    [
      "a call in what it does hold",
      "SELECT pg_catalog.setval(query_to_xml('SELECT 1', true, true, '')::text, 1, true);",
      "is nothing that a snapshot holds",
    ],
    ["a block", "DO $$ BEGIN END $$;", "is nothing that a snapshot holds"],
    ["rows from a program", "COPY kept FROM PROGRAM 'id';", "is nothing that a snapshot holds"],
    ["a table made of a query", "CREATE TABLE x AS SELECT 1;", "is nothing that a snapshot holds"],
    ["a COPY that nobody knows", "COPY kept FROM, FROM stdin;\n\\.\n", "cannot be read"],
    // A newer server's own: the parser does not know it, and this server neither.
    ["syntax that is not known", "CREATE FANCY TABLE x (id int);", 'syntax error at or near "FANCY"'],
    [
      "syntax that is not known, and more behind it",
      "CREATE FANCY TABLE E'a'\n'b\\''; SET ROLE none; SELECT 1 --'\n;",
      "syntax error",
    ],
  ])("%s changes nothing", async (_what, sql, problem) => {
    const { status, stderr } = await restoreWith(sql);
    expect(status).toBe(1);
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(/; nothing was changed$/);
  });

  test("code that was not shown, since it stands among the rows, changes nothing", async () => {
    const sql = "CREATE FUNCTION wms_dev.late() RETURNS int LANGUAGE sql AS 'SELECT 1'";
    const { status, stderr } = await restoreWith(`${sql};\n`, { isListed: false });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `error: ${file}: ${sql.slice(0, 100)} was not there when the file was first read; nothing was changed`,
    });
  });

  test("with nothing more it is restored", async () => {
    expect((await restoreWith("")).status).toBe(0);
  });
}
