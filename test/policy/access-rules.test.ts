import { resource, UNKNOWN_LIST, UNKNOWN_SWITCH, UNKNOWN_TEXT, verdict } from "./verdict";

const grant = (inputs: object) =>
  verdict(resource("postgresql:index/grant:Grant", { inputs: { ...inputs } }));
const defaults = (inputs: object) =>
  verdict(resource("postgresql:index/defaultPrivileges:DefaultPrivileges", { inputs: { ...inputs } }));
const LOGIN = {
  ...{ name: "portal_wms", login: true, inherit: false },
  ...{ assumeRole: "wms_prod_owner", searchPaths: ["wms_prod"], idleInTransactionSessionTimeout: 60_000 },
};
const ADMIN = {
  name: "portal_db_admin",
  login: true,
  assumeRole: "portal_db_admin",
  searchPaths: ["pg_catalog"],
};
const roleAlone = (inputs: object) =>
  verdict(resource("postgresql:index/role:Role", { inputs: { ...inputs } }));
const role = (inputs: object) => roleAlone({ ...LOGIN, ...inputs });
const password = (inputs: object) =>
  verdict(resource("random:index/randomPassword:RandomPassword", { inputs: { ...inputs } }));

describe("PUBLIC", () => {
  const granted = (what: string) => ({
    "no-grant-to-public": `grants ${what} to PUBLIC, which is every role: grant to a role of the app`,
  });

  it("may be revoked everything, and hold USAGE on the schemas public and extensions", () => {
    expect([
      grant({ role: "public", objectType: "database", privileges: [] }),
      grant({ role: "public", objectType: "schema", schema: "public", privileges: ["USAGE"] }),
      grant({ role: "public", objectType: "schema", schema: "extensions", privileges: ["USAGE"] }),
      defaults({ role: "public", owner: "wms_prod_owner", objectType: "table", privileges: [] }),
      grant({
        role: "wms_prod_owner",
        objectType: "schema",
        schema: "wms_prod",
        privileges: ["USAGE", "CREATE"],
      }),
    ]).toEqual([{}, {}, {}, {}, {}]);
  });

  it("may hold nothing else, however it is written", () => {
    expect([
      grant({ role: "public", objectType: "database", privileges: ["CONNECT"] }),
      grant({ role: "PUBLIC", objectType: "schema", schema: "wms_prod", privileges: ["usage"] }),
      grant({ role: "public", objectType: "schema", schema: "public", privileges: ["USAGE", "CREATE"] }),
      grant({ role: "public", objectType: "schema", schema: "extensions", privileges: ["CREATE"] }),
      grant({ role: "public", objectType: "table", schema: "extensions", privileges: ["SELECT"] }),
      defaults({ role: "Public", owner: "wms_prod_owner", objectType: "table", privileges: ["SELECT"] }),
      defaults({ role: "public", schema: "public", objectType: "schema", privileges: ["USAGE"] }),
    ]).toEqual([
      granted("CONNECT"),
      granted("USAGE"),
      granted("CREATE"),
      granted("CREATE"),
      granted("SELECT"),
      granted("SELECT"),
      granted("USAGE"),
    ]);
  });

  it("may hold nothing by a schema's own policies", () => {
    const schema = (policies: unknown) =>
      verdict(resource("postgresql:index/schema:Schema", { inputs: { name: "wms_prod", policies } }));
    expect([
      schema([{ role: "wms_prod_owner", usage: true }]),
      schema([{ usage: true, create: true }]),
    ]).toEqual([{}, granted("USAGE, CREATE")]);
  });

  it("is a problem while it is not known who or what", () => {
    expect([
      grant({ role: UNKNOWN_TEXT, objectType: "database", privileges: ["CONNECT"] }),
      grant({ role: "public", objectType: "database", privileges: UNKNOWN_LIST }),
    ]).toEqual([
      {
        "own-schemas-alone":
          "gives a role that is known at deploy alone CONNECT on the database portal_db, which is no app's own: give a role what is its own app's, or declare it in access.ts",
      },
      granted("what is known at deploy alone"),
    ]);
  });
});

