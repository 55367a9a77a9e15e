import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RDS } from "@aws-sdk/client-rds";
import { Client } from "pg";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { awsOf } from "../helpers/aws";
import { query } from "../helpers/query";
import type { EngineProject } from "./project";

const IDENTIFIER = "ecomos-prod";
/** The password of the login that the app wms has in it. */
export const OLD_PASSWORD = "Old\\1";

/** A project's instance, as AWS has it. */
export async function instanceOf({ platform }: EngineProject) {
  const { DBInstances = [] } = await rdsOf(platform).describeDBInstances({
    DBInstanceIdentifier: IDENTIFIER,
  });
  const { DbiResourceId, DBInstanceClass, StorageType, MultiAZ, DeletionProtection, StorageEncrypted } =
    DBInstances[0] ?? {};
  return { DbiResourceId, DBInstanceClass, StorageType, MultiAZ, DeletionProtection, StorageEncrypted };
}

function rdsOf(platform: EngineProject["platform"]): RDS {
  return new RDS({ ...awsOf(platform), credentials: { accessKeyId: "test", secretAccessKey: "test" } });
}

function urlOf({ platform }: EngineProject, user: string, password: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@localhost:${platform.port}/${DATABASE}`;
}

/** The URL with which the app wms works on a database that no stack has made. */
export function oldUrlOf(project: EngineProject): string {
  return urlOf(project, "portal_wms", OLD_PASSWORD);
}

/**
 * Makes an instance and a database as people made them by hand, and has prod take over both, and the login of wms.
 */
export async function makeOldWorld(project: EngineProject): Promise<void> {
  const { platform, masterPassword } = project;
  await rdsOf(platform).createDBInstance({
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
  await query(new Client({ connectionString: urlOf(project, DEFAULT_MASTER, masterPassword) }), oldWorld);
  await query(
    new Client({ connectionString: oldUrlOf(project) }),
    `CREATE TABLE wms_prod.written (client text, number int); ALTER ROLE portal_wms SET search_path = wms_prod;
     ALTER ROLE portal_wms SET statement_timeout = '30s'`,
  );
  await project.setSecret("prod", "portal-db:adoptedLogins.wms_prod", OLD_PASSWORD);
  platform.configure("prod", { adoptInstance: IDENTIFIER });
}
