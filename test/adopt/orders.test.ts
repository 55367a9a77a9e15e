import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { OldClient } from "./old-client";

jest.setTimeout(180_000);

const MASTER_PASSWORD = "Master1";
const OLD_WORLD = readFileSync(resolve(__dirname, "old-world.sql"), "utf8");

/** What ops type, each with the exit status that it ends with. */
type Step = readonly ["adopt" | "prod" | "dev" | "rotate", status: number];

let platform: TestPlatform;
afterEach(() => platform.remove());

async function asMaster(sql: string): Promise<void> {
  const server = { host: "localhost", port: platform.port, database: "portal_db" };
  const client = new Client({ ...server, user: "ecomos_admin", password: MASTER_PASSWORD });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** After the first deploy of prod the master's password is in its secret. */
async function adopt(): Promise<number | null> {
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  const { status, stderr } = await runVerb(["adopt", "--apply", "--yes", ...where]);
  if (status === 1) throw new Error(stderr);
  return status;
}

async function done(what: Step[0], credential: number): Promise<number | null> {
  if (what === "adopt") return adopt();
  if (what === "rotate") platform.configure("prod", { apps: { auth: {}, wms: { credential } } });
  const { status } = await platform.run(["up", "--stack", what === "dev" ? "dev" : "prod"]);
  delete process.env.PGPASSWORD;
  return status;
}

/** What `verify` finds in the catalogs, without what to do; no cell differs. */
async function undeclared(stack: string): Promise<string[]> {
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  const { stdout } = await runVerb(["verify", stack, ...where]);
  expect(stdout).toContain(" 0 differ, 0 not tried; ");
  const lines = stdout.split("\n").filter((line) => /^ {2}\S/.test(line));
  return lines.map((line) => line.trim());
}

const ORDERS: readonly (readonly [string, readonly Step[]])[] = [
  [
    "the deploy first, then the hand-over",
    [
      ["prod", 2],
      ["adopt", 0],
      ["dev", 2],
      ["adopt", 0],
      ["rotate", 0],
      ["rotate", 0],
      ["adopt", 0],
    ],
  ],
  [
    "the hand-over first, as far as it goes",
    [
      ["adopt", 0],
      ["prod", 2],
      ["adopt", 0],
      ["dev", 2],
      ["adopt", 0],
      ["rotate", 0],
      ["rotate", 0],
      ["adopt", 0],
    ],
  ],
  [
    "a rotation before the hand-over, and dev before it may",
    [
      ["prod", 2],
      ["dev", 1],
      ["rotate", 2],
      ["adopt", 0],
      ["dev", 2],
      ["adopt", 0],
      ["rotate", 0],
      ["adopt", 0],
    ],
  ],
];

test.each(ORDERS)("%s: the old login works all the while, and sees nobody else's data", async (_, steps) => {
  platform = await TestPlatform.make();
  platform.configure("prod", { apps: { auth: {}, wms: {} }, adoptedLogins: { wms_prod: "Old\\1" } });
  platform.configure("dev", { apps: { wms: {} }, environments: ["dev"] });
  await platform.startRds(MASTER_PASSWORD);
  await asMaster(OLD_WORLD);
  process.env.PGPASSWORD = MASTER_PASSWORD;
  const app = await OldClient.start(platform);
  const ended: Step[] = [];
  let credential = 1;
  try {
    for (const [what] of steps) {
      if (what === "rotate") credential += 1;
      // The third credential is another password for the old login's name: whoever still has the old one is out.
      if (credential === 3) await app.stop();
      ended.push([what, (await done(what, credential)) ?? -1]);
      if (credential < 3) await app.hasWorked();
      if (ended.length === 1 && what === "prod") {
        await platform.asApp(await platform.url("auth", "prod"), "CREATE TABLE secrets (id int)");
      }
    }
  } finally {
    await app.stop();
  }
  expect(ended).toEqual(steps);
  expect([...app.failures]).toEqual([]);
  const url = await platform.url("wms", "prod");
  expect(await platform.asApp(url, "SELECT name FROM customers WHERE id = 1")).toEqual([{ name: "kept" }]);
  await platform.asApp(url, "CREATE TABLE later (id int); DROP TABLE later");
  // Rotated out, it is a login like any other: nothing is to be said of it any more.
  platform.configure("prod", { adoptedLogins: undefined });
  expect(await platform.run(["up"])).toMatchObject({ status: 0 });
  // What nobody declares is what was nobody's before: another person's rights, and a schema of no app.
  expect([await undeclared("prod"), await undeclared("dev")]).toEqual([
    [
      "analyst: later tables of portal_wms in wms_prod: SELECT",
      "analyst: schema wms_prod: USAGE",
      "analyst: 6 tables of wms_prod: SELECT",
      "analyst: nobody declares it",
      "ecomos_admin: schema billing_prod: owns it, nobody declares it",
      "reporting: nobody declares it",
    ],
    ["analyst: nobody declares it", "reporting: nobody declares it"],
  ]);
});
