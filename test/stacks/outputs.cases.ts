import { DEV_ADMIN_LOGIN, generatedPassword, INSTANCE_ADDRESS } from "../helpers/answers";
import { secretPaths } from "../helpers/recorded";
import { runStack, type StackRun } from "../helpers/stack-run";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db";
const POLICY = "arn:aws:iam::123456789012:policy/portal-db";
const INSTANCE = { instanceAddress: INSTANCE_ADDRESS, instancePort: 5432 };
const DASHBOARD =
  "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/portal-db-instance";
const OWNED = {
  ...INSTANCE,
  instanceIdentifier: "ecomos-prod",
  masterSecretArn: `${SECRET}/master`,
  dashboardUrl: DASHBOARD,
};
const DEPLOYERS = { adminSecretArn: `${SECRET}/admin`, devAdminSecretArn: `${SECRET}/dev-admin` };

const appsOutputs = (rows: readonly (readonly [app: string, environment: string, login: string])[]) => ({
  schemas: rows.map(([app, environment]) => `${app}_${environment}`),
  logins: Object.fromEntries(rows.map(([app, environment, login]) => [`${app}_${environment}`, login])),
  secretNames: Object.fromEntries(rows.map(([app, e]) => [`${app}_${e}`, `portal-db/${e}/${app}`])),
  secretArns: Object.fromEntries(rows.map(([app, e]) => [`${app}_${e}`, `${SECRET}/${e}/${app}`])),
  readPolicyArns: Object.fromEntries(rows.map(([app, e]) => [`${app}_${e}`, `${POLICY}-${e}-${app}-read`])),
});

/** Every password that the run made or was given. */
function passwordsOf(run: StackRun): string[] {
  const generated = run
    .ofType("random:index/randomPassword:RandomPassword")
    .map((r) => generatedPassword(r.name));
  return [...generated, DEV_ADMIN_LOGIN.password, "Configured1", "Present1"];
}

function expectNoSecret(run: StackRun): void {
  const text = JSON.stringify(run.outputs);
  expect(secretPaths(run.outputs)).toEqual([]);
  expect(passwordsOf(run).filter((password) => text.includes(password))).toEqual([]);
  expect(text).not.toMatch(/postgresql:\/\//);
}

test("prod tells where the instance is, and of each schema its login, secret and policy", async () => {
  const run = await runStack("prod");
  expect(run.outputs).toEqual({
    ...OWNED,
    ...DEPLOYERS,
    ...appsOutputs([
      ["auth", "prod", "portal_auth"],
      ["website", "prod", "portal_website"],
      ["wms", "prod", "portal_wms"],
      ["xplan", "prod", "portal_xplan"],
    ]),
  });
  expectNoSecret(run);
});

test("dev tells the same of its schemas, and no secret of prod's", async () => {
  const run = await runStack("dev", { apps: { wms: {}, auth: { credential: 2 } } });
  expect(run.outputs).toEqual({
    ...INSTANCE,
    ...appsOutputs([
      ["auth", "dev", "portal_auth_dev_2"],
      ["wms", "dev", "portal_wms_dev"],
      ["auth", "ci", "portal_auth_ci_2"],
      ["wms", "ci", "portal_wms_ci"],
    ]),
  });
  expectNoSecret(run);
});

test("an ephemeral stack tells of its own environment alone", async () => {
  const run = await runStack("pr-42", { apps: { wms: {} } });
  expect(run.outputs).toEqual({ ...INSTANCE, ...appsOutputs([["wms", "pr_42", "portal_wms_pr_42"]]) });
  expectNoSecret(run);
});

test("configured passwords are in no output either", async () => {
  expectNoSecret(
    await runStack("prod", { masterPassword: "Configured1", adoptedLogins: { wms_prod: "Present1" } }),
  );
});

test("a new instance is declared alone, without the provider, and the outputs say so", async () => {
  const run = await runStack("prod", { instanceOnly: true, adoptInstance: null });
  expect(run.outputs).toEqual({
    ...OWNED,
    declared: "the instance alone; set instanceOnly to false once it can be reached",
  });
  expectNoSecret(run);
  expect(
    run.identities.filter((identity) =>
      /^(pulumi:providers:)?postgresql|AppSchema|DatabaseAccess|Deployers|admin-secret/.test(identity),
    ),
  ).toEqual([]);
  const later = await runStack("prod", { adoptInstance: null });
  expect(later.identities).toEqual(expect.arrayContaining(run.identities));
});

test("an app's secret is what it connects with, and is secret as a whole", async () => {
  const run = await runStack("prod", { apps: { wms: {} } });
  const { inputs, secretInputs } = run.the("wms-prod-secret-value");
  const password = "Generatedwmsprodpassword00000000";
  expect(secretInputs).toEqual(["secretString"]);
  expect(inputs.secretId).toBe("arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db/prod/wms");
  expect(JSON.parse(String(inputs.secretString))).toEqual({
    DATABASE_URL: `postgresql://portal_wms:${password}@${INSTANCE_ADDRESS}:5432/portal_db?schema=wms_prod&sslmode=verify-full`,
    engine: "postgres",
    host: INSTANCE_ADDRESS,
    port: 5432,
    dbname: "portal_db",
    username: "portal_wms",
    password,
    schema: "wms_prod",
  });
  expect(run.the("wms-prod-secret").inputs).toEqual({
    name: "portal-db/prod/wms",
    description: "DATABASE_URL of wms_prod",
    kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/secrets-key",
    recoveryWindowInDays: 30,
    tags: { project: "portal-db", stack: "prod", app: "wms", environment: "prod" },
  });
});
