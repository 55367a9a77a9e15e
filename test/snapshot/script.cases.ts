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
  ["SELECT set_config('role', 'none', false)", "SELECT set_config('role', 'none', false)"],
  [
    "SELECT pg_catalog.SET_CONFIG('ROLE'::text, '', true)",
    "SELECT pg_catalog.SET_CONFIG('ROLE'::text, '', true)",
  ],
  [
    "CREATE TABLE x AS SELECT set_config(is_local => true, new_value => '', setting_name => E'\\x72ole')",
    "CREATE TABLE x AS SELECT set_config(is_local => true, new_value => '', setting_name => E'\\x72ole')",
  ],
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

  /** Restores with a pg_restore that says more than what is in the file. */
  function restoreWith(more: string) {
    const folder = get().newFile();
    mkdirSync(folder);
    const { dump, restore } = get().tools;
    const script = resolve(folder, "more.sql");
    writeFileSync(script, more);
    const programs = {
      pg_dump: `exec "${dump}" "$@"`,
      pg_restore: `"${restore}" "$@" || exit\n[ "$1" != --file=- ] || cat "${script}"`,
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
    ["other texts", "SET standard_conforming_strings = off;", "would change how texts are read"],
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

  test("with nothing more it is restored", async () => {
    expect((await restoreWith("")).status).toBe(0);
  });
}
