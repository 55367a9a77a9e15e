import { messageOf, problemsOf } from "../helpers/config-problems";

const COMMON =
  "apps, environments, adminEndpoint, appEndpoint, sslmode, adminCaBundle, adoptedLogins, connectionShare, people, tools";

test.each([
  ["dev", "aps", COMMON],
  // Of the other kind of stack.
  ["dev", "vpcId", COMMON],
  [
    "prod",
    "subnets",
    `${COMMON}, masterUsername, masterPassword, adoptInstance, instanceOnly, engineVersion, allowMajorVersionUpgrade, instanceClass, maxConnections, ` +
      "allocatedStorageGib, maxAllocatedStorageGib, multiAz, backupRetentionDays, vpcId, subnetIds, allowedSources, " +
      "alarmEmails, bastion, extensions, iamDatabaseAuthentication, logRetentionDays, parameters, instanceTags",
  ],
])("in %s the setting %s is unknown, and the known ones are named", (stack, key, known) => {
  expect(problemsOf(stack, { [key]: "x" })).toEqual([`${key}: unknown setting; known are ${known}`]);
});

test.each([
  ["adminUsername", "is masterUsername now, in prod's file alone"],
  ["adminPassword", "is masterPassword now, in prod's file alone"],
  [
    "prodStack",
    "is not needed any more, take it out: the secret portal-db/dev-admin says where the instance is",
  ],
])("a setting that went, %s, is refused with what stands in its place", (key, instead) => {
  expect(problemsOf("dev", { [key]: "x" })).toEqual([`${key}: ${instead}`]);
});

test("an app's setting that is unknown is named with its place", () => {
  expect(problemsOf("dev", { apps: { wms: { conectionLimit: 5, schema: "x" } } })).toEqual([
    "apps.wms.conectionLimit: unknown setting; see the README for an app's settings",
    "apps.wms.schema: unknown setting; see the README for an app's settings",
  ]);
});

test.each([
  ["wms", ["apps: must be a map of apps"]],
  [["wms"], ["apps: must be a map of apps"]],
  [{ wms: 5 }, ["apps.wms: must be a map of the app's settings, or {}"]],
  [
    { wms: { connectionLimit: "5", reader: "yes", credential: 1.5, tags: { team: 5 } } },
    [
      "apps.wms.connectionLimit: must be a whole number",
      "apps.wms.reader: must be true or false",
      "apps.wms.credential: must be a whole number",
      "apps.wms.tags.team: must be text",
    ],
  ],
  [
    {
      wms: { statementTimeout: "5min", idleInTransactionTimeout: 0.5 },
      auth: { statementTimeout: -1, idleInTransactionTimeout: 2_147_484 },
      xplan: { statementTimeout: 0, idleInTransactionTimeout: 2_147_483 },
    },
    [
      "apps.wms.statementTimeout: must be a whole number",
      "apps.wms.idleInTransactionTimeout: must be a whole number",
      "apps.auth.statementTimeout: must be from 0 to 2147483",
      "apps.auth.idleInTransactionTimeout: must be from 0 to 2147483",
    ],
  ],
  [
    { wms: { tags: { "AWS:team": "x" } } },
    ["apps.wms.tags: AWS keeps keys that start with aws: for itself; choose others"],
  ],
  [
    { wms: { connectionLimit: 0, credential: 0, tags: { stack: "x" } }, auth: { connectionLimit: 5001 } },
    [
      "apps.wms.connectionLimit: must be from 1 to 5000",
      "apps.wms.credential: must be from 1 to 1000000",
      "apps.wms.tags: project, stack, app, environment are set by the stack; choose other keys",
      "apps.auth.connectionLimit: must be from 1 to 5000",
    ],
  ],
  [
    { wms: { tags: { [`k${"e".repeat(128)}`]: "x", team: "y".repeat(257) } } },
    [
      `apps.wms.tags.k${"e".repeat(128)}: a tag's key has at most 128 characters`,
      "apps.wms.tags.team: has over 256 characters",
    ],
  ],
])("apps of wrong types or values are refused (case %#)", (apps, problems) => {
  expect(problemsOf("dev", { apps })).toEqual(problems);
});

