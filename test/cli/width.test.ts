import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { tooWide } from "../helpers/printed";
import { CHECKOUT } from "../helpers/process";
import { nodeLine } from "./command-line";

jest.setTimeout(60_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-width-"));
  const dev = readFileSync(resolve(CHECKOUT, "Pulumi.dev.yaml"), "utf8");
  const mistakes =
    "  portal-db:multiAz: maybe\n  portal-db:nosuchSetting: 7\n  portal-db:adoptInstance: ecomos-prod\n";
  const app = `    ${"a_long_name_".repeat(6)}: { connectionLimit: 100000, nosuch: 1 }\n`;
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    dev.replace("    auth: {}\n", `    auth: {}\n${app}`) + mistakes,
  );
  writeFileSync(join(folder, "half.json"), '{"steps": [');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a process writes, as it writes it: other tests read an error as it was worded. */
async function raw(file: string, args: readonly string[]) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(process.execPath, nodeLine(file, args), { env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const status = await new Promise<number | null>((done) => child.once("close", done));
  return { status, text: Buffer.concat(chunks).toString() };
}

const AWS = ["--aws", "--region", "us-east-1"];

test.each([
  "local/main.ts desroy",
  "local/main.ts up --port 99999",
  "local/main.ts url",
  "local/main.ts url wms dev --dir FOLDER/none",
  "local/main.ts up --stack dev --config-dir FOLDER --dir FOLDER/none",
  "local/main.ts preview --stack dev --config-dir FOLDER --dir FOLDER/none",
  "local/main.ts preview --config-dir FOLDER/nothing/here",
  "ops/main.ts bogus",
  "ops/main.ts --nosuch",
  "ops/main.ts env",
  "ops/main.ts env WMS dev",
  "ops/main.ts env wms dev --platform FOLDER/none.json",
  "ops/main.ts env wms dev --aws --platform x",
  "ops/main.ts env wms dev --server-name no/name",
  "ops/main.ts env wms prod --write .env.dev",
  "ops/main.ts reset wms prod",
  `ops/main.ts adopt ${AWS.join(" ")} --endpoint localhost:1`,
  `ops/main.ts verify dev ${AWS.join(" ")} --config-dir FOLDER`,
  "ops/main.ts preview nosuch",
  "ops/main.ts review FOLDER/none.json",
  "ops/main.ts review FOLDER/half.json",
  "ops/main.ts inspect",
  "ops/main.ts inspect dev --config-dir FOLDER",
  "ops/main.ts connect wms prod --platform FOLDER/none.json",
  "ops/main.ts connect wms dev postgres",
  "ops/main.ts tunnel --via carrier-pigeon",
  "ops/main.ts tunnel",
  "ops/main.ts snapshot wms dev",
  "ops/main.ts restore FOLDER/none.dump wms dev --platform FOLDER/none.json",
  "ops/main.ts purge wms dev",
  "ops/main.ts cleanup --remove",
  "ops/main.ts check-prisma FOLDER/none",
])("%s: an error that fits 80 columns, and no trace", async (line) => {
  const [file = "", ...args] = line.replaceAll("FOLDER", folder).split(" ");
  const { status, text } = await raw(file, args);
  expect([1, 2, 64]).toContain(status);
  expect(text).toMatch(/^error: /m);
  expect(text).not.toMatch(/^ {4}at /m);
  expect(tooWide(text)).toEqual([]);
});
