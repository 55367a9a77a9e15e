/** What a piece of SQL text is. */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "dollar"
  | "space"
  | "comment"
  | "number"
  | "mark"
  | "meta";

/** A piece of SQL text; the texts of a statement's tokens, put together, are the statement. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Every sign from 128 on is part of a name to Postgres, so text may be lexed as UTF-8 bytes read as latin1. */
const SPACE = /[ \t\r\n\f\v]+/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

function at(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/**
 * The token at a position.
 * @param isWhole whether the text ends there; otherwise a token that could go on past its end is not given yet
 * @returns undefined when the text ends within the token
 */
export function tokenAt(text: string, position: number, isWhole: boolean): Token | undefined {
  const sign = text.charAt(position);
  const whole = (kind: TokenKind, end: number): Token | undefined => {
    if (end < 0 || end > text.length || (end === text.length && !isWhole)) return undefined;
    return { kind, text: text.slice(position, end) };
  };
  if (sign === "'") return whole("string", stringEnd(text, position, "'", false));
  // E'…': a backslash escapes.
  if ("eE".includes(sign) && text[position + 1] === "'")
    return whole("string", stringEnd(text, position + 1, "'", true));
  if (sign === '"') return whole("quoted", stringEnd(text, position, '"', false));
  // A mark at the very end may be the first half of a comment's or a dollar quote's beginning.
  if ("-/$".includes(sign) && position + 1 === text.length && !isWhole) return undefined;
  if (sign === "-" && text.startsWith("--", position))
    return whole("comment", lineEnd(text, position, isWhole, COMMENT_END));
  if (sign === "/" && text.startsWith("/*", position)) return whole("comment", commentEnd(text, position));
  if (sign === "\\") return whole("meta", lineEnd(text, position, isWhole, META_END));
  if (sign === "$") {
    const tag = at(DOLLAR, text, position);
    if (tag !== undefined) {
      const end = text.indexOf(tag, position + tag.length);
      return end < 0 ? undefined : whole("dollar", end + tag.length);
    }
    // The tag itself may be cut off; a parameter such as $1 is never that long.
    if (!isWhole && /^\$[\w\u0080-\uffff]*$/.test(text.slice(position, position + 80))) return undefined;
  }
  for (const [kind, pattern] of [
    ["space", SPACE],
    ["word", WORD],
    ["number", NUMBER],
  ] as const) {
    const found = at(pattern, text, position);
    if (found !== undefined) return whole(kind, position + found.length);
  }
  return { kind: "mark", text: sign };
}

/** End of a quoted text: its closing quote is one that is not doubled. -1: not in the text. */
function stringEnd(text: string, position: number, quote: string, escapes: boolean): number {
  for (let next = position + 1; ; ) {
    const end = text.indexOf(quote, next);
    if (end < 0) return -1;
    if (escapes) {
      let slashes = 0;
      while (end - slashes - 1 >= next && text[end - slashes - 1] === "\\") slashes++;
      if (slashes % 2 === 1) {
        next = end + 1;
        continue;
      }
    }
    if (text[end + 1] !== quote) return end + 1;
    next = end + 2;
  }
}

/** To Postgres a comment also ends where a carriage return stands by itself: what follows it is run. */
const COMMENT_END = /[\r\n]/g;
const META_END = /\n/g;

function lineEnd(text: string, position: number, isWhole: boolean, ending: RegExp): number {
  ending.lastIndex = position;
  const end = ending.exec(text)?.index;
  return end ?? (isWhole ? text.length : -1);
}

/** Comments nest in Postgres. */
function commentEnd(text: string, position: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = position;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return -1;
}

/** Length of the space and comments before a text's first word. */
export function leadingLength(text: string): number {
  let position = 0;
  while (position < text.length) {
    const token = tokenAt(text, position, true);
    if (token?.kind !== "space" && token?.kind !== "comment") break;
    position += token.text.length;
  }
  return position;
}

/** Every token of a whole text. @throws Error when a quote or a comment in it has no end */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let position = 0; position < text.length; ) {
    const token = tokenAt(text, position, true);
    if (token === undefined) throw new Error("a quote or a comment has no end");
    tokens.push(token);
    position += token.text.length;
  }
  return tokens;
}
