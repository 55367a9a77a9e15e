import { spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Client } from "pg";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { sharedToolsDir } from "../../local/places";
import { dataDirOf } from "../../local/servers/postgres-cluster";
import { pythonWithEmulator } from "../../local/servers/python-tools";
import { serverUser } from "../../local/servers/server-user";
import { endOf } from "../helpers/process";
import { refusalOf } from "../helpers/query";
import { catalogOf, secretTextsOf, secretUrlOf } from "./left";
import { EngineProject } from "./project";

const READ = { reader: true };
const APPS = { auth: READ, wms: READ };
const END = "2099-01-31";
const ANNA = { reads: ["wms"], until: END, iam: true };

let project: EngineProject;

/** Gives the server a certificate, which it needs to take a provider that wants TLS. */
async function switchTlsOn(): Promise<void> {
  const { platform } = project;
  const folder = join(platform.dir, "ca");
  mkdirSync(folder);
  const python = await pythonWithEmulator(sharedToolsDir(), () => {});
  const made = await endOf(spawn(python, [resolve(__dirname, "../tls/make-certificates.py"), folder]));
  if (made.status !== 0) throw new Error(made.stderr);
  const user = serverUser();
  for (const ending of ["crt", "key"]) {
    const file = join(dataDirOf(platform.places), `server.${ending}`);
    cpSync(join(folder, `localhost.${ending}`), file);
    chmodSync(file, 0o600);
    if (user !== undefined) chownSync(file, user.uid, user.gid);
  }
  await platform.asSuperuser("ALTER SYSTEM SET ssl = on");
}

/** As on RDS: whoever is a member of rds_iam, directly or not, is asked for a token, which nobody has here. */
async function askMembersForTokens(): Promise<void> {
  const { platform } = project;
  const rules = [
    "host all rdsadmin all scram-sha-256",
    // On RDS the master gives rds_iam without being a member of it; here it has to be one.
    `host all ${DEFAULT_MASTER} all scram-sha-256`,
    "host all +rds_iam all reject",
    "host all all all scram-sha-256",
  ];
  writeFileSync(join(dataDirOf(platform.places), "pg_hba.conf"), `${rules.join("\n")}\n`);
  await platform.asSuperuser("SELECT pg_reload_conf()");
}

/** Deploys prod with these people. */
async function deploy(people: object, apps: object = APPS) {
  project.platform.configure("prod", { apps, people });
  const counts = await project.up("prod");
  expect(await project.changes("prod", "--refresh")).toEqual([]);
  return counts;
}

/** What the role is a member of, and which of the deployers are members of rds_iam by it. */
async function membershipsOf(role: string) {
  const [found] = await project.platform.asSuperuser(
    `SELECT ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = to_regrole('${role}') ORDER BY 1) AS "of",
       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname ~ '^portal_db' AND pg_has_role(oid, 'rds_iam', 'MEMBER')) AS deployers,
       has_database_privilege('${role}', 'portal_db', 'CONNECT') AS connect`,
  );
  return found;
}

/** Logs in as the admin with its secret. */
async function logInAsAdmin(): Promise<string> {
  const { username, password } = JSON.parse(
    (await secretTextsOf(project.platform)).get("portal-db/admin") ?? "{}",
  );
  const { port } = project.platform;
  const client = new Client({ host: "localhost", port, user: username, password, database: DATABASE });
  await client.connect();
  await client.end();
  return username;
}

beforeAll(async () => {
  project = await EngineProject.make();
  await switchTlsOn();
  const { platform } = project;
  platform.configure("prod", { apps: APPS, iamDatabaseAuthentication: true, sslmode: "require" });
  await platform.asSuperuser(
    `CREATE ROLE rds_iam; GRANT rds_iam TO ${DEFAULT_MASTER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE; SELECT pg_reload_conf()`,
    "postgres",
  );
  await project.up("prod");
});

afterAll(() => project?.remove());

// One story, told in order.
test("whoever logs in by IAM is the master's, has no password and no secret, and the admin still gets in", async () => {
  await askMembersForTokens();
  expect(await deploy({ anna: ANNA })).toMatchObject({ created: 6 });
  expect(await membershipsOf("person_anna")).toEqual({
    of: ["rds_iam", "wms_prod_reader"],
    deployers: [],
    connect: true,
  });
  expect(await logInAsAdmin()).toBe("portal_db_admin");
  expect([...(await secretTextsOf(project.platform)).keys()].filter((name) => /people/.test(name))).toEqual(
    [],
  );
  expect(
    await project.platform.asSuperuser("SELECT rolpassword FROM pg_authid WHERE rolname = 'person_anna'"),
  ).toEqual([{ rolpassword: null }]);
});

test("an end, another app, other limits: its role is made anew with all that hangs on it", async () => {
  await deploy({ anna: { ...ANNA, until: "2099-03-31" } });
  await deploy({ anna: { ...ANNA, until: "2099-03-31", reads: ["wms", "auth"], connectionLimit: 1 } });
  expect(await membershipsOf("person_anna")).toEqual({
    of: ["auth_prod_reader", "rds_iam", "wms_prod_reader"],
    deployers: [],
    connect: true,
  });
  expect(
    await project.platform.asSuperuser(
      "SELECT rolconnlimit AS limit, rolvaliduntil::text AS until FROM pg_roles WHERE rolname = 'person_anna'",
    ),
  ).toEqual([{ limit: 1, until: "2099-04-01 00:00:00+00" }]);
});

test("one that had a password logs in by IAM, and the other way round", async () => {
  const { iam: _, ...withPassword } = ANNA;
  await deploy({ anna: withPassword });
  expect(await membershipsOf("person_anna")).toEqual({
    of: ["wms_prod_reader"],
    deployers: [],
    connect: true,
  });
  expect(await secretUrlOf(project.platform, "prod", "people/anna")).toMatch(/^postgresql:\/\/person_anna:/);
  await deploy({ anna: ANNA, bob: { ...ANNA, reads: ["auth"] } });
  expect(await membershipsOf("person_anna")).toEqual({
    of: ["rds_iam", "wms_prod_reader"],
    deployers: [],
    connect: true,
  });
});

test("its line goes, and so does everything of it", async () => {
  const before = await catalogOf(project.platform);
  expect(JSON.stringify(before)).toContain("person_anna");
  await deploy({});
  expect(JSON.stringify(await catalogOf(project.platform))).not.toContain("person_");
  expect(await refusalOf(logInAsAdmin())).toBeUndefined();
});
