import type { DeclaredSchema } from "../app/declared-schemas";
import { tokenAt } from "../sql/lexer";
import { type ParsedScript, parsedScript } from "../sql/parsed-script";
import type { PrismaVersion } from "./app-files";
import type { FileFinding, LineFinding } from "./finding";
import { heeded } from "./ignored";
import { lockWarnings } from "./migration-locks";
import { SqlProblems } from "./sql-problems";
import { TableHistory } from "./table-history";
import { sendsOneByOne, transactionProblems } from "./transaction-rules";

/** What Postgres says, without what it repeats of the file: that may be a password. */
function withoutQuotation(message: string): string {
  return message.replace(/( at or near)?\s*"[\s\S]*$/, "");
}

/** The line of psql's first command in a script that Postgres refuses; undefined when there is none before the mistake. */
function commandOfPsql(text: string, until: number): number | undefined {
  let line = 1;
  for (let position = 0; position < text.length && line <= until; ) {
    const token = tokenAt(text, position, true);
    if (token === undefined) return undefined;
    if (token.kind === "meta") return line;
    line += token.text.split("\n").length - 1;
    position += token.text.length;
  }
  return undefined;
}

/** Why a script is none, in one finding. */
function unreadable(text: string, { line, message }: NonNullable<ParsedScript["refusal"]>): LineFinding {
  if (text.startsWith("\uFEFF"))
    return {
      line: 1,
      message:
        "a byte order mark (BOM) stands before the SQL, which Postgres refuses: save it as UTF-8 without one",
    };
  const command = commandOfPsql(text, line);
  if (command !== undefined)
    return {
      line: command,
      message: "a command of psql, which psql alone knows: write it as SQL, or take it out",
    };
  return {
    line,
    message: `Postgres's parser stops here, and so would a deploy: ${withoutQuotation(message)}`,
  };
}

/** What is known of an app beside one file. */
export interface MigrationContext {
  /** Prisma's version, where it is said. */
  readonly version?: PrismaVersion | undefined;
  /** What the migrations before this one made. */
  readonly history?: TableHistory;
}

/** Checks a `migration.sql` of an app: nothing in it may be the stacks' to make, or name a schema of an app; locks warn. */
export async function checkMigrationFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
  { version, history = new TableHistory() }: MigrationContext = {},
): Promise<FileFinding[]> {
  const script = await parsedScript(text);
  if (script.refusal !== undefined) return [{ file, ...unreadable(text, script.refusal) }];
  history.beginFile(!sendsOneByOne(version));
  const problems = new SqlProblems(app, declared, (statement) => lockWarnings(statement, history));
  const found = [...(await problems.inScript(script)), ...transactionProblems(script.statements, version)];
  const sorted = found.sort((a, b) => a.line - b.line);
  return heeded(text, script.statements, sorted).map((one) => ({ file, ...one }));
}
