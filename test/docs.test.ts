import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { borrowerShape, ownerShape } from "../infra/config/shape";
import { alarmRules } from "../infra/instance/alarm-rules";
import { Environments } from "../infra/names";
import { OPS } from "../ops/commands";

const KNOWN = new Environments();
const ROOT = resolve(__dirname, "..");
const read = (file: string): string => readFileSync(resolve(ROOT, file), "utf8");
const pagesIn = (folder: string): string[] =>
  readdirSync(resolve(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
const EXAMPLES = readdirSync(resolve(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join("examples", name));
const PAGES = ["", "docs", "docs/decisions", "examples", ...EXAMPLES].flatMap(pagesIn);

/** What stands as code in the first cells of the table below a heading of the README. */
function firstCells(heading: string): string[] {
  const section =
    read("README.md")
      .split(/^## /m)
      .find((text) => text.startsWith(heading)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows
    .flatMap((row) => (row.split("|")[1] ?? "").match(/`[^`]+`/g) ?? [])
    .map((code) => code.slice(1, -1));
}

test.each(PAGES)("every link of %s inside the project leads to a file", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(
    ([, link = ""]) => link,
  );
  expect(links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)))).toEqual([]);
});

test("examples are listed, each with a page of its own", () => {
  const listed = [
    ...read("examples/README.md").matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\/README\.md\) \|/gm),
  ].map(([, name, folder]) => [name, folder]);
  expect(listed.map(([name]) => name).sort()).toEqual(EXAMPLES.map((folder) => folder.split("/")[1]).sort());
  expect(listed.filter(([name, folder]) => name !== folder)).toEqual([]);
  expect(EXAMPLES.filter((folder) => !existsSync(resolve(ROOT, folder, "README.md")))).toEqual([]);
});

test("the README lists every setting of a stack, and no other", () => {
  const settings = new Set([...Object.keys(ownerShape(KNOWN)), ...Object.keys(borrowerShape(KNOWN))]);
  expect(firstCells("Settings of a stack").sort()).toEqual([...settings].sort());
});

test("the README lists every command of ops, and no other", () => {
  const named = firstCells("Day two").map((code) => code.split(" ")[0]);
  expect(named.filter((name) => name !== "npm").sort()).toEqual(OPS.commands.map(({ name }) => name).sort());
});

test("the runbook says what to do of each alarm, under its name, and of no other", () => {
  const headings = [...read("docs/runbook.md").matchAll(/^### Alarm: (.+)$/gm)].flatMap(([, names = ""]) =>
    names.split(", "),
  );
  const rules = alarmRules({ instanceClass: "db.t4g.medium", allocatedStorageGib: 20 });
  expect(headings.sort()).toEqual(rules.map(({ name }) => name).sort());
});

test("the runbook says which commands take the options that several take", async () => {
  const takers = new Map<string, string[]>();
  for (const { name, load } of OPS.commands)
    for (const option of Object.keys((await load()).options))
      takers.set(option, [...(takers.get(option) ?? []), name]);
  const names = OPS.commands.map(({ name }) => name);
  const said = new Map<string, string[]>();
  for (const [, options = "", of = ""] of read("docs/runbook.md").matchAll(
    /^\| (`--[^|]*) \| ([^|]*) \|/gm,
  )) {
    const named = [...of.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name);
    const all = of.startsWith("all but") ? names.filter((name) => !named.includes(name)) : named;
    for (const [, option = ""] of options.matchAll(/`--([a-z-]+)`/g)) said.set(option, all.sort());
  }
  for (const [option, commands] of said)
    expect([option, commands]).toEqual([option, takers.get(option)?.sort()]);
  // What preview hands to review is those two's own.
  const several = [...takers].filter(
    ([, by]) => by.some((name) => !["preview", "review"].includes(name)) && by.length > 1,
  );
  expect([...said.keys()].sort()).toEqual(several.map(([option]) => option).sort());
});