test("every bad name of an app is reported, each with its reason", () => {
  const long = "a".repeat(70);
  const apps = { Wms: {}, "wms-x": {}, pg_x: {}, public: {}, wms_dev: {}, [long]: {}, auth: {} };
  const letters = "use lower-case letters, digits and '_', starting with a letter, such as 'wms'";
  expect(problemsOf("dev", { apps })).toEqual([
    `apps.Wms: bad app name: ${letters}`,
    `apps.wms-x: bad app name: ${letters}`,
    "apps.pg_x: bad app name: 'pg_' is reserved by Postgres; choose another name",
    "apps.public: bad app name: this name means a schema that Postgres or the database itself uses; choose another",
    "apps.wms_dev: bad app name: its end reads as an environment or a role of another app; choose another name",
    `apps.${long}: bad app name: its role would be over Postgres's 63 bytes; choose a shorter name`,
  ]);
});

test("an app's name that only the environment makes too long is refused with the role that it would cut", () => {
  const app = "a".repeat(51);
  expect(problemsOf("dev", { apps: { [app]: {} }, environments: ["dev"] })).toEqual([
    `apps.${app}: 'portal_${app}_dev_2' is over Postgres's 63 bytes; choose a shorter name`,
  ]);
  expect(problemsOf("dev", { apps: { [app]: {} }, environments: ["ci"] })).toEqual([]);
});

test("two apps that would share a schema or a role are refused, name by name", () => {
  expect(problemsOf("dev", { apps: { a: {}, a_b: {} }, environments: ["b_c", "c"] })).toEqual([
    "environments: 'b_c': its end reads as the environment c; choose another name",
    ...["a_b_c", "a_b_c_owner", "a_b_c_reader", "portal_a_b_c", "portal_a_b_c_2"].map(
      (name) => `apps.a_b: '${name}' is already the name of app a in b_c; rename the app`,
    ),
  ]);
});

test.each([
  [{ apps: { wms: {}, wms_2: {} } }, "apps.wms_2: 'portal_wms_2' is already the name of app wms in prod"],
  [{ apps: { db_admin: {} } }, "apps.db_admin: 'portal_db_admin' is already the name of the admin"],
  [
    { apps: { db_dev_admin: {} } },
    "apps.db_dev_admin: 'portal_db_dev_admin' is already the name of the dev admin",
  ],
  [
    { apps: { wms: {} }, masterUsername: "portal_wms" },
    "apps.wms: 'portal_wms' is already the name of the master user",
  ],
])("a role's name that is taken is refused (case %#)", (overrides, problem) => {
  expect(problemsOf("prod", overrides)).toEqual([`${problem}; rename the app`]);
});

test("login limits may reach the stack's share and not pass it; a rotated app has two logins", () => {
  const over = (sum: number) =>
    `apps: the login limits add up to ${sum} connections over dev, ci, the stack's share (connectionShare) is 140; ` +
    "lower limits or raise the share";
  const limits = (wms: object) => problemsOf("dev", { apps: { wms }, connectionShare: "140" });
  expect(limits({ connectionLimit: 70 })).toEqual([]);
  expect(limits({ connectionLimit: 71 })).toEqual([over(142)]);
  expect(limits({ connectionLimit: 35, credential: 2 })).toEqual([]);
  expect(limits({ connectionLimit: 36, credential: 2 })).toEqual([over(144)]);
});

test.each(["short12", "with a space", "with/slash", 'with"quote', "with@sign", "ümläute1", "a".repeat(129)])(
  "a master password that RDS would refuse in the deploy is refused before (case %#)",
  (masterPassword) => {
    expect(problemsOf("prod", { masterPassword })).toEqual([
      'masterPassword: must be a password as RDS takes it: 8 to 128 printable ASCII characters without a space, /, " and @',
    ]);
  },
);

test("any other master password is taken, and an adopted login needs one that is not empty", () => {
  for (const masterPassword of ["!#$%&'()*+,-.0189:;<=>?AZ[\\]^_`az{|}~", "a".repeat(8), "a".repeat(128)])
    expect(problemsOf("prod", { masterPassword })).toEqual([]);
  expect(problemsOf("prod", { apps: { wms: {} }, adoptedLogins: { wms_prod: "" } })).toEqual([
    "adoptedLogins.wms_prod: must be a password",
  ]);
});

