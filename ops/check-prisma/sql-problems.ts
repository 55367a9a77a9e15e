import { EXTENSIONS_SCHEMA } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { type Token, tokensOf } from "../sql/lexer";
import { type ParsedScript, type ParsedStatement, parsedScript } from "../sql/parsed-script";
import { type LineFinding, schemaNamed, UNWRITTEN, writtenSchemaProblem } from "./finding";
import { namedSchemas } from "./named-schemas";
import { assignedTexts, sqlOf } from "./plpgsql";
import { statementProblem } from "./refused-statements";
import { type Fragment, fragmentsOf, inQuotes, type RoutineBody, routineBody, wordOf } from "./routine-body";
import { callProblem } from "./shared-functions";

/** Schemas whose relations, types and functions every login may name. */
function isEverybodys(schema: string): boolean {
  const isPostgres = schema.startsWith("pg_") || schema === "information_schema";
  // In a search_path, `""` is none and `$user` the login's own name.
  return isPostgres || schema === EXTENSIONS_SCHEMA || schema === "" || schema === "$user";
}

/** Looks at each statement that a migration runs, those of its DO blocks among them. */
export type OnStatement = (statement: ParsedStatement) => readonly LineFinding[];

/** Judges the SQL of one app. */
export class SqlProblems {
  constructor(
    private readonly app: string,
    private readonly declared: readonly DeclaredSchema[],
    private readonly onStatement: OnStatement = () => [],
  ) {}

  /** What is wrong with a script that Postgres's parser has read. */
  async inScript(script: ParsedScript, runsNow = true): Promise<LineFinding[]> {
    const findings: LineFinding[] = [];
    for (const statement of script.statements) {
      const problems = this.inStatement(statement, script);
      const warnings = runsNow ? this.onStatement(statement) : [];
      // What may not be there at all needs no advice on how to write it.
      findings.push(...(problems.length > 0 ? problems : warnings));
      const body = routineBody(statement);
      if (body !== undefined) findings.push(...(await this.inBody(body, runsNow)));
    }
    return findings.sort((a, b) => a.line - b.line);
  }

  /** What is wrong with a piece of SQL that is no statement by itself, by its words alone. */
  inWords(tokens: readonly Token[], first: number): LineFinding[] {
    const findings = new Map<string, LineFinding>();
    const add = (line: number, message: string | undefined): void => {
      if (message !== undefined && !findings.has(message)) findings.set(message, { line, message });
    };
    let line = first;
    const shown = tokens.filter(({ kind }) => kind !== "space" && kind !== "comment");
    const next = new Map(shown.map((token, index) => [token, shown[index + 1]]));
    for (const token of tokens) {
      const name = nameIn(token);
      if (name !== undefined && next.get(token)?.text === ".") add(line, this.wordProblem(name));
      if (name !== undefined && next.get(token)?.text === "(") add(line, callProblem(name, []));
      line += token.text.split("\n").length - 1;
    }
    return [...findings.values()];
  }

  private inStatement({ tag, node, line }: ParsedStatement, { lineOf }: ParsedScript): LineFinding[] {
    const refused = statementProblem(tag, node);
    if (refused !== undefined) return [{ line, message: refused }];
    // The first place of each schema is enough: a statement names its table again and again.
    const lineBySchema = new Map<string, number>();
    for (const { schema, location } of namedSchemas(node)) {
      const at = location === undefined ? line : lineOf(location);
      if (!isEverybodys(schema)) lineBySchema.set(schema, Math.min(at, lineBySchema.get(schema) ?? at));
    }
    return [...lineBySchema].flatMap(([schema, at]) => {
      const hint = schema === "public" ? "; what an extension brings is in extensions" : "";
      const problem = writtenSchemaProblem(this.declared, this.app, schema);
      return problem === undefined ? [] : [{ line: at, message: problem + hint }];
    });
  }

  private async inBody(
    { language, text, line, runsNow }: RoutineBody,
    within: boolean,
  ): Promise<LineFinding[]> {
    const runs = runsNow && within;
    if (language === "sql") return this.inPiece(text, line, runs);
    if (language !== "plpgsql") return [];
    const findings: LineFinding[] = [];
    const fragments = [...fragmentsIn(text)];
    const texts = await Promise.all(fragments.map(sqlOf));
    // What is run stands in a variable: each text of the body may be it.
    const isHidden = texts.includes(UNWRITTEN);
    for (const [index, fragment] of fragments.entries()) {
      const sql = texts[index];
      const at = line + fragment.line;
      if (isHidden) findings.push(...(await this.inTexts(fragment, at, runs)));
      const found = sql === undefined ? this.inWords(fragment.tokens, at) : await this.inPiece(sql, at, runs);
      findings.push(...found.map((one) => ({ ...one, line: sql === undefined ? one.line : at })));
    }
    return findings;
  }

  /** What is wrong with the texts of a fragment, where one is SQL. */
  private async inTexts(fragment: Fragment, line: number, runsNow: boolean): Promise<LineFinding[]> {
    const findings: LineFinding[] = [];
    if (["execute", "raise"].includes(wordOf(fragment.tokens[0]))) return findings;
    const single = fragment.tokens.map((token) => inQuotes(token) ?? "");
    for (const text of new Set([...single, ...(await assignedTexts(fragment))])) {
      const script = await parsedScript(text);
      findings.push(...(await this.inScript(script, runsNow)).map((one) => ({ ...one, line })));
    }
    return findings;
  }

  /** What is wrong with SQL that stands at a line of something else. */
  private async inPiece(sql: string, line: number, runsNow: boolean): Promise<LineFinding[]> {
    const script = await parsedScript(sql);
    if (script.refusal !== undefined) return this.inWords(tokensIn(sql), line);
    const found = await this.inScript(script, runsNow);
    return found.map((one) => ({ ...one, line: line + one.line - 1 }));
  }

  /** Words may be a table's alias: only what is surely a schema is one. */
  private wordProblem(name: string): string | undefined {
    const isOne =
      name === "public" || name.includes(UNWRITTEN) || schemaNamed(this.declared, name) !== undefined;
    return isOne ? writtenSchemaProblem(this.declared, this.app, name) : undefined;
  }
}

/** The name that a token is. */
function nameIn({ kind, text }: Token): string | undefined {
  if (kind === "word") return text.toLowerCase();
  return kind === "quoted" ? text.slice(1, -1).replaceAll('""', '"') : undefined;
}

/** Tokens of a text; none of one in which a quote has no end. */
export function tokensIn(text: string): readonly Token[] {
  try {
    return tokensOf(text);
  } catch {
    return [];
  }
}

function fragmentsIn(text: string): ReturnType<typeof fragmentsOf> | readonly never[] {
  return tokensIn(text).length === 0 ? [] : fragmentsOf(text);
}
