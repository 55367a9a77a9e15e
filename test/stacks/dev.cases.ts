import { DEV_ADMIN_LOGIN, INSTANCE_ADDRESS } from "../helpers/answers";
import { runStack } from "../helpers/stack-run";

const GET_SECRET = "aws:secretsmanager/getSecretVersion:getSecretVersion";
const PROVIDER = {
  host: "localhost",
  port: "6543",
  username: "portal_db_dev_admin",
  password: DEV_ADMIN_LOGIN.password,
  database: "portal_db",
  superuser: "false",
  connectTimeout: "15",
  sslmode: "require",
};

test.each(["dev", "pr-42"])(
  "%s takes the dev admin's secret from prod and nothing else, and keeps the password a secret",
  async (stack) => {
    const run = await runStack(stack);
    expect(run.invokes).toEqual([[GET_SECRET, { secretId: "portal-db/dev-admin" }]]);
    const { inputs, secretInputs } = run.the("admin");
    expect({ inputs, secretInputs }).toEqual({ inputs: PROVIDER, secretInputs: ["password"] });
  },
);

test("without endpoints of its own, dev goes to the instance itself", async () => {
  const run = await runStack("dev", { adminEndpoint: null, appEndpoint: null });
  expect(run.the("admin").inputs).toEqual({ ...PROVIDER, host: INSTANCE_ADDRESS, port: "5432" });
  expect(JSON.parse(String(run.the("wms-dev-secret-value").inputs.secretString))).toMatchObject({
    host: INSTANCE_ADDRESS,
    port: 5432,
  });
});

test("the admin's and the apps' endpoint are separate settings", async () => {
  const run = await runStack("dev", { adminEndpoint: "localhost:7000", appEndpoint: "db.internal:7001" });
  expect(run.the("admin").inputs).toEqual({ ...PROVIDER, port: "7000" });
  const { DATABASE_URL, host, port } = JSON.parse(
    String(run.the("wms-dev-secret-value").inputs.secretString),
  );
  expect({ DATABASE_URL, host, port }).toEqual({
    DATABASE_URL:
      "postgresql://portal_wms_dev:Generatedwmsdevpassword000000000@db.internal:7001/portal_db" +
      "?schema=wms_dev&sslmode=require&uselibpqcompat=true",
    host: "db.internal",
    port: 7001,
  });
});

test.each(["dev", "pr-42"])(
  "%s names no schema, role, secret or policy of prod in any input",
  async (stack) => {
    const run = await runStack(stack, { apps: { wms: { reader: true, credential: 2 }, auth: {} } });
    const prod = await runStack("prod", { apps: { wms: { reader: true, credential: 2 }, auth: {} } });
    const texts = (value: unknown): string[] => {
      if (typeof value === "string") return [value];
      return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
    };
    // The dev admin is the one name of prod's that dev knows: it deploys as that.
    const ofProd = prod.resources
      .filter((r) => /schema:Schema|role:Role|secret:Secret|policy:Policy/.test(r.type))
      .map((r) => String(r.inputs.name))
      .filter((name) => name !== "portal_db_dev_admin");
    const used = run.resources.flatMap((r) => texts(r.inputs));
    expect(ofProd).toHaveLength(19);
    expect(used.filter((text) => ofProd.includes(text) || /_prod\b|\/prod\/|-prod-/.test(text))).toEqual([]);
  },
);

test.each(["dev", "pr-42"])("%s declares neither an instance nor anything database-wide", async (stack) => {
  const run = await runStack(stack);
  expect([...new Set(run.resources.map((r) => r.type))].sort()).toEqual([
    "aws:iam/policy:Policy",
    "aws:kms/alias:Alias",
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "portal-db:index:AppSchema",
    "postgresql:index/grant:Grant",
    "postgresql:index/role:Role",
    "postgresql:index/schema:Schema",
    "pulumi:providers:postgresql",
    "random:index/randomPassword:RandomPassword",
  ]);
});

test("a stack with a bad setting declares nothing", async () => {
  await expect(runStack("dev", { sslmode: "on" })).rejects.toThrow(
    new Error(
      "the config of stack dev has a problem; nothing was declared:\n" +
        "  - portal-db:sslmode: must be one of disable, require, verify-full",
    ),
  );
});
