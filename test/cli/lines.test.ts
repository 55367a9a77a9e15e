import { columnsOf, errorText, printSql, wrapped } from "../../cli/lines";
import { table } from "../../cli/table";

test.each<readonly [terminal: Pick<NodeJS.WriteStream, "isTTY" | "columns">, columns: number]>([
  [{ isTTY: false, columns: 0 }, 80],
  [{ isTTY: true, columns: 200 }, 80],
  [{ isTTY: true, columns: 81 }, 80],
  [{ isTTY: true, columns: 50 }, 50],
  [{ isTTY: true, columns: 3 }, 24],
  // As `script` and a container without a size leave it.
  [{ isTTY: true, columns: 0 }, 80],
])("a line on %j has %d columns", (terminal, columns) => {
  expect(columnsOf(terminal)).toBe(columns);
});

test("an error that fits is one line, and a longer one goes on below its first word", () => {
  expect(errorText("no such stack")).toBe("error: no such stack");
  expect(errorText("x".repeat(73))).toBe(`error: ${"x".repeat(73)}`);
  const long = `${"word ".repeat(15)}end`;
  expect(errorText(long)).toBe(`error: ${"word ".repeat(14)}\n       word end`.replace(" \n", "\n"));
});

test("each line of an error is one, however it is indented, and a path or a URL is never broken", () => {
  const path = `/${"folder/".repeat(14)}file`;
  const lines = ["two problems:", `  ${path} is no file`, `  apps.wms: ${"a ".repeat(40)}b`];
  expect(errorText(lines.join("\n")).split("\n")).toEqual([
    "error: two problems:",
    `  ${path}`,
    "       is no file",
    `  apps.wms: ${"a ".repeat(34).trimEnd()}`,
    `       ${"a ".repeat(6)}b`,
  ]);
});

test("in a narrower terminal an error is as wide as that", () => {
  expect(errorText("a name that is not there: use another", 24)).toBe(
    "error: a name that is\n       not there: use\n       another",
  );
});

test("what is indented stays so where it goes on", () => {
  expect(wrapped("one two three", " ~ ", 6, 10)).toBe(" ~ one two\n      three");
});

test("SQL is broken between its words alone, and never within quotes", () => {
  const said = jest.spyOn(console, "log").mockImplementation(() => {});
  const table = `"wms_dev"."${"a name of more words ".repeat(3)}"`;
  printSql(`REVOKE SELECT ON TABLE ${table} FROM 'x y' PUBLIC;\n`);
  const [lines] = said.mock.calls.flat();
  said.mockRestore();
  expect(lines).toBe(`  REVOKE SELECT ON TABLE\n    ${table}\n    FROM 'x y' PUBLIC;\\u{a}`);
});

test("a table's last column goes on below itself where its words do not fit", () => {
  const schemas = Array.from({ length: 12 }, (_, index) => `app_number_${index}_pr_42`);
  const text = table(
    ["stack", "age", "schemas"],
    [
      ["pr-42", "20 d", schemas.join(" ")],
      ["pr-7", "1 d", "wms_pr_7"],
    ],
  );
  expect(text.split("\n")).toEqual([
    "stack  age   schemas",
    `-----  ----  ${"-".repeat(67)}`,
    `pr-42  20 d  ${schemas.slice(0, 3).join(" ")}`,
    `             ${schemas.slice(3, 6).join(" ")}`,
    `             ${schemas.slice(6, 9).join(" ")}`,
    `             ${schemas.slice(9).join(" ")}`,
    "pr-7   1 d   wms_pr_7",
  ]);
});

test("columns that do not fit stand on a further line of each row", () => {
  const schema = "analytics_data_platform_prod";
  const text = table(
    ["schema", "login", "roles", "schemas", "cells", "result"],
    [
      [schema, `portal_${"x".repeat(30)}`, "2", "38", "1190", "as declared"],
      ["wms_prod", "portal_wms", "2", "38", "1190", "a right more"],
    ],
  );
  expect(text.split("\n")).toEqual([
    "schema                        login                                  roles",
    "    schemas  cells  result",
    `${"-".repeat(28)}  ${"-".repeat(37)}  -----`,
    "    -------  -----  ------------",
    `analytics_data_platform_prod  portal_${"x".repeat(30)}  2`,
    "    38       1190   as declared",
    "wms_prod                      portal_wms                             2",
    "    38       1190   a right more",
  ]);
});
