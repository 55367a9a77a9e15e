import { lastServers } from "../../local/platform";
import { AwsClients } from "../../local/providers/aws/clients";
import { logGroupsIn } from "../../local/providers/aws/log-group";
import { startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { LoadClient } from "../local/load-client";
import { instanceOf, makeOldWorld, oldUrlOf } from "./old-world";
import { EngineProject } from "./project";

/** Logins of the client between one step and the next. */
const LOGINS_A_STEP = 10;

let project: EngineProject;
let app: LoadClient;

/** Runs the hand-over, before the first deploy as the master, whose password no secret holds yet. */
async function handOver(password?: string): Promise<void> {
  const { places, dir } = project.platform;
  const where = ["--platform", places.platformFile, "--config-dir", dir];
  const env = { PGPASSWORD: password };
  const { status, stderr } = await endOf(startOps(["adopt", "--apply", "--yes", ...where], env));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}

/** The app has gone on working, with the login that it had. */
async function appWorked(): Promise<void> {
  await app.another(LOGINS_A_STEP);
  expect(app.failures).toEqual([]);
}

/** A role's own limits of time. */
async function limitsOf(role: string): Promise<unknown[]> {
  const rows = await project.platform.asSuperuser(
    `SELECT line FROM pg_roles, unnest(rolconfig) line WHERE rolname = '${role}' AND line ~ '_timeout='`,
  );
  return rows.map(({ line }) => line);
}

beforeAll(async () => {
  project = await EngineProject.make();
  const { platform } = project;
  await makeOldWorld(project);
  platform.configure("prod", { apps: { wms: {} } });
  platform.configure("dev", { apps: { wms: {} }, environments: ["dev"] });
  app = new LoadClient("app", async () => oldUrlOf(project), 2);
});

afterAll(async () => {
  await app?.stop();
  await project?.remove();
});

// One story, told in order.
test("an instance and a login that exist are imported, and the app works on with its old login", async () => {
  const { DbiResourceId } = await instanceOf(project);
  // What RDS makes with the first line of a log that goes to CloudWatch.
  const logs = "/aws/rds/instance/ecomos-prod/postgresql";
  const { emulatorPort } = lastServers(project.platform.places);
  const aws = new AwsClients(emulatorPort);
  await aws.logs("CreateLogGroup", { logGroupName: logs, tags: { team: "ops" } });
  await appWorked();
  await handOver(project.masterPassword);
  await appWorked();
  const planned = await project.changes("prod");
  expect(planned.filter((change) => /^(import|update|replace|delete)/.test(change)).sort()).toEqual([
    "import deployers-database",
    "import instance",
    "import instance-logs-postgresql",
    "import wms-prod-login",
    "update deployers-database",
    "update instance",
    "update instance-logs-postgresql",
    "update wms-prod-login",
  ]);
  await project.up("prod");
  await appWorked();
  expect(await instanceOf(project)).toEqual({
    DbiResourceId,
    DBInstanceClass: "db.t4g.medium",
    StorageType: "gp3",
    MultiAZ: true,
    DeletionProtection: true,
    StorageEncrypted: false,
  });
  const groups = (await logGroupsIn(aws)).map(({ name, retentionInDays, tags }) => [
    name,
    retentionInDays,
    tags,
  ]);
  const tags = { project: "portal-db", stack: "prod", environment: "prod" };
  expect(groups).toEqual([
    [logs, 0, { team: "ops", ...tags }],
    ["/aws/rds/instance/ecomos-prod/upgrade", 90, tags],
  ]);
});

test("after the hand-over both stacks are as declared, and the app still works with its old login", async () => {
  await handOver();
  await appWorked();
  await project.up("dev");
  await handOver();
  await appWorked();
  for (const stack of ["prod", "dev"]) {
    expect(await project.changes(stack)).toEqual([]);
    await project.refreshUnchanged(stack);
  }
  expect(await project.changes("prod")).toEqual([]);
  // With a unit the provider could not have read it.
  expect(await limitsOf("portal_wms")).toEqual(["statement_timeout=30000"]);
});

test("a rotation ends the old login's time: its URL works until the one after it", async () => {
  for (const credential of [2, 3]) {
    await appWorked();
    project.platform.configure("prod", { apps: { wms: { credential } } });
    await project.up("prod");
    if (credential === 2) await appWorked();
  }
  await app.stop();
  expect(await project.changes("prod")).toEqual([]);
  expect(await limitsOf("portal_wms")).toEqual(["idle_in_transaction_session_timeout=60000"]);
});
