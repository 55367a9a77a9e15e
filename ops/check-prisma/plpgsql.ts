import type { Token } from "../sql/lexer";
import { parsedScript } from "../sql/parsed-script";
import { literalText } from "./literal-text";
import { type Fragment, wordOf } from "./routine-body";

const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join("");

/** What follows the first of some words outside of parentheses; undefined when none of them is there. */
function after(tokens: readonly Token[], words: readonly string[]): readonly Token[] | undefined {
  const at = indexOf(tokens, words);
  return at < 0 ? undefined : tokens.slice(at + 1);
}

function indexOf(tokens: readonly Token[], words: readonly string[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    return depth === 0 && words.includes(wordOf(token));
  });
}

/** The expression that EXECUTE is given, without what follows it. */
function executed(tokens: readonly Token[]): string {
  const end = indexOf(tokens, ["into", "using"]);
  return textOf(end < 0 ? tokens : tokens.slice(0, end));
}

/** What a fragment asks of the server: SQL, an expression, or an expression whose text is run. */
interface Asked {
  readonly sql?: string;
  readonly expression?: string;
  readonly dynamic?: string;
}

function asked(tokens: readonly Token[]): Asked {
  const first = wordOf(tokens[0]);
  const rest = tokens.slice(1);
  if (first === "perform") return { sql: `SELECT${textOf(rest)}` };
  if (first === "execute") return { dynamic: executed(rest) };
  if (["if", "elsif", "elseif", "while", "when", "case"].includes(first)) return { expression: textOf(rest) };
  if (["for", "open", "return"].includes(first)) {
    const query = first === "return" ? (after(rest, ["query"]) ?? []) : (after(rest, ["in", "for"]) ?? []);
    const [word] = query.filter(({ kind }) => kind !== "space");
    if (wordOf(word) === "execute") return { dynamic: executed(after(query, ["execute"]) ?? []) };
    if (query.length > 0) return { sql: textOf(query) };
    return { expression: textOf(rest) };
  }
  const equals = tokens.findIndex(({ text }) => text === "=");
  if (equals > 0 && tokens[equals - 1]?.text === ":") return { expression: textOf(tokens.slice(equals + 1)) };
  return { sql: textOf(tokens) };
}

/** Texts that a fragment gives its variables, put together as far as they are written out. */
export async function assignedTexts({ tokens }: Fragment): Promise<string[]> {
  const at = tokens.findIndex((token) => token.text === "=" || wordOf(token) === "default");
  const value = textOf(at < 0 ? tokens : tokens.slice(at + 1));
  const { statements } = await parsedScript(at < 0 ? value : `SELECT (${value})`);
  const [target] = statements;
  if (target?.tag !== "SelectStmt" || !Array.isArray(target.node.targetList)) return [];
  return target.node.targetList.map(({ ResTarget }) => literalText(ResTarget?.val));
}

/**
 * The SQL of a fragment of PL/pgSQL, of EXECUTE as far as it is written out.
 * @returns undefined where it cannot be told: only its words can be looked at
 */
export async function sqlOf({ tokens }: Fragment): Promise<string | undefined> {
  const { sql, expression, dynamic } = asked(tokens);
  if (sql !== undefined) return (await parsedScript(sql)).refusal === undefined ? sql : undefined;
  const select = `SELECT (${expression ?? dynamic})`;
  const { statements, refusal } = await parsedScript(select);
  if (refusal !== undefined) return undefined;
  if (dynamic === undefined) return select;
  const [target] = (statements[0]?.node.targetList ?? []) as { ResTarget?: { val?: unknown } }[];
  return literalText(target?.ResTarget?.val);
}
