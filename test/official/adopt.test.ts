import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RDS } from "@aws-sdk/client-rds";
import { Client } from "pg";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { awsOf } from "../helpers/aws";
import { startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { query } from "../helpers/query";
import { LoadClient } from "../local/load-client";
import { EngineProject } from "./project";

const IDENTIFIER = "ecomos-prod";
const OLD_PASSWORD = "Old\\1";
/** Logins of the client between one step and the next. */
const LOGINS_A_STEP = 10;

let project: EngineProject;
let rds: RDS;
let app: LoadClient;

function urlOf(user: string, password: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@localhost:${project.platform.port}/${DATABASE}`;
}

/** Runs the hand-over, before the first deploy as the master, whose password no secret holds yet. */
async function handOver(password?: string): Promise<void> {
  const { places, dir } = project.platform;
  const where = ["--platform", places.platformFile, "--config-dir", dir];
  const env = { PGPASSWORD: password };
  const { status, stderr } = await endOf(startOps(["adopt", "--apply", "--yes", ...where], env));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}

async function instance() {
  const { DBInstances = [] } = await rds.describeDBInstances({ DBInstanceIdentifier: IDENTIFIER });
  const { DbiResourceId, DBInstanceClass, StorageType, MultiAZ, DeletionProtection, StorageEncrypted } =
    DBInstances[0] ?? {};
  return { DbiResourceId, DBInstanceClass, StorageType, MultiAZ, DeletionProtection, StorageEncrypted };
}

/** The app has gone on working, with the login that it had. */
async function appWorked(): Promise<void> {
  await app.another(LOGINS_A_STEP);
  expect(app.failures).toEqual([]);
}

beforeAll(async () => {
  project = await EngineProject.make();
  const { platform, masterPassword } = project;
  rds = new RDS({
    ...awsOf(platform),
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  // As somebody made it by hand.
  await rds.createDBInstance({
    DBInstanceIdentifier: IDENTIFIER,
    Engine: "postgres",
    EngineVersion: "17.5",
    DBInstanceClass: "db.t3.small",
    AllocatedStorage: 50,
    StorageType: "gp2",
    DBName: DATABASE,
    MasterUsername: DEFAULT_MASTER,
    MasterUserPassword: masterPassword,
  });
  const oldWorld = readFileSync(resolve(__dirname, "../adopt/old-world.sql"), "utf8");
  await query(new Client({ connectionString: urlOf(DEFAULT_MASTER, masterPassword) }), oldWorld);
  const url = urlOf("portal_wms", OLD_PASSWORD);
  await query(
    new Client({ connectionString: url }),
    "CREATE TABLE wms_prod.written (client text, number int); ALTER ROLE portal_wms SET search_path = wms_prod",
  );
  app = new LoadClient("app", async () => url, 2);
  platform.configure("prod", {
    apps: { wms: {} },
    adoptInstance: IDENTIFIER,
    adoptedLogins: { wms_prod: OLD_PASSWORD },
  });
  platform.configure("dev", { apps: { wms: {} }, environments: ["dev"] });
});

afterAll(async () => {
  await app?.stop();
  await project?.remove();
});

// One story, told in order.
test("an instance and a login that exist are imported, and the app works on with its old login", async () => {
  const { DbiResourceId } = await instance();
  await appWorked();
  await handOver(project.masterPassword);
  await appWorked();
  const planned = await project.changes("prod");
  expect(planned.filter((change) => /^(import|update|replace|delete)/.test(change)).sort()).toEqual([
    "import deployers-database",
    "import instance",
    "import wms-prod-login",
    "update deployers-database",
    "update instance",
    "update wms-prod-login",
  ]);
  await project.up("prod");
  await appWorked();
  expect(await instance()).toEqual({
    DbiResourceId,
    DBInstanceClass: "db.t4g.medium",
    StorageType: "gp3",
    MultiAZ: true,
    DeletionProtection: true,
    StorageEncrypted: false,
  });
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
});
