/** Prints time and memory of `snapshot` and `restore`: `npx tsx bench/snapshot.ts [megabytes]`, 300 tables, 1000 MB by default. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { CHECKOUT } from "../cli/checkout";

const LOADER = join(CHECKOUT, "node_modules/tsx/dist/cjs/index.cjs");
const PORT = "16643";
const TABLES = 300;
const ROW_BYTES = 1000;

const folder = mkdtempSync(join(tmpdir(), "portal-db-bench-"));
// As root, Postgres runs as another user, who has to get in.
chmodSync(folder, 0o755);
const data = join(folder, "platform");

/** Runs a command in a process of its own. @returns its seconds, its peak of memory in MB, and what it printed */
function run(program: string, ...args: string[]): { seconds: number; megabytes: number; output: string } {
  const peak = join(folder, "peak");
  const env = {
    ...process.env,
    NODE_OPTIONS: `--require ${join(CHECKOUT, "test/snapshot/peak-memory.cjs")}`,
    PEAK_MEMORY_FILE: peak,
  };
  const start = process.hrtime.bigint();
  const command = ["--require", LOADER, join(CHECKOUT, program), ...args, "--config-dir", folder];
  const output = execFileSync(process.execPath, command, {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    megabytes: Number(readFileSync(peak, "utf8")) / 1000,
    output,
  };
}

const ops = (...args: string[]) => run("ops/main.ts", ...args, "--platform", join(data, "platform.json"));
const local = (...words: string[]) => run("local/main.ts", ...words, "--dir", data, "--port", PORT);

/** Tables of rows that do not compress, each with a key to the one before. */
async function fill(megabytes: number): Promise<void> {
  const url = /"(.*)"/.exec(ops("env", "wms", "prod").output)?.[1];
  const client = new Client({ connectionString: url });
  await client.connect();
  const rows = Math.ceil((megabytes * 1e6) / TABLES / ROW_BYTES);
  for (let table = 1; table <= TABLES; table++) {
    const before = table === 1 ? "" : ` REFERENCES t${table - 1}`;
    await client.query(`CREATE TABLE t${table} (id int PRIMARY KEY${before}, body text);
      INSERT INTO t${table} SELECT i, (SELECT string_agg(md5(i::text || j || ${table}), '') FROM generate_series(1, ${Math.floor(ROW_BYTES / 32)}) j)
      FROM generate_series(1, ${rows}) i`);
  }
  await client.end();
}

async function main(): Promise<void> {
  const megabytes = Number(process.argv[2] ?? 1000);
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dev.yaml"])
    copyFileSync(join(CHECKOUT, name), join(folder, name));
  try {
    local("up");
    await fill(megabytes);
    const file = join(folder, "wms.dump");
    const snapshot = ops("snapshot", "wms", "prod", "-o", file);
    const clone = ops("restore", file, "wms", "dev", "--yes");
    const replaced = ops("restore", file, "wms", "dev", "--yes");
    console.log(
      `${TABLES} tables, ${megabytes} MB of rows, ${(statSync(file).size / 1e6).toFixed(0)} MB of snapshot\n`,
    );
    console.log("| | seconds | most memory, MB |\n|---|---|---|");
    for (const [name, { seconds, megabytes: most }] of Object.entries({
      snapshot,
      "restore, empty": clone,
      "restore, in place": replaced,
    })) {
      console.log(`| ${name} | ${seconds.toFixed(1)} | ${most.toFixed(0)} |`);
    }
  } finally {
    local("destroy", "--yes");
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
