import { ADMIN_PASSWORD, ADMIN_SECRET_ARN, INSTANCE_ADDRESS } from "../helpers/answers";
import { runStack } from "../helpers/stack-run";

const PROD_STACK = "organization/portal-db/prod";
const GET_SECRET = "aws:secretsmanager/getSecretVersion:getSecretVersion";
const PROVIDER = {
  host: "localhost",
  port: "6543",
  username: "ecomos_admin",
  password: ADMIN_PASSWORD,
  database: "portal_db",
  superuser: "false",
  connectTimeout: "15",
  sslmode: "require",
};

test.each(["dev", "pr-42"])(
  "%s borrows the instance, and reads the admin's password as a secret",
  async (stack) => {
    const run = await runStack(stack);
    expect(run.stackReferences).toEqual([PROD_STACK]);
    expect(run.invokes).toEqual([[GET_SECRET, { secretId: ADMIN_SECRET_ARN }]]);
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

test("a configured admin's password is taken as a secret, and none is read", async () => {
  const run = await runStack("dev", { adminPassword: "Configured1" });
  expect(run.invokes).toEqual([]);
  expect(run.the("admin").inputs.password).toBe("Configured1");
  expect(run.the("admin").secretInputs).toEqual(["password"]);
});

test("prodStack names the stack that owns the instance", async () => {
  const run = await runStack("dev", { prodStack: "other/portal-db/prod" });
  expect(run.stackReferences).toEqual(["other/portal-db/prod"]);
  expect(run.outputs.instanceAddress).toBe("other.internal");
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
    // The connect role is the one name of prod's that every login refers to, as a member.
    const ofProd = prod.resources
      .filter((r) => /schema:Schema|role:Role|secret:Secret|policy:Policy/.test(r.type))
      .map((r) => String(r.inputs.name))
      .filter((name) => name !== "portal_db_connect");
    const used = run.resources.flatMap((r) => texts(r.inputs));
    expect(ofProd).toHaveLength(15);
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
