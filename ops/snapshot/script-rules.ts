import { isTree, nameOf, type ParsedStatement, parsedScript, parts, type Tree } from "../sql/parsed-script";
import { ScriptError } from "../sql/script-pieces";
import { headOf } from "./rename-schema";

/** Settings that say who acts, or what the transaction is. Postgres reads their names without regard to case. */
const TRANSACTIONS_OWN = /^(role|session_authorization|transaction_(isolation|read_only|deferrable))$/i;

/** What changes rows, and what a mask needs beside it. DO and CALL may do more: what they did is looked at afterwards. */
const MASK_KINDS = [
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "TruncateStmt",
  "SelectStmt",
  "CallStmt",
  "DoStmt",
  "ConstraintsSetStmt",
];

/** What pg_dump writes for one schema, without owners and rights. Nothing else runs: a file may come from anywhere. */
const DUMP_KINDS = [
  "AlterDomainStmt",
  "AlterObjectDependsStmt",
  "AlterSeqStmt",
  "AlterStatsStmt",
  "AlterTSConfigurationStmt",
  "AlterTableStmt",
  "CommentStmt",
  "CompositeTypeStmt",
  "CreateConversionStmt",
  "CreateDomainStmt",
  "CreateEnumStmt",
  "CreateFunctionStmt",
  "CreatePolicyStmt",
  "CreateRangeStmt",
  "CreateSchemaStmt",
  "CreateSeqStmt",
  "CreateStatsStmt",
  "CreateStmt",
  "CreateTrigStmt",
  "DefineStmt",
  "IndexStmt",
  "RefreshMatViewStmt",
  "RuleStmt",
  "ViewStmt",
];

/** Settings that pg_dump sets, and to what. Another encoding, or other quotes, would make another text of what was checked. */
const DUMP_SETTINGS: Readonly<Record<string, RegExp>> = {
  check_function_bodies: /^false$/,
  client_encoding: /^UTF8$/,
  client_min_messages: /^warning$/,
  default_table_access_method: /^heap$/,
  default_tablespace: /^/,
  idle_in_transaction_session_timeout: /^0$/,
  lock_timeout: /^0$/,
  row_security: /^(on|off)$/,
  standard_conforming_strings: /^on$/,
  statement_timeout: /^0$/,
  transaction_timeout: /^0$/,
  xmloption: /^content$/,
};

/** Why a statement would end the one transaction that a restore is, or act as somebody else in it. */
function leaveProblem({ tag, node, sql }: ParsedStatement): string | undefined {
  const isOwn = node.kind === "VAR_SET_MULTI" || TRANSACTIONS_OWN.test(String(node.name));
  if (tag !== "TransactionStmt" && tag !== "DiscardStmt" && !(tag === "VariableSetStmt" && isOwn))
    return undefined;
  return `${headOf(sql)} would leave the one transaction that a restore is`;
}

/** Why a statement may not stand in a mask, which changes rows alone. What a function does cannot be seen in it. */
export function maskProblem(statement: ParsedStatement): string | undefined {
  const leaves = leaveProblem(statement);
  if (leaves !== undefined) return leaves;
  const isTable = [...parts(statement.node)].some(([key]) => key === "intoClause");
  if (MASK_KINDS.includes(statement.tag) && !isTable) return undefined;
  return (
    `${headOf(statement.sql)} does more than change rows: a mask holds INSERT, UPDATE, DELETE, MERGE, TRUNCATE, ` +
    "SELECT, CALL, DO and SET CONSTRAINTS alone"
  );
}

/** `COPY … FROM stdin`: the rows would have to follow it. */
export function isCopyFromStdin({ tag, node }: ParsedStatement): boolean {
  return tag === "CopyStmt" && node.is_from === true && node.filename === undefined;
}

/**
 * Refuses a statement that no snapshot holds.
 * @returns it as Postgres's parser reads it; undefined when the parser does not know what a newer server's dump says
 * @throws {ScriptError}
 */
export async function checkedStatement(sql: string): Promise<ParsedStatement | undefined> {
  const { statements, refusal } = await parsedScript(sql);
  if (statements.length > 1) throw new ScriptError(`${headOf(sql)} is more than one statement`);
  const [statement] = statements;
  if (refusal !== undefined || statement === undefined) return undefined;
  const leaves = leaveProblem(statement);
  if (leaves !== undefined) throw new ScriptError(leaves);
  if (!isOfDump(statement)) throw new ScriptError(`${headOf(sql)} is nothing that a snapshot holds`);
  return statement;
}

function isOfDump(statement: ParsedStatement): boolean {
  const { tag, node } = statement;
  if (tag === "SelectStmt") return isDumpCall(node);
  if (tag === "CopyStmt") return isCopyFromStdin(statement) && node.whereClause === undefined;
  if (tag === "CreateTableAsStmt") return node.objtype === "OBJECT_MATVIEW";
  if (tag === "CreateSchemaStmt") return node.schemaElts === undefined;
  if (tag !== "VariableSetStmt") return DUMP_KINDS.includes(tag);
  const values = constantsOf(node.args);
  return node.kind === "VAR_SET_VALUE" && DUMP_SETTINGS[String(node.name)]?.test(values.join()) === true;
}

/** `SELECT pg_catalog.setval('wms_dev.orders_id_seq', 41, true)`, or the search path taken away. */
function isDumpCall(node: Tree): boolean {
  const others = Object.keys(node).filter((key) => !["targetList", "limitOption", "op"].includes(key));
  const [target, ...more] = Array.isArray(node.targetList) ? node.targetList : [];
  const value = isTree(target) && isTree(target.ResTarget) ? target.ResTarget.val : undefined;
  const call = isTree(value) ? value.FuncCall : undefined;
  if (others.length > 0 || more.length > 0 || !isTree(call)) return false;
  const args = constantsOf(call.args);
  const name = nameOf(call.funcname).join(".");
  if (name === "pg_catalog.set_config") return args.join() === "search_path,,false";
  return name === "pg_catalog.setval" && !args.includes(undefined);
}

/** Plain values as texts; undefined where something is computed. */
function constantsOf(list: unknown): (string | undefined)[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => {
    const constant = isTree(item) ? item.A_Const : undefined;
    if (!isTree(constant) || constant.isnull === true) return undefined;
    const [kind, value] = Object.entries(constant).find(([key]) => key !== "location") ?? [];
    const [inner] = isTree(value) ? Object.values(value) : [];
    // What is the default, such as false, the tree leaves out.
    return String(inner ?? { boolval: false, ival: 0, sval: "" }[String(kind)] ?? "");
  });
}
