import type { Recorded } from "../helpers/recorded";
import { runStack, type StackRun } from "../helpers/stack-run";

let prod: StackRun;
let dev: StackRun;
let ephemeral: StackRun;
beforeAll(async () => {
  prod = await runStack("prod", {
    extensions: ["pgcrypto"],
    apps: { auth: {}, wms: { reader: true, credential: 2 } },
  });
  dev = await runStack("dev", { apps: { wms: { reader: true, credential: 2 } } });
  ephemeral = await runStack("pr-42");
});

const protectedNames = (run: StackRun) => Object.keys(run.byName((r) => r.protect || undefined)).sort();

test("prod protects the instance, its key and the secrets' key, schemas, roles, extensions and secrets, nothing else", () => {
  expect(protectedNames(prod)).toEqual([
    "admin-secret",
    "auth-prod-login",
    "auth-prod-owner",
    "auth-prod-schema",
    "auth-prod-secret",
    "database-extension-pgcrypto",
    "database-extensions",
    "deployers-admin",
    "deployers-database",
    "deployers-dev-admin",
    "deployers-owner",
    "dev-admin-secret",
    "instance",
    "instance-key",
    "master-secret",
    "secrets-key",
    "wms-prod-login",
    "wms-prod-login-2",
    "wms-prod-owner",
    "wms-prod-reader",
    "wms-prod-schema",
    "wms-prod-secret",
  ]);
});

test("dev and ephemeral stacks protect nothing", () => {
  expect([protectedNames(dev), protectedNames(ephemeral)]).toEqual([[], []]);
});

const schema = (dropCascade: boolean, name: string) => ({ database: "portal_db", dropCascade, name });
const schemas = (run: StackRun) => run.ofType("postgresql:index/schema:Schema").map((r) => r.inputs);

test("no schema of prod cascades, and all belong to the admin", () => {
  expect(schemas(prod)).toEqual(["auth_prod", "extensions", "wms_prod"].map((name) => schema(false, name)));
});

test("outside prod a schema goes with its tables, and belongs to the admin", () => {
  expect(schemas(dev)).toEqual(["wms_ci", "wms_dev"].map((name) => schema(true, name)));
  expect(schemas(ephemeral)).toEqual(
    ["auth", "website", "wms", "xplan"].map((app) => schema(true, `${app}_pr_42`)),
  );
});

const recoveryDays = (r: Recorded) => r.inputs.recoveryWindowInDays ?? r.inputs.deletionWindowInDays;

test("a deleted secret or key of prod can be had back for 30 days", () => {
  expect(prod.byName(recoveryDays)).toEqual({
    "admin-secret": 30,
    "auth-prod-secret": 30,
    "dev-admin-secret": 30,
    "instance-key": 30,
    "master-secret": 30,
    "secrets-key": 30,
    "wms-prod-secret": 30,
  });
});

test("outside prod a secret's name is free at once, and a key goes as soon as AWS lets it", () => {
  expect(dev.byName(recoveryDays)).toEqual({ "secrets-key": 7, "wms-ci-secret": 0, "wms-dev-secret": 0 });
});

const secretInputs = (r: Recorded) => (r.secretInputs.length > 0 ? r.secretInputs : undefined);

test("exactly the inputs that hold a password are secret", () => {
  expect(prod.byName(secretInputs)).toEqual({
    admin: ["password"],
    "admin-secret-value": ["secretString"],
    "auth-prod-login": ["password"],
    "auth-prod-secret-value": ["secretString"],
    "deployers-admin": ["password"],
    "deployers-dev-admin": ["password"],
    "dev-admin-secret-value": ["secretString"],
    instance: ["password"],
    master: ["password"],
    "master-secret-value": ["secretString"],
    "wms-prod-login": ["password"],
    "wms-prod-login-2": ["password"],
    "wms-prod-secret-value": ["secretString"],
  });
  expect(dev.byName(secretInputs)).toEqual({
    admin: ["password"],
    "wms-ci-login": ["password"],
    "wms-ci-login-2": ["password"],
    "wms-ci-secret-value": ["secretString"],
    "wms-dev-login": ["password"],
    "wms-dev-login-2": ["password"],
    "wms-dev-secret-value": ["secretString"],
  });
});

test("default privileges go before they are replaced, and what the instance uses goes after", () => {
  expect(prod.byName((r) => r.deleteBeforeReplace)).toEqual({
    "instance-network-subnets": false,
    "instance-network-security-group": false,
    "instance-parameters": false,
    "instance-monitoring": false,
    "wms-prod-reader-tables": true,
    "wms-prod-reader-sequences": true,
  });
});

test("every Postgres resource goes through the stack's admin, the deployers through the master, and nothing else", () => {
  for (const run of [prod, dev, ephemeral]) {
    for (const { identity, type, name, provider } of run.resources) {
      const deployer = name.startsWith("deployers-") ? "master" : "admin";
      const expected = type.startsWith("postgresql:") ? `pulumi:providers:postgresql::${deployer}` : "";
      expect([identity, provider]).toEqual([identity, expected]);
    }
  }
});
