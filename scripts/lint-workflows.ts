/**
 * `tsx scripts/lint-workflows.ts [FOLDER…]`: reads workflows as GitHub does, by its own language service, and for what a
 * stranger could do with them, by zizmor. Prints what they find, and then ends with 1.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { MistakeError, messageOf } from "../infra/mistake";
import { sharedToolsDir } from "../local/places";
import { type PythonTool, pythonToolFolder } from "../local/servers/python-tools";

/** Folders that hold a `.github`: the project's own, and the example's. */
const FOLDERS = [CHECKOUT, join(CHECKOUT, "examples/github")];

const ZIZMOR: PythonTool = {
  name: "zizmor",
  what: "zizmor",
  takes: "some seconds",
  requirements: join(__dirname, "requirements.txt"),
  pipOptions: ["--only-binary=:all:", "--no-deps"],
  holds: (folder) => existsSync(join(folder, "bin/zizmor")),
};

/** One line a finding: what GitHub would not understand in a workflow or an action. */
async function notUnderstood(folder: string): Promise<string[]> {
  // It is an ES module; a test that spawns this loads it, and jest need not.
  const { validate } = await import("@actions/languageservice");
  const { TextDocument } = await import("vscode-languageserver-textdocument");
  const lines: string[] = [];
  for (const path of [...workflowsIn(folder), ...actionsIn(folder)]) {
    const document = TextDocument.create(`file://${path}`, "yaml", 0, readFileSync(path, "utf8"));
    for (const { range, message } of await validate(document))
      lines.push(`${relative(CHECKOUT, path)}:${range.start.line + 1}: ${message}`);
  }
  return lines;
}

function workflowsIn(folder: string): string[] {
  const workflows = join(folder, ".github/workflows");
  if (!existsSync(workflows)) throw new MistakeError(`${folder} has no .github/workflows`);
  return readdirSync(workflows)
    .sort()
    .map((file) => join(workflows, file));
}

function actionsIn(folder: string): string[] {
  const actions = join(folder, ".github/actions");
  return existsSync(actions)
    ? readdirSync(actions)
        .sort()
        .map((name) => join(actions, name, "action.yml"))
    : [];
}

/** Runs zizmor on folders; it prints what it finds. @returns whether it found nothing */
async function isSafe(folders: readonly string[]): Promise<boolean> {
  const tools = await pythonToolFolder(ZIZMOR, sharedToolsDir(), (line) => console.error(line));
  // Offline: what it finds does not depend on the day, nor on a token. The files alone: a folder's .gitignore is not asked.
  // It colours by itself where the variable CI is set, though nothing here is a terminal.
  const args = ["--offline", "--no-progress", "--color=never", "--strict-collection", "--collect=all", "--"];
  const child = spawn(join(tools, "bin/zizmor"), [
    ...args,
    ...folders.map((folder) => join(folder, ".github")),
  ]);
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  const status = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (status !== 0) console.error(printed.trim());
  return status === 0;
}

async function main(): Promise<number> {
  const given = process.argv.slice(2).map((folder) => resolve(folder));
  const folders = given.length === 0 ? FOLDERS : given;
  const lines = (await Promise.all(folders.map(notUnderstood))).flat();
  for (const line of lines) console.error(line);
  return (await isSafe(folders)) && lines.length === 0 ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (thrown) => {
    console.error(`error: ${messageOf(thrown)}`);
    process.exitCode = 1;
  },
);
