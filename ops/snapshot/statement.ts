import { type Token, tokenAt } from "./sql-lexer";

/** A script that is no script: cut off, or with commands of psql in it. */
export class ScriptError extends Error {}

/** A statement that is being read. */
export class Statement {
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
