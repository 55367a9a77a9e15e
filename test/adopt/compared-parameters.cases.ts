import type { Client } from "pg";
import { compareParameters } from "../../access/undeclared/parameters";
import { parametersOf } from "../../infra/instance/parameters";
import { connectSuperuser } from "../../local/servers/postgres";
import { reportOf } from "../../ops/verify/report";
import type { TestPlatform } from "../helpers/platform";

/** What the server is told; RDS has its own in the same file. */
const SERVER = {
  datestyle: "ISO, DMY",
  log_destination: "stderr",
  log_min_duration_statement: "0",
  timezone: "Europe/Berlin",
  wal_compression: "pglz",
  "rds.log_retention_period": "4320",
  "rds.logical_replication": "off",
} as const;

const DECLARED = {
  application_name: "an-app",
  datestyle: "dmy",
  effective_cache_size: "{DBInstanceClassMemory/16384}",
  log_destination: "stderr,csvlog",
  log_filename: "postgresql.log.%Y-%m-%d",
  log_min_duration_statement: "1000",
  max_connections: "450",
  "rds.adaptive_autovacuum": "1",
  "rds.log_retention_period": "4320",
  "rds.logical_replication": "1",
  shared_buffers: "999",
  shared_preload_libraries: "pg_stat_statements",
  timezone: "UTC",
  krb_caseins_users: "off",
  wal_buffers: "-1",
  wal_compression: "on",
} as const;

/** What `verify prod` says of the server's parameters, by a server that runs otherwise than is declared. */
export function comparedParameterCases(get: () => TestPlatform): void {
  /** Does something in a session of a deployer's, which is no superuser, while the server runs by its own parameters. */
  async function asDeployer(work: (seen: Client) => Promise<void>): Promise<void> {
    const client = await connectSuperuser(get().places, get().port);
    for (const [name, value] of Object.entries(SERVER))
      await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await client.query("SELECT pg_reload_conf()");
    const reads = "SELECT current_setting('rds.logical_replication', true) AS found";
    while ((await get().asSuperuser(reads))[0]?.found !== "off");
    const seen = await connectSuperuser(get().places, get().port);
    try {
      await seen.query("CREATE ROLE deployer");
      await seen.query("SET application_name = 'portal-db verify'; SET ROLE deployer");
      await work(seen);
    } finally {
      await seen.query("RESET ROLE; DROP ROLE deployer");
      await seen.end();
      await client.query("ALTER SYSTEM RESET ALL");
      await client.query("SELECT pg_reload_conf()");
      await client.end();
    }
  }

  const compare = async (seen: Client, parameters: Readonly<Record<string, string>>, connections: number) => {
    const instance = { engineVersion: "17", instanceClass: "db.t4g.medium", allocatedStorageGib: 50 };
    const rows = parametersOf({ ...instance, parameters }).filter(({ name }) =>
      Object.hasOwn(parameters, name),
    );
    const found = await compareParameters(seen, {
      identifier: "ecomos-prod",
      engineVersion: "17",
      rows,
      connections,
    });
    const nothing = { apps: [], differences: [], failures: [], unknown: [], visitors: [] };
    return reportOf({ ...nothing, ...found }, "prod", "AWS");
  };

  test("what waits for a reboot, what runs otherwise and what cannot be compared are told apart", async () => {
    const typed =
      "    aws rds describe-db-instances --db-instance-identifier ecomos-prod --query 'DBInstances[0].DBParameterGroups'" +
      "   # where it says pending-reboot: aws rds reboot-db-instance --db-instance-identifier ecomos-prod";
    await asDeployer(async (seen) => {
      expect(await compare(seen, DECLARED, 320)).toBe(`waits for a reboot, which nobody does for you:
  max_connections: 300, and declared 450
  rds.logical_replication: off, and declared on
  shared_buffers: 128 MB, and declared 7992 kB
    aws rds reboot-db-instance --db-instance-identifier ecomos-prod

mended by hand, when it is clear where it comes from:
  log_destination: stderr, and declared stderr,csvlog
${typed}
  log_min_duration_statement: 0, and declared 1 s
${typed}
  timezone: Europe/Berlin, and declared UTC
${typed}

not compared:
  application_name: the deployer's sessions have their own
  effective_cache_size: a formula, which RDS reckons out
  log_filename: the server does not show it
  rds.adaptive_autovacuum: the server does not show it
  shared_preload_libraries: the server does not show it

stack prod on AWS: 0 cells tried, 0 differ, 0 not tried; 6 found in the catalogs`);
    });
  });

  test("a server that lets in fewer than the shares need is named, whatever the formula says", async () => {
    const seen = await connectSuperuser(get().places, get().port);
    const formula = { max_connections: "LEAST({DBInstanceClassMemory/9531392},5000)" };
    expect(await compare(seen, formula, 300)).toBe(
      "not compared:\n  max_connections: a formula, which RDS reckons out\n\nstack prod on AWS: 0 cells tried, all as declared",
    );
    expect(await compare(seen, {}, 301)).toBe(`mended by hand, when it is clear where it comes from:
  max_connections: 300, and the shares of the stacks need 301
    lower a connectionShare, or set maxConnections, deploy and reboot

stack prod on AWS: 0 cells tried, 0 differ, 0 not tried; 1 found in the catalogs`);
    await seen.end();
  });
}
