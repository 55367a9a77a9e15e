import { changeCases, declared, type HandlerStand } from "./handler-stand";

const LOGIN = "postgresql:index/role:Role";
const SCHEMA = "postgresql:index/schema:Schema";
const CONNECT = { database: "portal_db", objectType: "database" };
const OWNER = { schema: "one", owner: "ecomos_admin" };

/** What the official Postgres provider does: asked of version 3.18.1, by its Diff. */
export function postgresCases(get: () => HandlerStand): void {
  changeCases(get, {
    type: LOGIN,
    inputs: {
      name: "login",
      login: true,
      roles: ["one", "other"],
      searchPaths: ["one", "other"],
      connectionLimit: 5,
    },
    rows: [
      [{ roles: ["other", "one"], inherit: true, validUntil: "infinity", superuser: false }, "no change"],
      [{ name: "login2" }, "in place"],
      [{ login: false, inherit: false }, "in place"],
      [{ createRole: true }, "in place"],
      [{ connectionLimit: -1 }, "in place"],
      [{ roles: ["one"] }, "in place"],
      [{ searchPaths: ["other", "one"] }, "in place"],
      [{ searchPaths: ["pg_catalog"] }, "in place"],
      [{ assumeRole: "one" }, "in place"],
      [{ statementTimeout: 1000, idleInTransactionSessionTimeout: 2000 }, "in place"],
      [{ password: "APasswordOfThirtyTwoLettersXXXXX" }, "in place"],
    ],
  });
  changeCases(get, {
    type: "postgresql:index/grantRole:GrantRole",
    inputs: { role: "one", grantRole: "other" },
    rows: [[{ withAdminOption: false }, "no change"]],
  });
  changeCases(get, {
    type: SCHEMA,
    inputs: { name: "wms_dev", database: "portal_db", dropCascade: true },
    rows: [
      [{ ifNotExists: true }, "no change"],
      [{ name: "fcc_dev" }, "in place"],
      [{ dropCascade: false }, "in place"],
      [{ owner: "one" }, "in place"],
    ],
  });
  changeCases(get, {
    type: "postgresql:index/extension:Extension",
    inputs: { name: "citext", database: "portal_db", schema: "one" },
    rows: [
      [{ createCascade: false, dropCascade: false }, "no change"],
      [{ name: "hstore" }, "replaced"],
    ],
  });
  for (const [objectType, where, privilege, another, left = { privileges: [] }] of [
    ["database", {}, "CONNECT", "TEMPORARY"],
    ["schema", { schema: "one" }, "USAGE", "CREATE"],
    // Each table has its own list, of which nothing is told.
    ["table", { schema: "one" }, "SELECT", "INSERT", {}],
  ] as const) {
    changeCases(get, {
      type: "postgresql:index/grant:Grant",
      inputs: { role: "one", database: "portal_db", ...where, objectType, privileges: [privilege, another] },
      rows: [
        [{ privileges: [another, privilege], withGrantOption: false }, "no change"],
        [{ privileges: [privilege] }, "in place"],
        [{ role: "other" }, "replaced"],
        [{ withGrantOption: true }, "replaced"],
      ],
      left,
    });
  }
  changeCases(get, {
    type: "postgresql:index/defaultPrivileges:DefaultPrivileges",
    inputs: {
      role: "one",
      database: "portal_db",
      ...OWNER,
      objectType: "table",
      privileges: ["SELECT", "INSERT"],
    },
    rows: [
      [{ privileges: ["INSERT", "SELECT"], withGrantOption: false }, "no change"],
      [{ privileges: ["SELECT"] }, "in place"],
      [{ role: "other" }, "replaced"],
      [{ objectType: "sequence", privileges: ["USAGE"] }, "replaced"],
      [{ schema: "other" }, "replaced"],
      [{ owner: "other" }, "replaced"],
    ],
    left: { privileges: [] },
  });

  test("no privileges at all are revoked", async () => {
    const stand = get();
    const grant = (privileges: string[]) =>
      declared("postgresql:index/grant:Grant", { ...CONNECT, role: "public", privileges });
    await stand.deploy(grant(["CONNECT"]));
    expect(await stand.deploy(grant([]))).toEqual({ it: "in place" });
    expect(stand.known().outputs.privileges).toEqual([]);
    expect(await stand.read(stand.known())).toEqual({});
    await stand.deploy();
  });

  test("a grant that is replaced is revoked before the new one is made, and default privileges after it", async () => {
    const stand = get();
    const grant = (withGrantOption: boolean) =>
      declared("postgresql:index/grant:Grant", {
        ...{ role: "one", database: "portal_db", schema: "one", objectType: "schema" },
        privileges: ["USAGE"],
        withGrantOption,
      });
    await stand.deploy(grant(false));
    await stand.deploy(grant(true));
    expect(await stand.read(stand.known())).toEqual({});
    const defaults = (withGrantOption: boolean) =>
      declared("postgresql:index/defaultPrivileges:DefaultPrivileges", {
        ...{ role: "one", database: "portal_db", objectType: "table", ...OWNER },
        privileges: ["SELECT"],
        withGrantOption,
      });
    await stand.deploy(defaults(false));
    await stand.deploy(defaults(true));
    expect(await stand.read(stand.known())).toEqual({ privileges: [] });
    await stand.deploy();
  });

  test.each([
    [
      LOGIN,
      { name: "login", connectionLimit: 5 },
      "ALTER ROLE login CONNECTION LIMIT 9",
      { connectionLimit: 9 },
    ],
    [LOGIN, { name: "login" }, "ALTER ROLE login CREATEDB", { createDatabase: true }],
    [
      LOGIN,
      { name: "login", statementTimeout: 7000 },
      "ALTER ROLE login SET statement_timeout = 8000; ALTER ROLE login SET idle_in_transaction_session_timeout = 9000",
      { statementTimeout: 8000, idleInTransactionSessionTimeout: 9000 },
    ],
    [LOGIN, { name: "login", roles: ["one"] }, "SET ROLE ecomos_admin; REVOKE one FROM login", { roles: [] }],
    [LOGIN, { name: "login", assumeRole: "one" }, "ALTER ROLE login RESET role", { assumeRole: "" }],
    [SCHEMA, { name: "wms_dev" }, "ALTER SCHEMA wms_dev OWNER TO one", { owner: "one" }],
    [
      "postgresql:index/database:Database",
      { name: "portal_db", owner: "ecomos_admin" },
      "ALTER DATABASE portal_db OWNER TO one",
      { owner: "one" },
    ],
    [
      "postgresql:index/grantRole:GrantRole",
      { role: "one", grantRole: "other", withAdminOption: true },
      "REVOKE ADMIN OPTION FOR other FROM one GRANTED BY ecomos_admin",
      { withAdminOption: false },
    ],
    [
      "postgresql:index/grant:Grant",
      { role: "one", database: "portal_db", objectType: "database", privileges: ["CONNECT", "TEMPORARY"] },
      "SET ROLE ecomos_admin; REVOKE TEMPORARY ON DATABASE portal_db FROM one",
      { privileges: ["CONNECT"] },
    ],
  ])("what somebody changed of a %s %j by %s is told", async (type, inputs, sql, found) => {
    const stand = get();
    await stand.deploy(declared(type, inputs));
    await stand.platform.asSuperuser(sql);
    expect(await stand.read(stand.known())).toEqual(found);
    await stand.platform.asSuperuser("ALTER DATABASE portal_db OWNER TO ecomos_admin");
    await stand.deploy();
  });

  test("rights in a schema that has a view and no table are given once the deployer is lent its owner", async () => {
    const stand = get();
    const { platform } = stand;
    await platform.asSuperuser(
      "CREATE ROLE viewer; CREATE VIEW other.seen AS SELECT 1; ALTER VIEW other.seen OWNER TO viewer",
    );
    const where = { database: "portal_db", schema: "other", objectType: "table" };
    const grant = declared("postgresql:index/grant:Grant", { role: "one", ...where, privileges: ["SELECT"] });
    await expect(stand.deploy(grant)).rejects.toThrow(
      "permission denied for table seen: the schema other has no table, as whose owner rights on the rest are given " +
        'and taken; docs/runbook.md, "A failed deploy", has what lets it through',
    );
    await platform.asSuperuser("GRANT viewer TO ecomos_admin");
    expect(await stand.deploy(grant)).toEqual({ it: "create" });
    await stand.deploy();
    await platform.asSuperuser("DROP VIEW other.seen; DROP ROLE viewer");
  });

  test("a grant on tables is gone with its schema", async () => {
    const stand = get();
    const schema = declared(SCHEMA, { name: "wms_dev" }, { name: "schema" });
    const where = { database: "portal_db", schema: "wms_dev", objectType: "table" };
    const inputs = { role: "one", ...where, privileges: ["SELECT"] };
    await stand.deploy(schema, declared("postgresql:index/grant:Grant", inputs));
    expect(await stand.read(stand.known())).toEqual({});
    await stand.platform.asSuperuser("DROP SCHEMA wms_dev");
    expect(await stand.read(stand.known())).toBeUndefined();
    await stand.deploy();
  });

  test("what does not exist cannot be imported, and nothing is made; what does is taken over", async () => {
    const stand = get();
    const login = declared(LOGIN, { name: "theirs", login: true }, { importId: "theirs" });
    await expect(stand.deploy(login)).rejects.toThrow(
      "postgresql:index/role:Role it cannot be imported: theirs does not exist",
    );
    const theirs = "SELECT rolcanlogin AS login FROM pg_roles WHERE rolname = 'theirs'";
    expect(await stand.platform.asSuperuser(theirs)).toEqual([]);
    await stand.platform.asSuperuser("SET ROLE ecomos_admin; CREATE ROLE theirs");
    await stand.deploy(login);
    expect(await stand.platform.asSuperuser(theirs)).toEqual([{ login: true }]);
    const imported = { ...stand.known(), inputs: {}, outputs: {} };
    expect(await stand.read(imported)).toEqual({ name: "theirs", login: true });
    await stand.deploy();
    expect(await stand.platform.asSuperuser(theirs)).toEqual([]);
  });
}
