import { printable } from "../../infra/printable";
import { type Token, tokensOf } from "../sql/lexer";

/** A statement that cannot be rewritten safely. */
export class RenameError extends Error {}

/** Types whose texts are names of things. */
const NAME_TYPES = /^reg(class|type|proc|procedure|oper|operator|config|dictionary|namespace|collation)$/;
/** Functions whose first argument is the name of a thing, as a text. */
const NAME_FUNCTIONS =
  /^(nextval|currval|setval|pg_get_serial_sequence|to_reg(class|type|proc|procedure|namespace))$/;
/** Languages whose function bodies are SQL to the lexer. */
const SQL_LANGUAGES = /\blanguage\s+"?(sql|plpgsql)"?/i;

/**
 * Gives a schema another name in statements, as a reader of SQL would: where it qualifies a name (`wms_prod.orders`),
 * also in the bodies of SQL and PL/pgSQL functions, in names given as text (`nextval('wms_prod.orders_id_seq')`,
 * `'wms_prod.orders'::regclass`) and in a function's `SET search_path`. Other texts, rows and comments stay.
 * @param from lower-case letters, digits and `_`, as every schema of this project is named
 */
export class SchemaRename {
  /** Beginnings of statements in which the old name is still part of a text, such as dynamic SQL. */
  readonly leftovers: string[] = [];

  constructor(
    private readonly from: string,
    private readonly to: string,
  ) {}

  /**
   * The statement under the other name.
   * @throws {RenameError} when the name also means something else in it, such as an alias
   */
  statement(sql: string): string {
    if (this.from === this.to || !sql.includes(this.from)) return sql;
    const rewritten = this.rewrite(tokensOf(sql), SQL_LANGUAGES.test(sql));
    if (!/^comment\s/i.test(sql) && this.remains(rewritten)) this.leftovers.push(headOf(rewritten));
    return rewritten;
  }

  private rewrite(tokens: readonly Token[], hasBody: boolean): string {
    const solid = tokens.map((token, index) => ({ token, index })).filter(({ token }) => !isBlank(token));
    const texts = tokens.map(({ text }) => text);
    let qualifies = false;
    let isAlias = false;
    for (const [place, { token, index }] of solid.entries()) {
      const before = solid[place - 1]?.token;
      const after = solid[place + 1]?.token;
      const rest = solid.slice(place + 1, place + 6).map((entry) => entry.token.text.toLowerCase());
      if (this.isName(token)) {
        if (after?.text === "." && before?.text !== ".") {
          texts[index] = this.to;
          qualifies = true;
        } else if (isInSearchPath(solid.slice(0, place).map((entry) => entry.token))) texts[index] = this.to;
        else isAlias = true;
      } else if (token.kind === "string") {
        const isPath =
          token.text === `'${this.from}'` &&
          isInSearchPath(solid.slice(0, place).map((entry) => entry.token));
        const isNameArgument =
          before?.text === "(" && NAME_FUNCTIONS.test(unquoted(solid[place - 2]?.token.text));
        if (isPath || isNameArgument || isNameCast(rest)) texts[index] = this.nameText(token.text);
      } else if (token.kind === "dollar" && hasBody) {
        texts[index] = this.body(token.text);
      }
    }
    if (
      qualifies &&
      isAlias &&
      !/^(create table|alter|comment|copy|select pg_catalog)\b/i.test(headOf(texts.join("")))
    ) {
      throw new RenameError(
        `"${this.from}" is the schema and something else, too, in: ${headOf(texts.join(""))}; rename that in the source`,
      );
    }
    return texts.join("");
  }

  /** A function's body between its dollar quotes. */
  private body(text: string): string {
    const tag = text.slice(0, text.indexOf("$", 1) + 1);
    return `${tag}${this.rewrite(tokensOf(text.slice(tag.length, -tag.length)), true)}${tag}`;
  }

  /** A text that is a name: `'wms_prod."Orders"'`, or `'wms_prod.f(wms_prod.state)'`. */
  private nameText(text: string): string {
    const inner = text.slice(1, -1);
    if (inner === this.from) return `'${this.to}'`;
    return `'${this.rewrite(tokensOf(inner.replaceAll("''", "'")), false).replaceAll("'", "''")}'`;
  }

  private isName({ kind, text }: Token): boolean {
    if (kind === "word") return text.toLowerCase() === this.from;
    return kind === "quoted" && text === `"${this.from}"`;
  }

  private remains(sql: string): boolean {
    return new RegExp(`(?<![A-Za-z0-9_])${this.from}(?![A-Za-z0-9_])`).test(sql);
  }
}

function isBlank({ kind }: Token): boolean {
  return kind === "space" || kind === "comment";
}

function unquoted(text = ""): string {
  return text.toLowerCase().replace(/^"(.*)"$/, "$1");
}

/** `::regclass`, `::pg_catalog.regclass`. */
function isNameCast(rest: readonly string[]): boolean {
  const type = rest[2] === "pg_catalog" ? rest[4] : rest[2];
  return rest[0] === ":" && rest[1] === ":" && NAME_TYPES.test(type ?? "");
}

/** Within the list of `SET search_path TO a, 'b'`. */
function isInSearchPath(before: readonly Token[]): boolean {
  for (let index = before.length - 1; index >= 0; index--) {
    const token = before[index];
    const text = token?.text.toLowerCase();
    if (text === "to" || text === "=") return unquoted(before[index - 1]?.text) === "search_path";
    const isItem =
      text === "," || token?.kind === "word" || token?.kind === "quoted" || token?.kind === "string";
    if (!isItem) return false;
  }
  return false;
}

/** A statement's beginning, for messages. */
export function headOf(sql: string): string {
  return printable(sql.replace(/\s+/g, " ").trim().slice(0, 100));
}
