import { type OpsPlatform, startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { cellsOf, verify } from "./verify-command";
import { MISTAKES } from "./verify-mistakes";

/** Everything of the cluster that a probe could leave behind. */
const CATALOG = `
  SELECT (SELECT json_agg(c ORDER BY c.oid) FROM (SELECT oid, relname, relnamespace, relowner, relacl::text FROM pg_class) c) AS relations,
    (SELECT json_agg(n ORDER BY n.oid) FROM (SELECT oid, nspname, nspowner, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_temp|^pg_toast_temp') n) AS schemas,
    (SELECT json_agg(r ORDER BY r.oid) FROM (SELECT * FROM pg_roles) r) AS roles,
    (SELECT json_agg(m ORDER BY m.oid) FROM pg_auth_members m) AS members,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_default_acl d) AS defaults,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_database d) AS databases,
    (SELECT json_agg(s::text ORDER BY s.setrole, s.setdatabase) FROM pg_db_role_setting s) AS settings`;

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
    expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
    expect(stdout).toContain(`cells tried, ${cells.length} differ, 0 apps not tried`);
    expect(after).toEqual(before);
  });

  test("names a schema that is gone, also one that everybody may use", async () => {
    await get().platform.asSuperuser("ALTER SCHEMA extensions RENAME TO elsewhere");
    const { status, stdout } = await run("dev");
    await get().platform.asSuperuser("ALTER SCHEMA elsewhere RENAME TO extensions");
    expect(status).toBe(2);
    expect(cellsOf(stdout)).toEqual([
      "PUBLIC | elsewhere | use | no | yes",
      "auth_dev_owner | extensions | use | yes | no",
      "wms_dev_owner | extensions | use | yes | no",
      "wms_dev_reader | extensions | use | yes | no",
    ]);
  });

  test("an app that cannot log in hides no other, and no password is printed", async () => {
    const url = await get().platform.url("wms", "dev");
    const password = new URL(url).password;
    await get().platform.asSuperuser("ALTER ROLE portal_wms_dev PASSWORD 'another'");
    const untried = await run("dev");
    await get().platform.asSuperuser("GRANT CREATE ON SCHEMA public TO portal_auth_dev");
    const { status, stdout, stderr } = await run("dev");
    await get().platform.asSuperuser(
      `ALTER ROLE portal_wms_dev PASSWORD '${password}'; REVOKE CREATE ON SCHEMA public FROM portal_auth_dev`,
    );
    // What could not be tried is a failure; what was seen to differ is found, whatever else failed.
    expect([untried.status, status]).toEqual([1, 2]);
    expect(untried.stdout).toContain("0 differ, 1 apps not tried");
    expect(cellsOf(stdout)).toEqual(["portal_auth_dev | public | create | no | yes"]);
    expect(stdout).toMatch(
      /\nnot tried: wms_dev: localhost:\d+\/portal_db refuses portal_wms_dev: the password in the secret is not the server's; deploy stack dev again\n/,
    );
    expect(untried.stdout + untried.stderr + stdout + stderr).not.toContain(password);
    expect((await run("dev")).status).toBe(0);
  });

  test("the command itself ends with the status, and prints the table", async () => {
    const { status, stdout, stderr } = await endOf(startOps(["verify", "dev", ...get().where]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("all as declared");
  });

  test.each([
    ["no stack", [], "error: give one stack, such as dev"],
    ["two stacks", ["dev", "prod"], "error: give one stack, such as dev"],
    [
      "a bad name",
      ["../dev"],
      "error: bad stack name: lower-case letters, digits, - and _, such as dev or pr-42",
    ],
    ["an unknown option", ["dev", "--fast"], "error: Unknown option '--fast'"],
  ])("%s is bad usage", async (_what, args, message) => {
    const stderr = `${message}; see npm run ops -- verify --help`;
    expect(await verify(args)).toEqual({ status: 64, stdout: "", stderr });
  });

  test("a stack without a file is an error", async () => {
    const { status, stderr } = await run("pr-7");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: .*Pulumi\.pr-7\.yaml does not exist: write it/);
  });
}
