import { isTree, nameOf, parts } from "../sql/parsed-script";

/**
 * What may stand in a purge. A list of what is allowed: what Postgres's parser learns later is refused until
 * somebody has thought about it.
 */
const ALLOWED = new Set([
  "A_ArrayExpr",
  "A_Const",
  "A_Expr",
  "A_Indices",
  "A_Indirection",
  "A_Star",
  "Alias",
  "BitString",
  "BoolExpr",
  "Boolean",
  "BooleanTest",
  "CaseExpr",
  "CaseWhen",
  "CoalesceExpr",
  "CollateClause",
  "ColumnRef",
  "CommonTableExpr",
  "DeleteStmt",
  "Float",
  "FuncCall",
  "Integer",
  "JoinExpr",
  "List",
  "MinMaxExpr",
  "MultiAssignRef",
  "NamedArgExpr",
  "NullTest",
  "RangeFunction",
  "RangeSubselect",
  "RangeVar",
  "ResTarget",
  "RowExpr",
  "SQLValueFunction",
  "SelectStmt",
  "SetToDefault",
  "SortBy",
  "String",
  "SubLink",
  "TypeCast",
  "TypeName",
  "UpdateStmt",
  "WindowDef",
  "WithClause",
]);

/** Parts of allowed nodes that are not: they create a table, or lock rows that are only read. */
const REFUSED_PARTS: Readonly<Record<string, string>> = {
  intoClause: "SELECT INTO makes a table",
  lockingClause: "FOR UPDATE and FOR SHARE have no use here",
};

/** Keys whose values are dotted names of functions, operators, types and collations. */
const QUALIFIED_KEYS = ["funcname", "name", "operName", "useOp", "names", "collname"];

/** A table's name appears as a named node and as an unnamed part; both have `relname`. */
function* ranges(node: unknown): Generator<{ schemaname?: string; catalogname?: string; relname: string }> {
  for (const [, part] of parts({ node })) {
    if (isTree(part) && typeof part.relname === "string") {
      yield part as { schemaname?: string; catalogname?: string; relname: string };
    }
  }
}

/** Names of the tables that a statement reads or changes; names of its WITH queries are not among them. */
export function relationsOf(node: unknown): string[] {
  const queries = new Set<unknown>();
  for (const [key, part] of parts({ node })) if (key === "ctename") queries.add(part);
  const names = [...ranges(node)].filter(
    (range) => range.schemaname !== undefined || !queries.has(range.relname),
  );
  const target = isTree(node) && isTree(node.relation) ? [String(node.relation.relname)] : [];
  return [...new Set([...target, ...names.map(({ relname }) => relname)])];
}

/** Names of the functions that a statement calls, without `pg_catalog`. */
export function functionsOf(node: unknown): string[] {
  const names: string[] = [];
  for (const [key, part] of parts(node)) if (key === "funcname") names.push(nameOf(part).at(-1) ?? "");
  return [...new Set(names)];
}

/** Names of the operators in a statement, and `=`, which IN and CASE use without saying so. */
export function operatorsOf(node: unknown): string[] {
  const names = ["="];
  for (const [key, part] of parts(node)) {
    if (["name", "operName", "useOp"].includes(key) && Array.isArray(part))
      names.push(nameOf(part).at(-1) ?? "");
  }
  return [...new Set(names)];
}

/** Why a DELETE or UPDATE may not run; of the names, only the schemas are looked at. */
export function purgeProblems(node: unknown, schema: string): string[] {
  const problems = new Set<string>();
  for (const [key, part] of parts(node)) {
    const refused = REFUSED_PARTS[key];
    if (refused !== undefined) problems.add(refused);
    if (/^[A-Z]/.test(key) && !ALLOWED.has(key)) problems.add(`${key} is not allowed in a purge`);
    if (["DeleteStmt", "UpdateStmt"].includes(key)) {
      problems.add("a WITH query that changes data: write a statement of its own");
    }
    if (!QUALIFIED_KEYS.includes(key) || !Array.isArray(part)) continue;
    const name = nameOf(part);
    const [qualifier] = name;
    // Types and collations of the schema are allowed; its functions and operators could do anything.
    const mayBeOwn = key === "names" || key === "collname";
    if (name.length < 2 || qualifier === "pg_catalog" || (mayBeOwn && qualifier === schema)) continue;
    problems.add(`${name.join(".")}: only Postgres's own functions and operators`);
  }
  for (const { schemaname, catalogname, relname } of ranges(node)) {
    const isOwn = schemaname === schema || (schemaname === undefined && !relname.startsWith("pg_"));
    if (catalogname === undefined && isOwn) continue;
    problems.add(`${[catalogname, schemaname, relname].filter(Boolean).join(".")} is not in ${schema}`);
  }
  return [...problems];
}
