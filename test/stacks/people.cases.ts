import { brokenPairs } from "../helpers/dependencies";
import type { Overrides } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

const READ = { reader: true };
const APPS = { auth: READ, wms: READ };
const ANNA = { reads: ["wms", "auth"], until: "2099-01-31" };
const BI = { reads: ["auth"], connectionLimit: 1, statementTimeout: 0, idleInTransactionTimeout: 5 };
const PARTS = ["password", "login", "login-connect"];
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db";
const POLICY = "arn:aws:iam::123456789012:policy/portal-db";

const peopleOf = (stack: string, more: Overrides = {}) =>
  runStack(stack, { apps: APPS, people: { anna: ANNA }, tools: { bi: BI }, ...more });

describe.each([
  ["prod", "prod", ""],
  ["dev", "ci", "_ci"],
  ["pr-42", "pr_42", "_pr_42"],
])("in %s", (stack, environment, end) => {
  test("a person and a tool are members of readers alone, with an end and limits", async () => {
    const run = await peopleOf(stack);
    const component = environment.replace("_", "-");
    const { password: _, ...login } = run.the(`person-anna-${component}-login`).inputs;
    expect(login).toEqual({
      name: `person_anna${end}`,
      login: true,
      inherit: true,
      assumeRole: `person_anna${end}`,
      roles: [`wms_${environment}_reader`, `auth_${environment}_reader`],
      searchPaths: [`wms_${environment}`, `auth_${environment}`],
      connectionLimit: 2,
      statementTimeout: 300_000,
      idleInTransactionSessionTimeout: 60_000,
      validUntil: "2099-02-01 00:00:00+00",
    });
    const { password: __, ...tool } = run.the(`tool-bi-${component}-login`).inputs;
    expect(tool).toEqual({
      name: `tool_bi${end}`,
      login: true,
      inherit: true,
      assumeRole: `tool_bi${end}`,
      roles: [`auth_${environment}_reader`],
      searchPaths: [`auth_${environment}`],
      connectionLimit: 1,
      idleInTransactionSessionTimeout: 5000,
    });
  });

  test("they come after every app, one after the other, and nothing of them is protected", async () => {
    const run = await peopleOf(stack);
    const component = environment.replace("_", "-");
    const ofApps = ["auth", "wms"].map((app) => `${app}-${component}-login-connect`);
    const steps = [
      ofApps,
      ...PARTS.map((part) => [`person-anna-${component}-${part}`]),
      ...PARTS.map((part) => [`tool-bi-${component}-${part}`]),
      [`tool-bi-${component}-secret-value`],
    ];
    expect(brokenPairs(run, steps)).toEqual([]);
    // A secret or a policy that cannot be deleted keeps nobody in.
    for (const part of ["secret", "secret-read"])
      expect(
        run.the(`person-anna-${component}-${part}`).dependencies.filter((one) => /Role|Grant/.test(one)),
      ).toEqual([]);
    const own = run.resources.filter(({ name }) => /^(person|tool)-/.test(name));
    expect(own.filter(({ protect }) => protect)).toEqual([]);
    expect(run.the(`person-anna-${component}-secret`).inputs.recoveryWindowInDays).toBe(0);
  });
});

test("outputs say where the secrets are and who may read them, by role, and no secret; none where there is nobody", async () => {
  const { outputs } = await peopleOf("prod");
  expect({ secrets: outputs.peopleSecretArns, policies: outputs.peoplePolicyArns }).toEqual({
    secrets: { person_anna: `${SECRET}/prod/people/anna`, tool_bi: `${SECRET}/prod/tools/bi` },
    policies: {
      person_anna: `${POLICY}-prod-people-anna-read`,
      tool_bi: `${POLICY}-prod-tools-bi-read`,
    },
  });
  const nobody = await runStack("prod", { apps: APPS });
  expect(Object.keys(nobody.outputs).filter((name) => name.startsWith("people"))).toEqual([]);
});

test("by IAM: the master makes the role, without a password or a secret, and a policy logs in until its end", async () => {
  const run = await peopleOf("prod", {
    people: { anna: { ...ANNA, iam: true } },
    tools: {},
    iamDatabaseAuthentication: "true",
  });
  const own = run.resources.filter(({ name }) => name.startsWith("person-anna-prod"));
  expect(own.map(({ name }) => name)).toEqual([
    "person-anna-prod",
    "person-anna-prod-connect",
    "person-anna-prod-login",
    "person-anna-prod-login-connect",
    "person-anna-prod-login-reads-wms-prod",
    "person-anna-prod-login-reads-auth-prod",
    "person-anna-prod-login-iam",
  ]);
  const byMaster = own.filter(({ provider }) => provider.endsWith("::master")).map(({ name }) => name);
  expect(byMaster).toEqual(["person-anna-prod-login", "person-anna-prod-login-iam"]);
  expect("password" in run.the("person-anna-prod-login").inputs).toBe(false);
  expect(JSON.parse(String(run.the("person-anna-prod-connect").inputs.policy))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ConnectAsRole",
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/person_anna",
        Condition: { DateLessThan: { "aws:CurrentTime": "2099-02-01T00:00:00Z" } },
      },
    ],
  });
});
