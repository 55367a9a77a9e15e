import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";
import { onScreen } from "../helpers/terminal";

const command = (how: string) => [
  process.execPath,
  ...RUN_TYPESCRIPT,
  resolve(CHECKOUT, "test/cli/staged.ts"),
  how,
];

const RESULT = `a result ${"w".repeat(100)}`;
const END = ["AWS emulator  http://127.0.0.1:1", "half a line, and its end", "Postgres      localhost:1"];

test.each([80, 0])(
  "a terminal shows each stage on one line in the end, and whatever else was printed, whole",
  async (columns) => {
    const { status, lines, written } = await onScreen(columns, command("redrawn"));
    expect({ status, lines: lines.map(withoutSeconds) }).toEqual({
      status: 0,
      lines: [
        RESULT.slice(0, 80),
        RESULT.slice(80),
        "warning: it stays whole",
        ...END,
        "stack dev     failed",
        "refused",
        "stack prod    failed: 2 of 9 resources",
      ],
    });
    // It was seen coming, and never took a second row of the screen, which could not be taken back.
    expect(written).toContain("stack prod    1 of 9 resources");
    expect(written).toMatch(/stack prod {4}[long ]+…\r/);
  },
);

test("a narrow terminal is not filled beyond its edge", async () => {
  const { status, lines } = await onScreen(36, command("redrawn"));
  expect({
    status,
    lines: lines.map(withoutSeconds).filter((line) => !/^(a result )?w+$/.test(line)),
  }).toEqual({
    status: 0,
    lines: [
      "warning: it stays whole",
      ...END,
      "stack dev     failed",
      "refused",
      "stack prod    failed: 2 of 9",
      "              resources",
    ],
  });
});

const LOG = [
  "AWS emulator  http://127.0.0.1:1",
  "Postgres      localhost:1",
  "stack prod    deploying",
  "stack dev     failed",
  "stack prod    failed: 2 of 9 resources",
];

test("a log has a line when a stage ends, and one when it begins what may take long", async () => {
  const [node = "", ...args] = command("log");
  const { status, stdout, stderr } = await endOf(spawn(node, args, { stdio: ["ignore", "pipe", "pipe"] }));
  expect(status).toBe(0);
  expect(stderr).toBe("warning: it stays whole\n");
  expect(stdout.trimEnd().split("\n")).toEqual([
    RESULT,
    "AWS emulator  http://127.0.0.1:1",
    "half a line, and its end",
    "Postgres      localhost:1",
    "stack prod    deploying",
    "stack dev     failed",
    "refused",
    "stack prod    failed: 2 of 9 resources",
  ]);
});

test.each([{ CI: "true" }, { TERM: "dumb" }])("%j: nothing steers the terminal", async (env) => {
  const { written } = await onScreen(80, command("log"), env);
  expect(written).not.toContain("\u001b");
  expect(written.split("\r\n").filter((line) => LOG.includes(line))).toEqual(LOG);
});

/** A slow machine adds some. */
const withoutSeconds = (line: string): string => line.replace(/, \d+ s$/, "");
