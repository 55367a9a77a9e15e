import { scramVerifier } from "../../infra/scram-verifier";
import { runStack, type StackRun } from "../helpers/stack-run";

/** Of one app: its passwords' keepers, its logins with what the server stores, and import, and who the secret is for. */
async function credentialsOf(run: StackRun, component: string) {
  const named = <T>(entries: Record<string, T>) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => name.startsWith(`${component}-`)));
  const { username, password, DATABASE_URL } = JSON.parse(
    String(run.the(`${component}-secret-value`).inputs.secretString),
  );
  expect(DATABASE_URL).toContain(`://${username}:${password}@`);
  return {
    keepers: named(run.byName((r) => (r.type.startsWith("random:") ? r.inputs.keepers : undefined))),
    logins: named(
      run.byName((r) =>
        r.inputs.login === true ? [r.inputs.name, r.inputs.password, r.importId] : undefined,
      ),
    ),
    secret: [username, password],
  };
}

/** A login as it is declared: its name, what the server is given of its password, what is imported. */
const login = async (name: string, password: string, importId = "") => [
  name,
  await scramVerifier(name, password),
  importId,
];

const generated = (rest: string) => `Generated${rest}`.padEnd(32, "0");
const FIRST = generated("wmsprodpassword");
const SECOND = generated("wmsprodpassword2");

test("the first credential is one login with one password", async () => {
  const run = await runStack("prod", { apps: { wms: {} } });
  expect(run.the("wms-prod-password").inputs).toEqual({
    length: 32,
    special: false,
    keepers: { credential: "1" },
  });
  expect(await credentialsOf(run, "wms-prod")).toEqual({
    keepers: { "wms-prod-password": { credential: "1" } },
    logins: { "wms-prod-login": await login("portal_wms", FIRST) },
    secret: ["portal_wms", FIRST],
  });
});

test.each([
  [2, "1", "2", ["portal_wms_2", SECOND]],
  [3, "3", "2", ["portal_wms", FIRST]],
  [4, "3", "4", ["portal_wms_2", SECOND]],
])("credential %d: the login before stays, with its password", async (credential, first, second, secret) => {
  const run = await runStack("prod", { apps: { wms: { credential } } });
  expect(await credentialsOf(run, "wms-prod")).toEqual({
    keepers: {
      "wms-prod-password": { credential: first },
      "wms-prod-password-2": { credential: second },
    },
    logins: {
      "wms-prod-login": await login("portal_wms", FIRST),
      "wms-prod-login-2": await login("portal_wms_2", SECOND),
    },
    secret,
  });
});

test("both logins are alike but for name and password, so that tables do not change hands", async () => {
  const run = await runStack("dev", {
    apps: { wms: { credential: 2, connectionLimit: 7 } },
    environments: ["dev"],
  });
  const { name, password, ...first } = run.the("wms-dev-login").inputs;
  const { name: secondName, password: secondPassword, ...second } = run.the("wms-dev-login-2").inputs;
  expect([name, secondName]).toEqual(["portal_wms_dev", "portal_wms_dev_2"]);
  expect(password).not.toBe(secondPassword);
  expect(second).toEqual(first);
  expect(first).toEqual({
    login: true,
    inherit: false,
    roles: ["wms_dev_owner"],
    assumeRole: "wms_dev_owner",
    searchPaths: ["wms_dev"],
    connectionLimit: 7,
    idleInTransactionSessionTimeout: 60_000,
  });
});

test("a rotated app is three resources more, two of them in Postgres", async () => {
  const one = await runStack("prod", { apps: { wms: {} } });
  const two = await runStack("prod", { apps: { wms: { credential: 2 } } });
  expect(two.identities.filter((identity) => !one.identities.includes(identity))).toEqual([
    "postgresql:index/grant:Grant::wms-prod-login-2-connect",
    "postgresql:index/role:Role::wms-prod-login-2",
    "random:index/randomPassword:RandomPassword::wms-prod-password-2",
  ]);
  expect(one.identities.filter((identity) => !two.identities.includes(identity))).toEqual([]);
});

test("an adopted login is imported and keeps its password and its limits of time; none is generated for it", async () => {
  const run = await runStack("prod", { apps: { wms: {} }, adoptedLogins: { wms_prod: "Present1" } });
  expect(await credentialsOf(run, "wms-prod")).toEqual({
    keepers: {},
    logins: { "wms-prod-login": await login("portal_wms", "Present1", "portal_wms") },
    secret: ["portal_wms", "Present1"],
  });
  expect(run.the("wms-prod-login").secretInputs).toEqual(["password"]);
  expect(run.the("wms-prod-login").ignoreChanges).toEqual([
    "password",
    "statementTimeout",
    "idleInTransactionSessionTimeout",
  ]);
  expect(run.the("wms-prod-secret-value").secretInputs).toEqual(["secretString"]);
});

test("at the second credential an adopted login keeps its password, and the second one gets a generated one", async () => {
  const apps = { wms: { credential: 2 } };
  const run = await runStack("prod", { apps, adoptedLogins: { wms_prod: "Present1" } });
  expect(await credentialsOf(run, "wms-prod")).toEqual({
    keepers: { "wms-prod-password-2": { credential: "2" } },
    logins: {
      "wms-prod-login": await login("portal_wms", "Present1", "portal_wms"),
      "wms-prod-login-2": await login("portal_wms_2", SECOND),
    },
    secret: ["portal_wms_2", SECOND],
  });
});

test("from the third credential on an adopted login has a generated password, too", async () => {
  const apps = { wms: { credential: 3 } };
  const run = await runStack("prod", { apps, adoptedLogins: { wms_prod: "Present1" } });
  expect((await credentialsOf(run, "wms-prod")).logins).toEqual({
    "wms-prod-login": await login("portal_wms", FIRST),
    "wms-prod-login-2": await login("portal_wms_2", SECOND),
  });
  expect(JSON.stringify(run.resources)).not.toContain("Present1");
});

test("an adopted login works with its own rights and its owner's until it is rotated out, and is like any other then", async () => {
  const wms = async (credential: number) => {
    const run = await runStack("prod", { apps: { wms: { credential } }, adoptedLogins: { wms_prod: "P" } });
    const { password, ...inputs } = run.the("wms-prod-login").inputs;
    return inputs;
  };
  const adopted = {
    name: "portal_wms",
    login: true,
    inherit: true,
    roles: ["wms_prod_owner"],
    searchPaths: ["wms_prod"],
    connectionLimit: 10,
  };
  expect([await wms(1), await wms(2)]).toEqual([adopted, adopted]);
  expect(await wms(3)).toEqual({
    ...adopted,
    inherit: false,
    assumeRole: "wms_prod_owner",
    idleInTransactionSessionTimeout: 60_000,
  });
});

test("the admin may administer an adopted login, also when it is no longer declared as adopted", async () => {
  const run = await runStack("prod", { apps: { wms: {} }, adoptedLogins: { wms_prod: "Present1" } });
  const administrator = run.the("deployers-wms-prod-login");
  expect(administrator.inputs).toEqual({
    role: "portal_db_admin",
    grantRole: "portal_wms",
    withAdminOption: true,
  });
  expect(administrator.retainOnDelete).toBe(true);
});
