import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import type { EntryPoint } from "../../cli/command";
import { EXIT, UsageError } from "../../cli/exit-status";
import { runLine } from "../../cli/main";
import { MistakeError } from "../../infra/mistake";
import { printedBy } from "../helpers/printed";
import { COMMANDS, start } from "./command-line";

test("a number means one thing: done, not done, found, a wrong command line", () => {
  expect(EXIT).toEqual({ done: 0, failed: 1, found: 2, usage: 64 });
});

test("every command refuses an option that it does not take: status 64, one line, its value not repeated", async () => {
  const waiting = [...COMMANDS];
  const ends: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { status, stdout, stderr } = await start(next.file, next.name, "--password=s3cret");
      ends.push(`${next.entry.typed} ${next.name} ${status} ${stdout}${stderr}`);
    }
  };
  await Promise.all([worker(), worker()]);
  const expected = COMMANDS.map(({ entry: { typed }, name }) => {
    return `${typed} ${name} 64 error: Unknown option '--password'; see ${typed} ${name} --help\n`;
  });
  expect(ends.sort()).toEqual(expected.sort());
});

/** An entry point of one command that ends as it is told. */
const entryOf = (run: () => Promise<0 | 1 | 2 | 64>): EntryPoint => ({
  typed: "npm run toy --",
  shared: { where: { type: "string", help: "where" } },
  commands: [{ name: "go", usage: "", summary: "go", load: async () => ({ options: {}, example: "", run }) }],
});
const thrower = (thrown: unknown) => entryOf(async () => Promise.reject(thrown));

test("a status is the command's own", async () => {
  for (const status of Object.values(EXIT))
    expect(
      await printedBy(() =>
        runLine(
          entryOf(async () => status),
          ["go"],
        ),
      ),
    ).toMatchObject({ status });
});

test.each<readonly [what: string, thrown: unknown, status: number, stderr: string]>([
  ["a mistake", new MistakeError("no such stack"), 1, "error: no such stack"],
  ["a wrong command line", new UsageError("no app"), 64, "error: no app; see npm run toy -- go --help"],
  [
    "a refusal of the system",
    Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: "EACCES", syscall: "open" }),
    1,
    "error: EACCES: permission denied, open '/x'",
  ],
])("%s is one line", async (_what, thrown, status, stderr) => {
  const ended = await printedBy(() => runLine(thrower(thrown), ["go"]));
  expect(ended).toEqual({ status, stdout: "", stderr });
});

test("anything else keeps its trace", async () => {
  const bug = new TypeError("undefined is not a function");
  await expect(runLine(thrower(bug), ["go"])).rejects.toBe(bug);
});

test.each<readonly [args: readonly string[], status: number, stderr: string]>([
  [[], 64, ""],
  [["help"], 0, ""],
  [["--help"], 0, ""],
  [["-h"], 0, ""],
  [["help", "help"], 0, ""],
  [["help", "stay"], 64, 'error: unknown command "stay": use one of go; see npm run toy -- --help'],
  [["--bogus", "--help"], 0, ""],
  [["--password", "s3cret", "--help"], 0, ""],
  [["--where", "here", "--help"], 0, ""],
  [["--where", "here", "go"], 64, "error: Unknown option '--where'; see npm run toy -- go --help"],
  [["--where", "here"], 64, "error: which command? Use one of go; see npm run toy -- --help"],
  [["--password", "s3cret"], 64, "error: Unknown option '--password'; see npm run toy -- --help"],
  [["-ps3cret"], 64, "error: Unknown option '-p'; see npm run toy -- --help"],
  [["--=s3cret", "go"], 64, "error: Unknown option '--'; see npm run toy -- --help"],
  [["stay"], 64, 'error: unknown command "stay": use one of go; see npm run toy -- --help'],
  [["go", "--=s3cret"], 64, "error: Unknown option '--'; see npm run toy -- go --help"],
  [["go", "--a.b"], 64, "error: Unknown option '--a.b'; see npm run toy -- go --help"],
])("%j", async (args, status, stderr) => {
  const ended = await printedBy(() =>
    runLine(
      entryOf(async () => EXIT.done),
      args,
    ),
  );
  expect([ended.status, ended.stderr]).toEqual([status, stderr]);
  expect(ended.stdout.startsWith("npm run toy -- <command> [options]\n")).toBe(stderr === "");
});

test("the system's refusal of a name is one line, in a real process", async () => {
  const name = "a".repeat(300);
  expect(await start("ops/main.ts", "check-prisma", name, "--app", "wms")).toEqual({
    status: 1,
    stdout: "",
    stderr: `error: ENAMETOOLONG: name too long, stat '${name}'\n`,
  });
});

describe("short names", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "portal-db-cli-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(["review", "verify"])(
    "npm run %s is the command, and its errors name it as it was typed",
    (name) => {
      const args = ["run", "--silent", name, "--", "--bogus"];
      const { status, stdout, stderr } = spawnSync("npm", args, { cwd: CHECKOUT, encoding: "utf8" });
      const line = `error: Unknown option '--bogus'; see npm run ${name} -- --help\n`;
      expect({ status, stdout, stderr }).toEqual({ status: 64, stdout: "", stderr: line });
    },
  );

  test("npm hands a review's status through", () => {
    const file = join(folder, "preview.json");
    writeFileSync(file, '{"changeSummary":{"delete":2}}');
    const { status, stdout } = spawnSync("npm", ["run", "--silent", "review", "--", file], {
      cwd: CHECKOUT,
      encoding: "utf8",
    });
    expect({ status, verdict: stdout.split(":")[0] }).toEqual({ status: 2, verdict: "🛑 blocks" });
  });
});

test("an option's own letters are no question for help: -o/home/x asks for a file", async () => {
  const taken: unknown[] = [];
  const entry: EntryPoint = {
    typed: "npm run toy --",
    shared: {},
    commands: [
      {
        name: "go",
        usage: "",
        summary: "go",
        load: async () => ({
          options: { output: { type: "string", short: "o", help: "where" } },
          example: "-o FILE",
          run: async ({ values }) => {
            taken.push(values);
            return EXIT.done;
          },
        }),
      },
    ],
  };
  expect(await runLine(entry, ["go", "-o/home/x.dump"])).toBe(EXIT.done);
  expect(taken).toEqual([{ output: "/home/x.dump" }]);
  const helped = await printedBy(() => runLine(entry, ["go", "-o", "x", "-h"]));
  expect(helped.stdout).toMatch(/^npm run toy -- go/);
  expect(taken).toHaveLength(1);
});
