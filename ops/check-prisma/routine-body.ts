import { type Token, tokensOf } from "../sql/lexer";
import { isTree, type ParsedStatement } from "../sql/parsed-script";

/** A body in quotes, of DO or of a function. */
export interface RoutineBody {
  readonly language: string;
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Whether the migration itself runs it. */
  readonly runsNow: boolean;
}

/** What stands in the quotes of a text; undefined for any other token. */
export const inQuotes = ({ kind, text }: Token): string | undefined => {
  if (kind === "string") return text.replace(/^[eE]?'|'$/g, "").replaceAll("''", "'");
  if (kind !== "dollar") return undefined;
  const tag = text.indexOf("$", 1) + 1;
  return text.slice(tag, -tag);
};

/** The body of a statement that has one. */
export function routineBody({ tag, node, sql, line }: ParsedStatement): RoutineBody | undefined {
  if (tag !== "DoStmt" && tag !== "CreateFunctionStmt") return undefined;
  const options = [node.args, node.options].find(Array.isArray) ?? [];
  let language = "plpgsql";
  let text: string | undefined;
  for (const option of options) {
    const { defname, arg } = Object(isTree(option) ? option.DefElem : undefined);
    const value = arg?.String?.sval ?? arg?.List?.items?.[0]?.String?.sval;
    if (defname === "language") language = String(value).toLowerCase();
    if (defname === "as" && typeof value === "string") text = value;
  }
  if (text === undefined) return undefined;
  let at = line;
  for (const token of tokensOf(sql)) {
    if (inQuotes(token) === text) break;
    at += token.text.split("\n").length - 1;
  }
  return { language, text, line: at, runsNow: tag === "DoStmt" };
}

/** A statement of PL/pgSQL, or what stands before its THEN or LOOP. */
export interface Fragment {
  /** Words, names, strings and signs, in the order of the text; space and comments are one space. */
  readonly tokens: readonly Token[];
  /** Within the body, from 0. */
  readonly line: number;
}

/** Words that begin a block rather than a statement. */
const OPENING = ["begin", "declare", "exception", "else", "loop"];
/** What ends the head of a statement, by the word that it begins with. */
const HEAD_ENDS: Readonly<Record<string, string>> = {
  if: "then",
  elsif: "then",
  elseif: "then",
  when: "then",
  case: "then",
  for: "loop",
  foreach: "loop",
  while: "loop",
};

/** The word that a token is, in small letters; empty for any other. */
export const wordOf = (token: Token | undefined): string =>
  token?.kind === "word" ? token.text.toLowerCase() : "";

/** Cuts a body of PL/pgSQL into its statements. @throws Error when a quote or a comment in it has no end */
export function* fragmentsOf(body: string): Generator<Fragment> {
  let tokens: Token[] = [];
  let line = 0;
  let start = 0;
  let cases = 0;
  let inLabel = false;
  const cut = (): Fragment => {
    const fragment = { tokens, line: start };
    tokens = [];
    cases = 0;
    return fragment;
  };
  for (const token of tokensOf(body)) {
    const here = line;
    line += token.text.split("\n").length - 1;
    if (token.kind === "space" || token.kind === "comment") {
      if (tokens.length > 0) tokens.push({ kind: "space", text: " " });
      continue;
    }
    const word = wordOf(token);
    if (tokens.length === 0) {
      // <<label>>
      if (token.text === "<") inLabel = true;
      if (inLabel) {
        inLabel = token.text !== ">";
        continue;
      }
      if (token.text === ">" || token.text === ";" || OPENING.includes(word)) continue;
      start = here;
    } else if (token.text === ";") {
      yield cut();
      continue;
    } else if (word === "case") cases++;
    else if (word === "end" && cases > 0) cases--;
    else if (word !== "" && cases === 0 && word === HEAD_ENDS[wordOf(tokens[0])]) {
      yield cut();
      continue;
    }
    tokens.push(token);
  }
  if (tokens.length > 0) yield cut();
}
