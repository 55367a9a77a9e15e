import { scramVerifier } from "../../infra/scram-verifier";
import { generatedPassword } from "../helpers/answers";
import { secretPaths } from "../helpers/recorded";
import { runStack } from "../helpers/stack-run";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db";

/** What of a role decides whom it acts as. */
const formOf = (inputs: Record<string, unknown>) => {
  const { name, login, inherit, roles, assumeRole, connectionLimit } = inputs;
  return { name, login, inherit, roles, assumeRole, connectionLimit };
};

const app = { name: "portal_wms", login: true, connectionLimit: 10 };
const AS_OWNER = { ...app, inherit: false, roles: ["wms_prod_owner"], assumeRole: "wms_prod_owner" };

test.each([
  [undefined, AS_OWNER],
  [false, { ...AS_OWNER, roles: ["wms_prod_owner", "wms_prod_runtime"] }],
  [true, { ...app, inherit: true, roles: ["wms_prod_runtime"], assumeRole: "wms_prod_runtime" }],
])("with migrator %p the app's login acts as what it says", async (migrator, form) => {
  const run = await runStack("prod", { apps: { wms: migrator === undefined ? {} : { migrator } } });
  expect(formOf(run.the("wms-prod-login").inputs)).toEqual(form);
  const names = run.resources.map(({ name }) => name);
  const has = (part: string) => names.some((name) => name.startsWith(`wms-prod-${part}`));
  expect([has("runtime"), has("migrator")]).toEqual([migrator !== undefined, migrator === true]);
});

test("its migrations act as the owner, by a password of their own in a secret of their own", async () => {
  const run = await runStack("prod", { apps: { wms: { migrator: true, credential: 2 } } });
  const password = generatedPassword("wms-prod-migrator-password-2");
  const login = run.the("wms-prod-migrator-2");
  expect(formOf(login.inputs)).toEqual({
    name: "portal_wms_migrator_2",
    login: true,
    inherit: false,
    roles: ["wms_prod_owner"],
    assumeRole: "wms_prod_owner",
    connectionLimit: 3,
  });
  expect(login.inputs.password).toBe(await scramVerifier("portal_wms_migrator_2", password));
  expect(run.the("wms-prod-migrator-secret").inputs).toMatchObject({
    name: "portal-db/prod/wms/migrator",
    description: "DIRECT_URL of wms_prod",
    recoveryWindowInDays: 30,
  });
  const value = (name: string) => JSON.parse(String(run.the(name).inputs.secretString));
  const { DIRECT_URL, ...keys } = value("wms-prod-migrator-secret-value");
  expect(keys).toEqual({
    ...value("wms-prod-secret-value"),
    DATABASE_URL: undefined,
    username: "portal_wms_migrator_2",
    password,
  });
  expect(DIRECT_URL).toMatch(
    new RegExp(`^postgresql://portal_wms_migrator_2:${password}@.*[?]schema=wms_prod&`),
  );
  expect(value("wms-prod-secret-value").username).toBe("portal_wms_2");
  for (const name of ["runtime", "migrator", "migrator-2", "migrator-secret"])
    expect([name, run.the(`wms-prod-${name}`).protect]).toEqual([name, true]);
});

test("the app's policy reads its own secret, and that of its migrations the other one", async () => {
  const run = await runStack("prod", { apps: { wms: { migrator: true } } });
  const read = (name: string) => {
    const { name: policy, policy: text } = run.the(name).inputs;
    const { Statement } = JSON.parse(String(text)) as { Statement: { Resource: string }[] };
    return [policy, Statement[0]?.Resource];
  };
  expect(read("wms-prod-secret-read")).toEqual(["portal-db-prod-wms-read", `${SECRET}/prod/wms`]);
  expect(read("wms-prod-migrator-secret-read")).toEqual([
    "portal-db-prod-wms-migrator-read",
    `${SECRET}/prod/wms/migrator`,
  ]);
});

test("the outputs name it, without a secret, and are what they were for a stack without one", async () => {
  const run = await runStack("dev", { environments: ["dev"], apps: { auth: {}, wms: { migrator: true } } });
  expect(run.outputs.migrators).toEqual({
    wms_dev: {
      login: "portal_wms_dev_migrator",
      secretName: "portal-db/dev/wms/migrator",
      secretArn: `${SECRET}/dev/wms/migrator`,
      readPolicyArn: "arn:aws:iam::123456789012:policy/portal-db-dev-wms-migrator-read",
    },
  });
  expect(secretPaths(run.outputs)).toEqual([]);
  expect((await runStack("dev", { apps: { wms: { migrator: false } } })).outputs).not.toHaveProperty(
    "migrators",
  );
});

test("what the runtime may do is rows of its own, which a deploy does not give back once a migration has taken it", async () => {
  const run = await runStack("prod", { apps: { wms: { migrator: true } } });
  const rows = run.resources.filter(({ name }) => name.startsWith("wms-prod-runtime-"));
  expect(
    rows.map(({ name, inputs, ignoreChanges }) => [
      name.slice("wms-prod-runtime-".length),
      inputs.objectType,
      inputs.owner,
      inputs.privileges,
      ignoreChanges,
    ]),
  ).toEqual([
    ["schema", "schema", undefined, ["USAGE"], []],
    ["tables", "table", "wms_prod_owner", ["SELECT", "INSERT", "UPDATE", "DELETE"], []],
    ["sequences", "sequence", "wms_prod_owner", ["USAGE", "SELECT"], []],
    ["functions", "function", "wms_prod_owner", ["EXECUTE"], []],
    ["existing", "table", undefined, ["SELECT", "INSERT", "UPDATE", "DELETE"], ["privileges"]],
    ["existing-sequences", "sequence", undefined, ["USAGE", "SELECT"], ["privileges"]],
    ["existing-routines", "routine", undefined, ["EXECUTE"], ["privileges"]],
  ]);
});
