import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "../../local/servers/ports";
import { beganAt } from "../../local/servers/processes";
import { startOps } from "../helpers/ops-platform";
import { tooWide, unfolded } from "../helpers/printed";
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

/** Puts a program on PATH that says the arguments it was started with, and then does something. */
function program(name: string, body: string): void {
  const file = join(folder, name);
  const script = `console.error(JSON.stringify(process.argv.slice(2)));\n${body}`;
  writeFileSync(file, `#!${process.execPath}\n${script}\n`);
  chmodSync(file, 0o755);
}

/** One that prints a text and ends. */
function printer(name: string, stdout: string, status = 0): void {
  program(name, `console.log(${JSON.stringify(stdout)}); process.exitCode = ${status}`);
}

/** One that has a child of its own listen on a port, as aws has its plugin; it ends once somebody was there. */
function listener(name: string, status: number | "never"): void {
  const end = status === "never" ? "" : `socket.on("close", () => process.exit(${status}));`;
  const listen = `require("node:net").createServer((socket) => { ${end} socket.resume(); }).listen(${port}, "127.0.0.1"); console.log("Waiting for connections...")`;
  program(
    name,
    `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(listen)}], { stdio: "inherit" });
    console.error("plugin " + child.pid);
    child.on("exit", (status) => process.exit(status));`,
  );
}

/** Starts the command with the programs above in place of the real ones, and no settings file. */
function startTunnel(args: readonly string[]): ChildProcess {
  const config = join(folder, "tunnel.yaml");
  writeFileSync(config, "{}\n");
  const path = `${folder}${delimiter}${process.env.PATH}`;
  return startOps(["tunnel", "--config", config, "--port", port, ...args], { PATH: path });
}

const tunnel = (...args: string[]): Promise<Ended> => endOf(startTunnel(args));

/** What a program of ours was started with. */
const started = ({ stderr }: Ended): unknown[] =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("["))
    .map((line) => JSON.parse(line) as unknown);

/** The errors that the command itself says. */
const errorsIn = ({ stderr }: Pick<Ended, "stderr">): string[] =>
  stderr.split("\n").filter((line) => line.startsWith("error: "));

test("the stack's outputs lead to its bastion and its instance; the end of the tunnel is an error", async () => {
  printer("npx", JSON.stringify(OUTPUTS));
  listener("aws", 0);
  const ended = await tunnel("--stack", "prod");
  expect(tooWide(ended.stdout)).toEqual([]);
  expect(unfolded(ended.stdout)).toBe(
    `localhost:${port} leads to ${OUTPUTS.instanceAddress}:5432 through ${OUTPUTS.bastionInstanceId} (aws); Ctrl-C closes it\n`,
  );
  expect([ended.status, errorsIn(ended)]).toEqual([
    1,
    ["error: aws ended with status 0: the tunnel is closed"],
  ]);
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
  printer("npx", JSON.stringify(OUTPUTS));
  listener("aws", 0);
  const ended = await tunnel("--stack", "prod", "--target", "i-00000000000000001", "--host", "db.internal");
  expect(ended.stdout).toContain("leads to db.internal:5432 through i-00000000000000001 (aws)");
});

const BY_SSH = ["--via", "ssh", "--target", "me@bastion", "--host", "db.internal"];

test("nothing is said to lead anywhere before the port answers: ssh's own words stand, and one error", async () => {
  program("ssh", 'console.error("ssh: Could not resolve hostname bastion"); process.exitCode = 255');
  const failed = await tunnel(...BY_SSH);
  expect({ ...failed, stderr: failed.stderr.split("\n").slice(1) }).toEqual({
    status: 1,
    stdout: "",
    stderr: [
      "ssh: Could not resolve hostname bastion",
      `error: ssh ended with status 255 before localhost:${port} answered: mend what it says above`,
      "",
    ],
  });
  program("ssh", "process.kill(process.pid, 'SIGKILL')");
  const killed = await tunnel(...BY_SSH);
  expect([killed.status, killed.stdout, errorsIn(killed)]).toEqual([
    1,
    "",
    [`error: ssh ended by SIGKILL before localhost:${port} answered: mend what it says above`],
  ]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends it quietly, and leaves no process",
  async (signal) => {
    listener("ssh", "never");
    const child = startTunnel(BY_SSH);
    const ended = endOf(child);
    await new Promise((open) => child.stdout?.once("data", open));
    child.kill(signal);
    const { status, stdout, stderr } = await ended;
    const plugin = Number(/plugin (\d+)/.exec(stderr)?.[1]);
    expect([status, unfolded(stdout.trim()).split("\n").length, errorsIn({ stderr })]).toEqual([0, 1, []]);
    expect(beganAt(plugin)).toBeUndefined();
  },
);

test("ended before the port answers it is not done, and quiet, too", async () => {
  program("ssh", "setInterval(() => {}, 1000)");
  const child = startTunnel(BY_SSH);
  const ended = endOf(child);
  await new Promise((begun) => child.stderr?.once("data", begun));
  child.kill("SIGINT");
  const { status, stdout, stderr } = await ended;
  expect([status, stdout, errorsIn({ stderr })]).toEqual([1, "", []]);
});

test("a stack without a bastion is said to have none", async () => {
  printer("npx", JSON.stringify({ ...OUTPUTS, bastionInstanceId: undefined }));
  const ended = await tunnel("--stack", "prod");
  expect(ended.status).toBe(64);
  expect(ended.stderr).toContain("target is missing: the machine that can reach the instance");
  expect(ended.stdout).toBe("");
});

test("a stack that cannot be read, and a name that is none, end in one line", async () => {
  printer("npx", "", 255);
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
