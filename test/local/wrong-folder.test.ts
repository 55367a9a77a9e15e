import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { answered, CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";

let folder: string;
let nowhere: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-folder-"));
  nowhere = join(folder, "nowhere");
});
afterEach(() => rmSync(folder, { recursive: true }));

const command = (...args: readonly string[]) => [
  process.execPath,
  ...[...RUN_TYPESCRIPT, resolve(CHECKOUT, "local/main.ts"), ...args, "--dir", nowhere],
];
const run = (...args: readonly string[]) => {
  const [program = "", ...rest] = command(...args);
  return endOf(spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] }));
};

test("down and unprotect say that a folder has no platform, and do not make it", async () => {
  expect(await run("down")).toEqual({
    status: 0,
    stdout: `There is no platform in ${nowhere}\n`,
    stderr: "",
  });
  const wanted = [
    ["wms", "prod"],
    ["--all", "--stack", "prod"],
  ];
  for (const words of wanted)
    expect(await run("unprotect", ...words, "--yes")).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: There is no platform in ${nowhere}\n`,
    });
  expect(existsSync(nowhere)).toBe(false);
});

describe("destroy --all without a platform", () => {
  const TOOL = "moto-0123456789ab";
  const OWN = ["mine", "mine-0123456789ab", "moto-mine", "zizmor-0123456789ab.txt"];
  let tools: string;
  const words = () => ["destroy", "--all", "--tools-dir", tools];

  beforeEach(() => {
    tools = join(folder, "tools");
    mkdirSync(join(tools, TOOL, "bin"), { recursive: true });
  });

  test("names the tools and asks; what is somebody's own stays", async () => {
    for (const name of OWN.slice(0, -1)) mkdirSync(join(tools, name));
    writeFileSync(join(tools, OWN.at(-1) ?? ""), "");
    const said = `There is no platform in ${nowhere}\nThe tools in ${tools}\nare deleted\n`;
    expect(await run(...words())).toEqual({
      status: 1,
      stdout: said,
      stderr: "error: it asks before it goes on: run it in a terminal, or add --yes\n",
    });
    const ended = async (answer: string) => {
      const { status, stdout } = await answered(command(...words()), answer);
      return [
        status,
        stdout
          .replaceAll("\r", "")
          .replace(/[^\n]*to go on: /, "")
          .split(`${said}`)
          .at(-1),
      ];
    };
    expect([await ended("y"), readdirSync(tools).sort()]).toEqual([
      [1, expect.stringMatching(/y\nNothing was changed\n$/)],
      [...OWN, TOOL].sort(),
    ]);
    expect([await ended("destroy"), readdirSync(tools).sort()]).toEqual([
      [0, expect.stringMatching(/destroy\nThe tools are gone\n$/)],
      OWN,
    ]);
    expect(await run(...words())).toMatchObject({
      status: 0,
      stdout: `There is no platform in ${nowhere}\nThere are no tools in ${tools}\n`,
    });
  });

  test("with nothing else in it the folder goes, too", async () => {
    expect(await run(...words(), "--yes")).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(tools)).toBe(false);
  });
});
