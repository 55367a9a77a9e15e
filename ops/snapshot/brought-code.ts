import { isTree, nameOf, type ParsedStatement, parts, type Tree } from "../sql/parsed-script";
import { headOf } from "./rename-schema";

/** Something in a snapshot that is a function, or calls some. */
export interface BroughtCode {
  /** Such as `trigger` or `default`. */
  readonly kind: string;
  /** Its name, qualified and for people. */
  readonly name: string;
  /** Functions and operators that it calls, qualified where the snapshot qualifies them. */
  readonly calls: readonly string[];
  /** What of it is worth knowing beside that, such as `SECURITY DEFINER`. */
  readonly note: string | undefined;
  /** Whether it is code whatever it calls, as a function or a trigger is. */
  readonly isCode: boolean;
}

/** What makes one kind of statement code, and what it is called. */
type Reader = (node: Tree) => readonly BroughtCode[];

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The one node in an element such as `{ "ColumnDef": {…} }`. */
const inner = (value: unknown, tag: string): Tree | undefined => {
  const node = isTree(value) ? value[tag] : undefined;
  return isTree(node) ? node : undefined;
};

function relationOf(value: unknown): string {
  const { schemaname, relname } = isTree(value) ? value : {};
  return [schemaname, relname].filter((name) => name !== undefined).join(".");
}

/** Functions and qualified operators anywhere below; an unqualified operator is Postgres's own. */
function callsIn(value: unknown): string[] {
  const calls = new Set<string>();
  for (const [key, part] of parts(value)) {
    if (key === "funcname") calls.add(nameOf(part).join("."));
    if (!["name", "operName", "useOp"].includes(key)) continue;
    const [schema, name] = nameOf(part);
    if (name !== undefined && schema !== "pg_catalog") calls.add(`operator ${schema}.${name}`);
  }
  return [...calls];
}

/** An expression that is code when it calls something. */
function expression(kind: string, name: string, value: unknown): BroughtCode {
  return { kind, name, calls: callsIn(value), note: undefined, isCode: false };
}

const CONSTRAINT_KINDS: Readonly<Record<string, string>> = {
  CONSTR_DEFAULT: "default",
  CONSTR_GENERATED: "generated column",
  CONSTR_CHECK: "check",
  CONSTR_EXCLUSION: "exclusion constraint",
};

/** A constraint of a table, a column or a domain. */
function constraint(of: string, value: unknown): readonly BroughtCode[] {
  const node = inner(value, "Constraint");
  if (node === undefined) return [];
  const name = node.conname === undefined ? of : `${of}.${node.conname}`;
  return [expression(CONSTRAINT_KINDS[String(node.contype)] ?? "constraint", name, node)];
}

function column(table: string, value: unknown): readonly BroughtCode[] {
  const node = inner(value, "ColumnDef");
  if (node === undefined) return [];
  const of = `${table}.${node.colname}`;
  return [
    ...list(node.constraints).flatMap((one) => constraint(of, one)),
    expression("default", of, node.raw_default),
  ];
}

function routine(node: Tree): readonly BroughtCode[] {
  const options = list(node.options).map((option) => inner(option, "DefElem"));
  const optionOf = (name: string) => options.find((option) => option?.defname === name)?.arg;
  const types = list(node.parameters).map((one) => nameOf(parameterType(one)).at(-1));
  const isDefiner = inner(optionOf("security"), "Boolean")?.boolval === true;
  const language = inner(optionOf("language"), "String")?.sval ?? "sql";
  return [
    {
      kind: node.is_procedure === true ? "procedure" : "function",
      name: `${nameOf(node.funcname).join(".")}(${types.join(", ")})`,
      calls: callsIn([node.sql_body, node.parameters]),
      note: `${language}${isDefiner ? ", SECURITY DEFINER" : ""}`,
      isCode: true,
    },
  ];
}

function parameterType(parameter: unknown): unknown {
  const type = inner(parameter, "FunctionParameter")?.argType;
  return isTree(type) ? type.names : undefined;
}

