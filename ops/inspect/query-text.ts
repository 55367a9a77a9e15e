import { type Token, tokenAt } from "../sql/lexer";

/** Stands for a value. */
const VALUE = "?";
/** What follows is left out: where a value ends cannot be told. */
const CUT = "…";

/** Where a statement is, as far as `SET name TO value` goes, in which a value may be a bare word. */
type Setting = "none" | "may follow" | "name" | "value";

/** What a token makes of it. @param isFirst whether it is the statement's first word */
function settingAfter(before: Setting, { kind, text }: Token, isFirst: boolean): Setting {
  const word = kind === "word" ? text.toUpperCase() : text;
  if (isFirst) return word === "SET" ? "name" : word === "ALTER" ? "may follow" : "none";
  if (before === "may follow") return word === "SET" ? "name" : before;
  return before === "name" && (word === "TO" || word === "=") ? "value" : before;
}

/** Whether nobody can tell where a text goes on that begins so: a session may have turned standard_conforming_strings off. */
const isOpen = (token: Token | undefined): token is undefined =>
  token === undefined ||
  token.kind === "meta" ||
  (token.kind === "string" && token.text.startsWith("'") && token.text.includes("\\"));

/**
 * A statement of somebody's session as it may be shown: without the values in it, which are data and passwords, and
 * without comments. The server cuts a long text wherever it likes, so that a quote may have no end; from there on nothing
 * is shown.
 */
export function queryText(text: string): string {
  let shown = "";
  let setting: Setting = "none";
  let isFirst = true;
  let before: Token | undefined;
  const add = (piece: string) => {
    if (!(piece === " " && /(^|\s)$/.test(shown))) shown += piece;
  };
  for (let position = 0; position < text.length; ) {
    const token = tokenAt(text, position, true);
    if (isOpen(token)) return `${shown}${CUT}`;
    position += token.text.length;
    const { kind } = token;
    // $1 is no value, and 1_000 and 0x1F are lexed as a number with a word behind it.
    const isParameter = kind === "number" && before?.text === "$";
    const isRest = kind === "word" && before?.kind === "number";
    before = token;
    if (kind === "space" || kind === "comment") add(" ");
    else if (token.text === ";") {
      [isFirst, setting] = [true, "none"];
      add(token.text);
    } else if (setting === "value") {
      // All of it is one value, such as a list.
      add(" ");
      if (!shown.endsWith(`${VALUE} `)) add(VALUE);
    } else {
      if (kind === "word") {
        setting = settingAfter(setting, token, isFirst);
        isFirst = false;
      } else setting = settingAfter(setting, token, false);
      const isValue = ["string", "dollar"].includes(kind) || (kind === "number" && !isParameter);
      if (!isRest) add(isValue ? VALUE : token.text);
    }
  }
  return shown.trim();
}
