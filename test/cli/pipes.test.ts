import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, endOf } from "../helpers/process";
import { recordingFile } from "../review/recordings";
import { nodeLine } from "./command-line";

let folder: string;
let long: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-pipes-"));
  long = join(folder, "long.json");
  // Far more than any pipe holds.
  const steps = Array.from({ length: 4000 }, (_, index) => ({
    op: "delete",
    urn: `urn:pulumi:prod::portal-db::postgresql:index/schema:Schema::app${index}-prod-schema`,
    oldState: { inputs: { name: `app${index}_prod` }, outputs: {} },
  }));
  const root = { op: "same", urn: "urn:pulumi:prod::portal-db::pulumi:pulumi:Stack::portal-db-prod" };
  const changeSummary = { same: 1, delete: steps.length };
  writeFileSync(long, JSON.stringify({ steps: [root, ...steps], changeSummary }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of sh, in which "$@" is a command; the command's status is what it ends with. */
function piped(script: string, ...args: readonly string[]): Promise<Ended> {
  const command = [
    "-o",
    "pipefail",
    "-c",
    script,
    "bash",
    process.execPath,
    ...nodeLine("ops/main.ts", args),
  ];
  return endOf(spawn("bash", command, { stdio: ["ignore", "pipe", "pipe"] }));
}

test("a reader that stops after a line stops nothing else: no trace, and the command's own status", async () => {
  const gone = '{ "$@"; echo "$?" >&2; }';
  const [help, review] = await Promise.all([
    piped(`${gone} | true`, "--help"),
    piped(`${gone} | head -c 20`, "review", "--json", long),
  ]);
  expect(help).toEqual({ status: 0, stdout: "", stderr: "0\n" });
  expect(review).toEqual({ status: 0, stdout: '{\n  "stack": "prod",', stderr: "2\n" });
});

test("a reader that stops ends no program that a command runs: the engine previews to its end", async () => {
  const marker = join(folder, "ended");
  const steps =
    '{"steps":[{"op":"same","urn":"urn:pulumi:dev::portal-db::pulumi:pulumi:Stack::portal-db-dev"}],"changeSummary":{"same":1}}';
  const engine = `#!/bin/sh\nfor _ in 1 2 3; do echo said >&2; done\n: > '${marker}'\necho '${steps}'\n`;
  writeFileSync(join(folder, "pulumi"), engine);
  chmodSync(join(folder, "pulumi"), 0o755);
  const script = `export PATH='${folder}':"$PATH"; { "$@" 2>&1; echo "$?" >&3; } 3>&2 | true`;
  expect(await piped(script, "preview", "dev")).toEqual({ status: 0, stdout: "", stderr: "0\n" });
  expect(existsSync(marker)).toBe(true);
  const whole = await piped(`export PATH='${folder}':"$PATH"; "$@"`, "preview", "dev");
  expect(whole).toMatchObject({ status: 0, stderr: "said\nsaid\nsaid\n" });
});

test("a slow reader gets everything, and the status besides", async () => {
  const { status, stdout, stderr } = await piped('"$@" | { sleep 2; cat; }', "review", "--json", long);
  expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
  expect(stdout.length).toBeGreaterThan(1_000_000);
  expect(JSON.parse(stdout)).toMatchObject({ exitStatus: 2, verdict: "blocks" });
});

test("standard input that has nothing yet is waited for, also where reading it does not wait", async () => {
  // As a program before it in a pipe may leave it: a read then says EAGAIN instead of waiting.
  const impatient =
    "import fcntl, os, sys; fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK); os.execvp(sys.argv[1], sys.argv[1:])";
  const script = `{ sleep 2; cat '${recordingFile("remove-app-prod-protected")}'; } | python3 -c '${impatient}' "$@"`;
  const { status, stdout, stderr } = await piped(script, "review", "-");
  expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
  expect(stdout).toMatch(/^🛑 blocks: stack prod/);
});

// Only Linux has a device that is always full.
const testFull = existsSync("/dev/full") ? test : test.skip;
testFull("output that cannot be written is a failure, and never the status of a whole answer", async () => {
  const { status, stderr } = await piped('"$@" > /dev/full', "--help");
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: "error: what was printed is not whole (ENOSPC)\n",
  });
});

test("a file that is reviewed from standard input says what it says by its name", async () => {
  const preview = recordingFile("rotate-credential-dev");
  const [fromInput, named] = await Promise.all([
    piped(`"$@" < '${preview}'`, "review", "-"),
    piped('"$@"', "review", preview),
  ]);
  expect(named.stdout).toMatch(/^.* stack dev\n/);
  expect(fromInput).toEqual(named);
});
