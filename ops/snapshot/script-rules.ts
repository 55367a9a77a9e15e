import { isTree, nameOf, type ParsedStatement, parsedScript, parts, type Tree } from "../sql/parsed-script";
import { ScriptError } from "../sql/script-pieces";
import { headOf } from "./rename-schema";

/** Settings that say who acts, or what the transaction is. Postgres reads their names without regard to case. */
const TRANSACTIONS_OWN = /^(role|session_authorization|transaction_(isolation|read_only|deferrable))$/i;

/** Decides where a text ends, and so whether the server reads the statements that were checked. */
const STRINGS = /^standard_conforming_strings$/i;

/**
 * Why a statement may not be part of a restore: it would end the one transaction, or act as somebody else in it. What
 * a DO block or a function of the app does cannot be seen.
 */
export function restoreProblem({ tag, node, sql }: ParsedStatement): string | undefined {
  const leaves = `${headOf(sql)} would leave the one transaction that a restore is`;
  if (tag === "TransactionStmt" || tag === "DiscardStmt") return leaves;
  if (tag === "VariableSetStmt") {
    const name = String(node.name);
    if (node.kind === "VAR_SET_MULTI" || TRANSACTIONS_OWN.test(name)) return leaves;
    if (node.kind === "VAR_RESET_ALL") return `${headOf(sql)} would take back what a restore has set`;
    if (STRINGS.test(name) && !isOn(node)) return `${headOf(sql)} would change how texts are read`;
  }
  for (const setting of setByCalls(node)) {
    if (TRANSACTIONS_OWN.test(setting) || STRINGS.test(setting)) return leaves;
  }
  return undefined;
}

/** `COPY … FROM stdin`: the rows would have to follow it. */
export function isCopyFromStdin({ tag, node }: ParsedStatement): boolean {
  return tag === "CopyStmt" && node.is_from === true && node.filename === undefined;
}

/**
 * Refuses a statement of a snapshot that cannot be part of a restore.
 * @returns whether Postgres's parser knows it; what a newer server's dump says it may not
 * @throws {ScriptError}
 */
export async function checkStatement(sql: string): Promise<boolean> {
  const { statements, refusal } = await parsedScript(sql);
  if (statements.length > 1) throw new ScriptError(`${headOf(sql)} is more than one statement`);
  for (const statement of statements) {
    const problem = restoreProblem(statement);
    if (problem !== undefined) throw new ScriptError(problem);
  }
  return refusal === undefined;
}

function isOn({ args }: Tree): boolean {
  const [value] = Array.isArray(args) ? args : [];
  return [...parts(value)].some(([key, part]) => key === "sval" && part === "on");
}

/** Texts in what calls of `set_config` give as the setting's name. */
function* setByCalls(statement: Tree): Generator<string> {
  for (const [, call] of parts({ statement })) {
    if (!isTree(call) || nameOf(call.funcname).at(-1) !== "set_config" || !Array.isArray(call.args)) continue;
    for (const [index, argument] of call.args.entries()) {
      const named = isTree(argument) && isTree(argument.NamedArgExpr) ? argument.NamedArgExpr : undefined;
      if (named === undefined ? index > 0 : named.name !== "setting_name") continue;
      for (const [key, part] of parts(argument)) if (key === "sval" && typeof part === "string") yield part;
    }
  }
}
