import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "../../local/servers/ports";
import { startOps } from "../helpers/ops-platform";
import { type Ended, endOf } from "../helpers/process";

const OUTPUTS = {
  bastionInstanceId: "i-0a1b2c3d4e5f60718",
  instanceAddress: "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com",
  instancePort: 5432,
};

let folder: string;
let port: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-tunnel-"));
  port = String(await freePort(0));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a program on PATH that prints a text and the arguments it was started with, and ends. */
function program(name: string, stdout: string, status = 0): void {
  const file = join(folder, name);
  const body = `console.log(${JSON.stringify(stdout)}); console.error(JSON.stringify(process.argv.slice(2))); process.exitCode = ${status}`;
  writeFileSync(file, `#!${process.execPath}\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Runs the command with the programs above in place of the real ones, and no settings file. */
function tunnel(...args: string[]): Promise<Ended> {
  const config = join(folder, "tunnel.yaml");
  writeFileSync(config, "{}\n");
  const path = `${folder}${delimiter}${process.env.PATH}`;
  return endOf(startOps(["tunnel", "--config", config, "--port", port, ...args], { PATH: path }));
}

/** What a program of ours was started with. */
const started = ({ stderr }: Ended): unknown[] =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("["))
    .map((line) => JSON.parse(line) as unknown);

test("the stack's outputs lead to its bastion and its instance", async () => {
  program("npx", JSON.stringify(OUTPUTS));
  program("aws", "");
  const ended = await tunnel("--stack", "prod");
  expect(ended.stdout).toContain(
    `localhost:${port} leads to ${OUTPUTS.instanceAddress}:5432 through ${OUTPUTS.bastionInstanceId} (aws)`,
  );
  const parameters = { host: [OUTPUTS.instanceAddress], portNumber: ["5432"], localPortNumber: [port] };
  expect(started(ended)).toEqual([
    ["pulumi", "stack", "output", "--json", "--stack", "prod"],
    [
      ...["ssm", "start-session", "--target", OUTPUTS.bastionInstanceId],
      ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
      ...["--parameters", JSON.stringify(parameters)],
    ],
  ]);
});

test("what is given wins over what the stack says", async () => {
  program("npx", JSON.stringify(OUTPUTS));
  program("aws", "");
  const ended = await tunnel("--stack", "prod", "--target", "i-00000000000000001", "--host", "db.internal");
  expect(ended.stdout).toContain("leads to db.internal:5432 through i-00000000000000001 (aws)");
});

test("a stack without a bastion is said to have none", async () => {
  program("npx", JSON.stringify({ ...OUTPUTS, bastionInstanceId: undefined }));
  const ended = await tunnel("--stack", "prod");
  expect(ended.status).toBe(64);
  expect(ended.stderr).toContain("target is missing: the machine that can reach the instance");
  expect(ended.stdout).toBe("");
});

test("a stack that cannot be read, and a name that is none, end in one line", async () => {
  program("npx", "", 255);
  const unread = await tunnel("--stack", "prod");
  expect(unread.status).toBe(1);
  expect(unread.stderr).toMatch(/^error: npx pulumi stack output .* failed: log in to the backend first$/m);
  const named = await tunnel("--stack", "--show-secrets");
  expect(named.status).toBe(64);
  const odd = await tunnel("--stack", "prod;true");
  const refusal = "error: stack must be a stack's name, such as prod; see npm run ops -- tunnel --help\n";
  expect([odd.status, odd.stderr]).toEqual([64, refusal]);
  expect(started(odd)).toEqual([]);
});
