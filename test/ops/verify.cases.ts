import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { runVerify } from "../../ops/verify/command";
import type { Ended } from "../local/platform";
import { endOf, type OpsPlatform } from "./ops-platform";

const CHECKOUT = resolve(__dirname, "../..");

/** Runs the command's own code in this process, which is quick. */
async function verify(args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  const error = jest.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
  try {
    const status = await runVerify(args);
    return { status, stdout: out.join("\n"), stderr: err.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

/** Starts the command itself, as `npm run verify` does. */
function startVerify(args: readonly string[]): ChildProcess {
  const command = [
    resolve(CHECKOUT, "node_modules/tsx/dist/cli.mjs"),
    resolve(CHECKOUT, "ops/verify/main.ts"),
  ];
  return spawn(process.execPath, [...command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Everything of the cluster that a probe could leave behind. */
const CATALOG = `
  SELECT (SELECT json_agg(c ORDER BY c.oid) FROM (SELECT oid, relname, relnamespace, relowner, relacl::text FROM pg_class) c) AS relations,
    (SELECT json_agg(n ORDER BY n.oid) FROM (SELECT oid, nspname, nspowner, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_temp|^pg_toast_temp') n) AS schemas,
    (SELECT json_agg(r ORDER BY r.oid) FROM (SELECT * FROM pg_roles) r) AS roles,
    (SELECT json_agg(m ORDER BY m.oid) FROM pg_auth_members m) AS members,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_default_acl d) AS defaults,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_database d) AS databases,
    (SELECT json_agg(s::text ORDER BY s.setrole, s.setdatabase) FROM pg_db_role_setting s) AS settings`;

/** Rows of the table of cells that differ, their columns by one blank. */
function cellsOf(stdout: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line.startsWith("role "));
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 2, end).map((line) => line.replace(/ {2,}/g, " | "));
}

/** What is changed, what puts it back, and the cells that `verify dev` names then. */
const MISTAKES: readonly (readonly [what: string, change: string, back: string, cells: readonly string[]])[] =
  [
    [
      "USAGE on another app's schema",
      "GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev",
      "REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev",
      ["portal_wms_dev | auth_dev | use | no | yes"],
    ],
    [
      "USAGE on a prod schema, for the owner",
      "GRANT USAGE ON SCHEMA wms_prod TO wms_dev_owner",
      "REVOKE USAGE ON SCHEMA wms_prod FROM wms_dev_owner",
      ["wms_dev_owner | wms_prod | use | no | yes"],
    ],
    [
      "CREATE in public for everybody",
      "GRANT CREATE ON SCHEMA public TO PUBLIC",
      "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
      ["PUBLIC | public | create | no | yes"],
    ],
    [
      "CREATEROLE",
      "ALTER ROLE portal_wms_dev CREATEROLE",
      "ALTER ROLE portal_wms_dev NOCREATEROLE",
      ["portal_wms_dev | — | create roles | no | yes"],
    ],
    [
      "a revoked CREATE",
      "REVOKE CREATE ON SCHEMA wms_dev FROM wms_dev_owner",
      "GRANT CREATE ON SCHEMA wms_dev TO wms_dev_owner",
      ["wms_dev_owner | wms_dev | create | yes | no"],
    ],
    [
      "a revoked USAGE",
      "REVOKE USAGE ON SCHEMA wms_dev FROM wms_dev_owner",
      "GRANT USAGE ON SCHEMA wms_dev TO wms_dev_owner",
      [
        "portal_wms_dev | wms_dev | create | yes | no",
        "wms_dev_owner | wms_dev | read | yes | no",
        "wms_dev_owner | wms_dev | use | yes | no",
        "wms_dev_owner | wms_dev | write | yes | no",
      ],
    ],
    [
      "a login that does not act as its owner",
      "ALTER ROLE portal_wms_dev RESET role",
      "ALTER ROLE portal_wms_dev SET role TO wms_dev_owner",
      ["portal_wms_dev | wms_dev_owner | assume | yes | no"],
    ],
    [
      "CREATE on the database",
      "GRANT CREATE ON DATABASE portal_db TO portal_db_connect",
      "REVOKE CREATE ON DATABASE portal_db FROM portal_db_connect",
      ["portal_auth_dev | — | create schemas | no | yes", "portal_wms_dev | — | create schemas | no | yes"],
    ],
    [
      "temporary tables for everybody",
      "GRANT TEMPORARY ON DATABASE portal_db TO PUBLIC",
      "REVOKE TEMPORARY ON DATABASE portal_db FROM PUBLIC",
      ["PUBLIC | — | temporary tables | no | yes"],
    ],
    [
      "the app's own schema in its owner's hands",
      "ALTER SCHEMA wms_dev OWNER TO wms_dev_owner",
      "ALTER SCHEMA wms_dev OWNER TO ecomos_admin; GRANT USAGE, CREATE ON SCHEMA wms_dev TO wms_dev_owner; GRANT USAGE ON SCHEMA wms_dev TO wms_dev_reader",
      ["wms_dev_owner | wms_dev | drop | no | yes"],
    ],
    [
      "membership in another app's reader that can be acted as but is not inherited",
      "GRANT wms_dev_reader TO portal_auth_dev WITH INHERIT FALSE",
      "REVOKE wms_dev_reader FROM portal_auth_dev",
      ["portal_auth_dev | wms_dev_reader | act as | no | yes"],
    ],
    [
      "a superuser, which can do everything, in one line",
      "ALTER ROLE portal_wms_dev SUPERUSER",
      "ALTER ROLE portal_wms_dev NOSUPERUSER",
      ["portal_wms_dev | — | superuser | no | yes"],
    ],
    [
      "a reader that cannot read what the owner will make",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE SELECT ON TABLES FROM wms_dev_reader",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT SELECT ON TABLES TO wms_dev_reader",
      ["wms_dev_reader | wms_dev | read | yes | no"],
    ],
    [
      "a reader that will write",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT INSERT ON TABLES TO wms_dev_reader",
      "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE INSERT ON TABLES FROM wms_dev_reader",
      ["wms_dev_reader | wms_dev | write | no | yes"],
    ],
    [
      "tables of another app that will be readable",
      `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev GRANT SELECT ON TABLES TO portal_wms_dev;
       GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev REVOKE SELECT ON TABLES FROM portal_wms_dev;
       REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev`,
      ["portal_wms_dev | auth_dev | read | no | yes", "portal_wms_dev | auth_dev | use | no | yes"],
    ],
    [
      "a table in the app's schema that belongs to the admin, and one column of prod that the app reads",
      `CREATE TABLE wms_dev.restored (id int); ALTER TABLE wms_dev.restored OWNER TO ecomos_admin;
       CREATE TABLE wms_prod.orders (id int, price int); CREATE TABLE wms_prod.others (id int);
       GRANT USAGE ON SCHEMA wms_prod TO portal_wms_dev; GRANT SELECT (price) ON wms_prod.orders TO portal_wms_dev`,
      `DROP TABLE wms_dev.restored, wms_prod.orders, wms_prod.others; REVOKE USAGE ON SCHEMA wms_prod FROM portal_wms_dev`,
      [
        "portal_wms_dev | wms_prod | read | no | partly",
        "portal_wms_dev | wms_prod | use | no | yes",
        "wms_dev_owner | wms_dev | own | yes | partly",
        "wms_dev_owner | wms_dev | read | yes | partly",
        "wms_dev_owner | wms_dev | write | yes | partly",
        "wms_dev_reader | wms_dev | read | yes | partly",
      ],
    ],
    [
      "a reader that nobody declared, and one that is gone",
      "CREATE ROLE auth_dev_reader; GRANT USAGE ON SCHEMA auth_dev TO auth_dev_reader; ALTER ROLE wms_dev_reader RENAME TO gone",
      "REVOKE USAGE ON SCHEMA auth_dev FROM auth_dev_reader; DROP ROLE auth_dev_reader; ALTER ROLE gone RENAME TO wms_dev_reader",
      ["auth_dev_reader | auth_dev | use | no | yes", "wms_dev_reader | wms_dev | use | yes | no"],
    ],
  ];

/** `verify`: what is declared against what the server does. */
export function verifyCases(get: () => OpsPlatform): void {
  const run = (stack: string) => verify([stack, ...get().where]);
  const snapshot = () => get().platform.asSuperuser(CATALOG);

  test.each([
    ["prod", ["auth_prod | portal_auth | 2", "wms_prod | portal_wms | 2"]],
    ["dev", ["auth_dev | portal_auth_dev | 2", "wms_dev | portal_wms_dev | 3"]],
  ])("on a fresh platform %s is as declared, and nothing is left behind", async (stack, apps) => {
    const before = await snapshot();
    const { status, stdout, stderr } = await run(stack);
    const rows = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
    // Six schemas: of two apps in two environments, public, extensions.
    expect(rows.slice(2, 4)).toEqual(
      apps.map((app) =>
        expect.stringMatching(`^${app.replaceAll("|", "\\|")} \\| 6 \\| \\d+ \\| as declared$`),
      ),
    );
    expect(stdout).toMatch(
      new RegExp(`\\nstack ${stack} on the local platform: [1-9]\\d{2} cells tried, all as declared$`, "m"),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await snapshot()).toEqual(before);
  });

  test.each(MISTAKES)("names the cell: %s", async (_what, change, back, cells) => {
    await get().platform.asSuperuser(change);
    const before = await snapshot();
    const { status, stdout, stderr } = await run("dev");
    const after = await snapshot();
    await get().platform.asSuperuser(back);
    expect(cellsOf(stdout)).toEqual(cells);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toContain(`cells tried, ${cells.length} differ, 0 apps not tried`);
    expect(after).toEqual(before);
  });

  test("an app that cannot log in hides no other, and no password is printed", async () => {
    const url = await get().platform.url("wms", "dev");
    const password = new URL(url).password;
    await get().platform.asSuperuser(
      "ALTER ROLE portal_wms_dev PASSWORD 'another'; GRANT CREATE ON SCHEMA public TO portal_auth_dev",
    );
    const { status, stdout, stderr } = await run("dev");
    await get().platform.asSuperuser(
      `ALTER ROLE portal_wms_dev PASSWORD '${password}'; REVOKE CREATE ON SCHEMA public FROM portal_auth_dev`,
    );
    expect(status).toBe(1);
    expect(cellsOf(stdout)).toEqual(["portal_auth_dev | public | create | no | yes"]);
    expect(stdout).toMatch(
      /\nnot tried: wms_dev: localhost:\d+\/portal_db refuses portal_wms_dev: the password in the secret is not the server's; deploy stack dev again\n/,
    );
    expect(stdout + stderr).not.toContain(password);
    expect((await run("dev")).status).toBe(0);
  });

  test("the command itself ends with the status, and prints the table", async () => {
    const { status, stdout, stderr } = await endOf(startVerify(["dev", ...get().where]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("all as declared");
  });

  test.each([
    ["no stack", [], "error: usage: npm run verify -- <stack>, such as dev"],
    ["two stacks", ["dev", "prod"], "error: usage: npm run verify -- <stack>, such as dev"],
    [
      "a bad name",
      ["../dev"],
      "error: bad stack name: lower-case letters, digits, - and _, such as dev or pr-42",
    ],
    [
      "an unknown option",
      ["dev", "--fast"],
      "error: verify: Unknown option '--fast': see npm run verify -- --help",
    ],
  ])("%s is bad usage", async (_what, args, message) => {
    expect(await verify(args)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  test("a stack without a file is an error", async () => {
    const { status, stderr } = await run("pr-7");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*Pulumi\.pr-7\.yaml does not exist: write it/);
  });
}
