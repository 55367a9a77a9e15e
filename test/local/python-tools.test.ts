import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { hasModule, type PythonTool, pythonToolFolder } from "../../local/servers/python-tools";

let dir: string;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(resolve(tmpdir(), "portal-db-tools-"));
  said = [];
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A tool that needs no package index: every Python has it. */
function toolWith(pinned: string, more: Partial<PythonTool> = {}): PythonTool {
  const requirements = resolve(dir, "requirements.txt");
  writeFileSync(requirements, pinned);
  const holds = (folder: string) => hasModule(folder, "json");
  return { name: "zizmor", what: "the probe", takes: "a moment", requirements, holds, ...more };
}

const folderOf = (tool: PythonTool) =>
  pythonToolFolder(tool, resolve(dir, "tools"), (line) => said.push(line));

test("a tool is set up once, and again when its Python does not start any more", async () => {
  const tool = toolWith("# nothing");
  const folder = await folderOf(tool);
  expect(await folderOf(tool)).toBe(folder);
  expect(said).toEqual(["Installing the probe (once, a moment)"]);
  const python = resolve(folder, "bin", "python");
  rmSync(python);
  symlinkSync("/nowhere/python3", python);
  expect(await hasModule(folder, "json")).toBe(false);
  const [one, two] = await Promise.all([folderOf(tool), folderOf(tool)]);
  expect([one, two, await hasModule(folder, "json")]).toEqual([folder, folder, true]);
  // Of two at once one does it, and the other one does not wait in silence.
  const [installs, waits] = [
    "Installing the probe (once, a moment)",
    "Waiting for another run, which installs the probe",
  ];
  expect(said.sort()).toEqual([installs, installs, waits]);
});

test("what pip could not install is said, and not taken for complete", async () => {
  await expect(folderOf(toolWith("./nowhere.whl", { otherwise: ", or bring your own" }))).rejects.toThrow(
    /^the probe could not be installed with pip: Python 3\.10 or newer and a package index are needed, or bring your own\. It said: /,
  );
  const [folder = ""] = readdirSync(resolve(dir, "tools"));
  expect(readdirSync(resolve(dir, "tools", folder))).not.toContain("complete");
});
