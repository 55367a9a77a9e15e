import { type Token, tokenAt } from "./lexer";

/** A script that is no script: cut off, or with commands of psql in it. */
export class ScriptError extends Error {}

/** A piece of a script, in the script's order. */
export type Piece =
  /** A statement, without the `;`. `copy`: rows follow it. */
  | { readonly kind: "statement"; readonly sql: string; readonly copy: boolean }
  /** Rows of the `COPY` before it, as they are. */
  | { readonly kind: "rows"; readonly rows: Buffer }
  /** The rows end. */
  | { readonly kind: "rows-end" };

/** A statement longer than this is no statement of a dump. 64 MiB. */
const MAX_STATEMENT_BYTES = 64 * 1024 * 1024;
const ROWS_END = Buffer.from("\n\\.\n");

/**
 * Cuts a script into statements and the rows of its `COPY … FROM stdin`, holding no more of it than one statement.
 * Quotes, dollar quotes, nested comments and function bodies (`BEGIN ATOMIC`) are understood.
 * @throws {ScriptError} when the script ends within a statement or holds a psql command
 */
export async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer = Buffer.alloc(0);
  let rows: Rows | undefined;
  let statement = new Statement();
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let isMore = true; isMore; ) {
      if (rows !== undefined) {
        const cut = rows.cut(rest);
        if (cut.rows.length > 0) yield { kind: "rows", rows: cut.rows };
        rest = cut.after;
        isMore = cut.isEnd;
        if (!cut.isEnd) continue;
        yield { kind: "rows-end" };
        rows = undefined;
      }
      const text = rest.toString("latin1");
      let position = 0;
      while (rows === undefined) {
        position = statement.take(text, position, false);
        if (!statement.isComplete) break;
        yield { kind: "statement", sql: statement.sql, copy: statement.isCopy };
        if (statement.isCopy) rows = new Rows();
        statement = new Statement();
      }
      rest = rest.subarray(position);
      isMore = rows !== undefined;
    }
    if (rest.length > MAX_STATEMENT_BYTES) throw new ScriptError("a statement has no end");
  }
  if (rows !== undefined) throw new ScriptError("the rows of a table have no end");
  statement.take(rest.toString("latin1"), 0, true);
  if (!statement.isEmpty) throw new ScriptError(`a statement has no end: ${statement.sql.slice(0, 80)}`);
}

/** The rows after a `COPY`: from the line after it to a line `\\.`. */
class Rows {
  /** The line break after the `;` is no row, and yet part of an end without rows. */
  private skip = 1;

  /** Cuts off what are rows for sure; what could be the beginning of their end stays. */
  cut(rest: Buffer): { rows: Buffer; after: Buffer; isEnd: boolean } {
    const end = rest.indexOf(ROWS_END);
    if (end >= 0) {
      const rows = rest.subarray(this.skip, Math.max(this.skip, end + 1));
      return { rows, after: rest.subarray(end + ROWS_END.length), isEnd: true };
    }
    const sure = rest.length - ROWS_END.length + 1;
    if (sure <= this.skip) return { rows: Buffer.alloc(0), after: rest, isEnd: false };
    const rows = rest.subarray(this.skip, sure);
    this.skip = 0;
    return { rows, after: rest.subarray(sure), isEnd: false };
  }
}

/** A statement that is being read. */
class Statement {
  isComplete = false;
  private readonly tokens: string[] = [];
  private readonly words: string[] = [];
  private parentheses = 0;
  private blocks = 0;

  /** Takes tokens until the statement's `;` or the text's end. @returns the position after them */
  take(text: string, start: number, isWhole: boolean): number {
    let position = start;
    while (position < text.length && !this.isComplete) {
      const token = tokenAt(text, position, isWhole);
      if (token === undefined) {
        if (isWhole) throw new ScriptError(`a quote has no end: ${text.slice(position, position + 80)}`);
        break;
      }
      position += token.text.length;
      this.add(token);
    }
    return position;
  }

  /** The text, decoded. */
  get sql(): string {
    return Buffer.from(this.tokens.join(""), "latin1").toString("utf8");
  }

  get isEmpty(): boolean {
    return this.tokens.length === 0;
  }

  /** `COPY … FROM stdin`: rows follow. */
  get isCopy(): boolean {
    return this.words[0] === "copy" && this.words.at(-2) === "from" && this.words.at(-1) === "stdin";
  }

  private add({ kind, text }: Token): void {
    if (kind === "meta") {
      this.meta(text);
      return;
    }
    if (this.isEmpty && (kind === "space" || kind === "comment")) return;
    if (text === ";" && this.parentheses === 0 && this.blocks === 0) {
      this.isComplete = !this.isEmpty;
      return;
    }
    this.tokens.push(text);
    if (text === "(") this.parentheses++;
    else if (text === ")") this.parentheses--;
    else if (kind === "word") this.word(text.toLowerCase());
    else if (kind === "quoted") this.words.push(text);
  }

  private word(word: string): void {
    // The first words tell the kind of a statement, the last two tell COPY's source.
    if (this.words.length > 8) this.words.splice(5, 1);
    this.words.push(word);
    if (
      this.parentheses > 0 ||
      !/^create (or replace )?(function|procedure)\b/.test(this.words.slice(0, 4).join(" "))
    )
      return;
    // As psql counts: a body BEGIN ATOMIC … END holds statements of its own.
    if (word === "begin" || (word === "case" && this.blocks > 0)) this.blocks++;
    else if (word === "end" && this.blocks > 0) this.blocks--;
  }

  /** Dumps begin and end with a lock for psql, which means nothing here; any other command of psql is refused. */
  private meta(text: string): void {
    if (this.isEmpty && /^\\(un)?restrict [A-Za-z0-9]+$/.test(text)) return;
    throw new ScriptError(`a command of psql stands in it: ${text.slice(0, 40)}`);
  }
}