test("a login that existed before has to be rotated out before migrations get one of their own", () => {
  const of = (wms: object) => problemsOf("prod", { apps: { wms }, adoptedLogins: { wms_prod: "Present1" } });
  const problem =
    "apps.wms.migrator: must be left out while the login of wms_prod is the one that existed before (adoptedLogins.wms_prod): " +
    "hand the tables over (npm run ops -- adopt), rotate to credential 3, then set it";
  for (const migrator of [true, false])
    for (const credential of [1, 2]) expect(of({ migrator, credential })).toEqual([problem]);
  expect([of({ migrator: true, credential: 3 }), of({ credential: 1 })]).toEqual([[], []]);
  expect(problemsOf("prod", { apps: { wms: { migrator: "yes" } } })).toEqual([
    "apps.wms.migrator: must be true or false",
  ]);
});

test("a secret's value is in no message, whatever is wrong with it", () => {
  const message = messageOf("dev", {
    hunter2x: null,
    adminPasword: "hunter2",
    adminPassword: "hunter2",
    adminEndpoint: "ecomos_admin:hunter2@localhost",
    appEndpoint: "hunter2",
    sslmode: "hunter2",
    masterPassword: "hunter2",
    connectionShare: "hunter2",
    adoptedLogins: { wms_dev: { password: "hunter2" }, auth_dev: ["hunter2"], xplan_dev: "" },
  });
  expect(message).toMatch(/has 10 problems/);
  expect(message).not.toMatch(/hunter2/);
  for (const adoptedLogins of ["hunter2", ["hunter2"], '{"wms_dev":"hunter2"', { wms_prod: "hunter2" }]) {
    const alone = messageOf("dev", { adoptedLogins });
    expect(alone).toMatch(/adoptedLogins/);
    expect(alone).not.toMatch(/hunter2/);
  }
});

const HYPHENS = "adoptInstance: has a hyphen at its end, or two in a row, which RDS refuses";
const IDENTIFIER = "adoptInstance: must be an instance's identifier";
test.each([
  ["ecomos--prod", [HYPHENS]],
  ["ecomos-prod-", [HYPHENS]],
  ["1ecomos", [IDENTIFIER]],
  ["Ecomos", [IDENTIFIER]],
  ["e".repeat(64), [IDENTIFIER]],
  ["e".repeat(63), []],
  ["e", []],
])("RDS's own rules for an identifier hold for adoptInstance: %s", (adoptInstance, problems) => {
  expect(problemsOf("prod", { adoptInstance })).toEqual(problems);
});

test.each([
  [
    { "rds.force_ssl": "0", work_mem: "64mb" },
    [
      "parameters.rds.force_ssl: is the project's own; leave it out",
      "parameters.work_mem: must be a number of kB, or one with its unit, such as 64MB: 64MB is what is meant",
    ],
  ],
  [{ "Work Mem": "1" }, ["parameters.Work Mem: is no name of a parameter"]],
  [{ work_mem: { mb: 1 } }, ["parameters.work_mem: must be one value"]],
  [{ jit: "" }, ["parameters.jit: must not be empty; leave it out"]],
  [{ datestyle: ["a"] }, ["parameters.datestyle: must be one text: a list is written with commas, a,b"]],
  [["work_mem"], ["parameters: must be a map of the server's parameters to values"]],
  [
    { max_connections: 219 },
    [
      "connectionShare: 200 and the admin's reserve of 20 are above max_connections of db.t4g.medium, 219; " +
        "lower a share or take a larger class",
    ],
  ],
  [{ max_connections: "300MB" }, ["parameters.max_connections: must be a whole number"]],
  [
    { max_connections: "{DBInstanceVCPU*100}" },
    [
      "maxConnections: must be set: what parameters.max_connections comes to is not known here, and budget and alarms go by it",
    ],
  ],
  [
    { work_men: "64MB" },
    ["parameters.work_men: Postgres 17 on RDS has no such parameter; did you mean work_mem?"],
  ],
  [{ "RDS.force_ssl": "0" }, ["parameters.rds.force_ssl: is the project's own; leave it out"]],
  [{ work_mem: 1, Work_Mem: 2 }, ["parameters: has a parameter twice: capitals make no difference"]],
])("parameters %j are refused", (parameters, problems) => {
  expect(problemsOf("prod", { parameters })).toEqual(problems);
});

test("a formula for the connections is taken where it is said what it comes to, and a number once", () => {
  const parameters = { max_connections: "LEAST({DBInstanceClassMemory/5000000},5000)" };
  expect(problemsOf("prod", { parameters, maxConnections: 700 })).toEqual([]);
  expect(problemsOf("prod", { parameters: { max_connections: 500 }, maxConnections: 400 })).toEqual([
    "maxConnections: is 400, and parameters.max_connections 500; leave one of them out",
  ]);
});
