import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "..");

/** The one place that says which room may import from which: the arrows of the picture. */
const ARROWS = [
  ...readFileSync(join(ROOT, "docs/architecture.md"), "utf8").matchAll(/^ {2}(\w+) --> (\w+)/gm),
].map(([, from = "", to = ""]) => [from, to] as const);
const ROOMS = [...new Set(ARROWS.flat())];

const files = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(room, file)),
).sort();

const sourceOf = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest, true);

/** Modules that a file imports, statically or when it needs them; its own project's as paths from the root. */
function importsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())
          ? node.arguments[0]
          : undefined;
    if (name !== undefined && ts.isStringLiteral(name)) {
      found.push(
        name.text.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), name.text)) : name.text,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceOf(file));
  return found;
}

const roomOf = (path: string) => path.split("/")[0] ?? "";

test("no room imports from one that the picture draws no arrow to", () => {
  const others = files.flatMap((file) => {
    const room = roomOf(file);
    const below = ARROWS.filter(([from]) => from === room).map(([, to]) => to);
    return importsOf(file)
      .filter(
        (path) => ROOMS.includes(roomOf(path)) && roomOf(path) !== room && !below.includes(roomOf(path)),
      )
      .map((path) => `${file} imports ${path}`);
  });
  expect(others).toEqual([]);
});

test("every arrow of the picture is one that some file needs, and none leads back up", () => {
  const needed = new Set(
    files.flatMap((file) => importsOf(file).map((path) => `${roomOf(file)} ${roomOf(path)}`)),
  );
  expect(ARROWS.filter(([from, to]) => !needed.has(`${from} ${to}`))).toEqual([]);
  const reached = (room: string, seen: readonly string[] = []): readonly string[] =>
    ARROWS.filter(([from]) => from === room).flatMap(([, to]) =>
      seen.includes(to) ? [to] : [to, ...reached(to, [...seen, to])],
    );
  expect(ROOMS.filter((room) => reached(room).includes(room))).toEqual([]);
});

test("infra reads Pulumi's config and the process's environment in its config room alone", () => {
  const readers = files
    .filter((file) => file.startsWith("infra/") && !file.startsWith("infra/config/"))
    .filter((file) => /process\.env|allConfig|pulumi\.Config/.test(readFileSync(join(ROOT, file), "utf8")));
  expect(readers).toEqual([]);
});

test("no module imports itself by way of others", () => {
  const direct = new Map(
    files.map((file) => [
      file.replace(/(\/index)?\.ts$/, ""),
      importsOf(file).filter((path) => files.some((one) => one.replace(/(\/index)?\.ts$/, "") === path)),
    ]),
  );
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (path: readonly string[]): void => {
    const last = path.at(-1) ?? "";
    const start = path.indexOf(last);
    if (start < path.length - 1) {
      circles.push(path.slice(start).join(" > "));
      return;
    }
    if (done.has(last)) return;
    for (const next of direct.get(last) ?? []) walk([...path, next]);
    done.add(last);
  };
  for (const file of direct.keys()) walk([file]);
  expect(circles).toEqual([]);
});

test("an exported name means one thing in the whole tree", () => {
  const homes = new Map<string, string[]>();
  for (const file of files) {
    for (const statement of sourceOf(file).statements) {
      if (!ts.canHaveModifiers(statement)) continue;
      if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
      const names = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => name.getText())
        : "name" in statement && statement.name !== undefined
          ? [(statement.name as ts.Identifier).getText()]
          : [];
      // Overloads of a function, or a type beside its constant, are one name in one file.
      for (const name of names) homes.set(name, [...new Set([...(homes.get(name) ?? []), file])]);
    }
  }
  const shared = [...homes].filter(([, found]) => found.length > 1);
  expect(Object.fromEntries(shared)).toEqual({});
});

test("a file is at most 250 lines", () => {
  const long = files
    .map((file) => [file, readFileSync(join(ROOT, file), "utf8").split("\n").length - 1] as const)
    .filter(([, lines]) => lines > 250);
  expect(long).toEqual([]);
});