/** Options of an aggregate, an operator or a range type that name a function. */
const FUNCTION_OPTIONS = /func$|^(function|procedure|restrict|join|subtype_diff|canonical)$/;

function definition(kind: string, name: unknown, options: unknown): readonly BroughtCode[] {
  const calls = list(options)
    .map((option) => inner(option, "DefElem"))
    .filter((option) => FUNCTION_OPTIONS.test(String(option?.defname)))
    .map((option) => nameOf(inner(option?.arg, "TypeName")?.names).join("."))
    .filter((call) => call !== "");
  return [{ kind, name: nameOf(name).join("."), calls, note: undefined, isCode: false }];
}

/** An expression at the node itself, with a name below a relation. */
const below =
  (kind: string, relation: string, name: string, isCode = false): Reader =>
  (node) => [
    { ...expression(kind, [relationOf(node[relation]), node[name]].filter(Boolean).join("."), node), isCode },
  ];

const READERS: Readonly<Record<string, Reader>> = {
  AlterDomainStmt: (node) => constraint(nameOf(node.typeName).join("."), node.def),
  AlterTableStmt: (node) =>
    list(node.cmds).flatMap((item) => {
      const command = inner(item, "AlterTableCmd") ?? {};
      const of = [relationOf(node.relation), command.name].filter(Boolean).join(".");
      const found = [...constraint(of, command.def), ...column(relationOf(node.relation), command.def)];
      return found.length > 0 ? found : [expression("default", of, command.def)];
    }),
  CreateDomainStmt: (node) => {
    const name = nameOf(node.domainname).join(".");
    return list(node.constraints).flatMap((one) => constraint(name, one));
  },
  CreateFunctionStmt: routine,
  CreatePolicyStmt: below("policy", "table", "policy_name"),
  CreateRangeStmt: (node) => definition("range type", node.typeName, node.params),
  CreateStatsStmt: (node) => [expression("statistics", nameOf(node.defnames).join("."), node.exprs)],
  CreateStmt: (node) => {
    const table = relationOf(node.relation);
    const elements = list(node.tableElts);
    return [
      ...elements.flatMap((one) => column(table, one)),
      ...elements.flatMap((one) => constraint(table, one)),
      expression("partition key", table, node.partspec),
    ];
  },
  CreateTableAsStmt: (node) => [
    expression("materialized view", relationOf(isTree(node.into) ? node.into.rel : undefined), node.query),
  ],
  CreateTrigStmt: below("trigger", "relation", "trigname", true),
  DefineStmt: (node) =>
    definition(
      String(node.kind).replace("OBJECT_", "").replaceAll("_", " ").toLowerCase(),
      node.defnames,
      node.definition,
    ),
  IndexStmt: below("index", "relation", "idxname"),
  RuleStmt: below("rule", "relation", "rulename", true),
  ViewStmt: (node) => [expression("view", relationOf(node.view), node.query)],
};

/** What of a statement is code: a function, or something that calls some. */
export function codeIn(statement: ParsedStatement): readonly BroughtCode[] {
  // Of the snapshot's own calls there are two, which are checked word for word.
  if (statement.tag === "SelectStmt") return [];
  const found = READERS[statement.tag]?.(statement.node) ?? [];
  const told = new Set(found.flatMap(({ calls }) => calls));
  // A function's own name is no call.
  const isFunction = statement.tag === "CreateFunctionStmt";
  const rest = !isFunction && callsIn(statement.node).some((call) => !told.has(call));
  const whole = rest ? [expression("statement", headOf(statement.sql), statement.node)] : [];
  return [...found, ...whole].filter(({ isCode, calls }) => isCode || calls.length > 0);
}

/** What the parser does not know, since a newer server wrote it, could be anything. */
export function unknownCode(sql: string): BroughtCode {
  return { kind: "statement that is not known", name: headOf(sql), calls: [], note: undefined, isCode: true };
}