describe("roles", () => {
  const has = (what: string) => ({
    "no-powerful-role": `has ${what}, which reaches past its schema: take it away`,
  });

  it("may be members of their own roles, and none of them logs in with IAM", () => {
    expect([
      role({ roles: ["wms_prod_owner"], superuser: false }),
      role({ roles: ["wms_prod_owner", "rds_iam"] }),
      role({ createRole: UNKNOWN_SWITCH }),
    ]).toEqual([
      {},
      {
        "no-powerful-role":
          "is a member of rds_iam, by which RDS refuses the password of whoever deploys: set iam to true of a person or a tool of prod",
      },
      {},
    ]);
  });

  it.each(["superuser", "createRole", "createDatabase", "bypassRowLevelSecurity", "replication"])(
    "may not have %s",
    (power) => {
      expect(role({ [power]: true })).toEqual(has(power));
    },
  );

  it("may not become a role that Postgres or RDS defines", () => {
    const member = { role: "portal_wms", grantRole: "pg_read_all_data" };
    expect([
      role({ roles: ["rds_superuser", "wms_prod_owner"] }),
      role({ assumeRole: "pg_write_all_data" }),
      verdict(resource("postgresql:index/grantRole:GrantRole", { inputs: member })),
    ]).toEqual([
      has("membership in rds_superuser"),
      {
        ...has("the role pg_write_all_data"),
        "role-as-declared":
          "has assumeRole pg_write_all_data instead of wms_prod_owner: declare it as access.ts does",
      },
      has("membership in pg_read_all_data"),
    ]);
  });

  it("are made by a provider that knows it is no superuser", () => {
    const provider = (inputs: object) =>
      verdict(resource("pulumi:providers:postgresql", { inputs: { ...inputs } }));
    const problem = {
      "admin-not-superuser": "takes the admin for a superuser, which RDS has none of: set superuser to false",
    };
    expect([
      provider({ superuser: "false" }),
      provider({ superuser: false }),
      provider({ superuser: "true" }),
      provider({}),
    ]).toEqual([{}, {}, problem, problem]);
  });
});

describe("passwords", () => {
  it("are generated from 32 letters and digits or more", () => {
    expect([
      password({ length: 32, special: false }),
      password({ length: 20, special: false }),
      password({ length: 32 }),
    ]).toEqual([
      {},
      { "long-password": "makes passwords of 20 signs: set length to 32 or more" },
      {
        "long-password":
          "makes passwords with special signs, and a backslash breaks the login: set special to false",
      },
    ]);
  });

  it("reach the server as verifiers, and are never quoted", () => {
    const problem = {
      "long-password": "hands the server a password in clear, which its log may show: use verifierOf",
    };
    const secret = (value: string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value,
    });
    expect([
      role({ password: "SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5" }),
      role({ password: "a1".repeat(16) }),
      role({ passwordWo: "hunter2" }),
      role({ password: secret("hunter2") }),
      role({ password: "[secret]" }),
      role({ password: UNKNOWN_TEXT }),
      role({}),
    ]).toEqual([{}, problem, problem, problem, {}, {}, {}]);
  });
});

describe("a login", () => {
  const cannot = (what: string) => ({ "login-can-connect": what });

  it("can log in, with a connection and without an end", () => {
    const future = new Date(Date.now() + 86_400_000).toISOString();
    expect([
      role({ connectionLimit: 1, validUntil: "infinity" }),
      role({ connectionLimit: -1, validUntil: future }),
      role({ login: UNKNOWN_SWITCH, connectionLimit: UNKNOWN_TEXT, validUntil: UNKNOWN_TEXT }),
      roleAlone({ name: "wms_prod_owner", login: false, connectionLimit: 0 }),
    ]).toEqual([{}, {}, {}, {}]);
  });

  it("ends a transaction that was forgotten, in prod; the deployers' and one taken over keep what they have", () => {
    const forgets = {
      "transactions-end":
        "may leave a transaction open for ever, which keeps every app's dead rows: set idleInTransactionTimeout",
    };
    const key = "idleInTransactionSessionTimeout";
    const takenOver = { inherit: true, assumeRole: null, roles: ["wms_prod_owner"] };
    const reads = { ...{ name: "person_anna", login: true, roles: ["wms_prod_reader"] } };
    expect([
      role({ [key]: null }),
      role({ [key]: 0 }),
      role({ [key]: "0" }),
      role({ [key]: UNKNOWN_TEXT }),
      role({ [key]: 1 }),
      role({ [key]: 0, ...takenOver }),
      roleAlone(ADMIN),
      roleAlone({ name: "wms_prod_owner" }),
      verdict(
        resource("postgresql:index/role:Role", {
          inputs: {
            ...LOGIN,
            name: "portal_wms_dev",
            assumeRole: "wms_dev_owner",
            searchPaths: ["wms_dev"],
            [key]: 0,
          },
          stack: "dev",
        }),
      ),
    ]).toEqual([forgets, forgets, forgets, {}, {}, {}, {}, {}, {}]);
    expect(roleAlone(reads)).toMatchObject(forgets);
    expect(roleAlone({ ...reads, [key]: 60_000 })).not.toHaveProperty("transactions-end");
  });

  it("is down without LOGIN, without a connection, and after its end", () => {
    expect([
      role({ login: false }),
      role({ login: null }),
      role({ connectionLimit: 0 }),
      role({ validUntil: "2020-01-01" }),
      role({ validUntil: "soon" }),
      roleAlone({ ...ADMIN, connectionLimit: 0 }),
    ]).toEqual([
      cannot("cannot log in: set login to true"),
      cannot("cannot log in: set login to true"),
      cannot("may hold no connection: set connectionLimit to 1 or more"),
      cannot("is over, by its end '2020-01-01': leave validUntil out"),
      cannot("is over, by its end 'soon': leave validUntil out"),
      cannot("may hold no connection: set connectionLimit to 1 or more"),
    ]);
  });
});
