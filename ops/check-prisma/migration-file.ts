import { EXTENSIONS_SCHEMA } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { type ParsedStatement, parsedScript } from "../sql/parsed-script";
import { type FileFinding, writtenSchemaProblem } from "./finding";
import { namedSchemas } from "./named-schemas";
import { statementProblem } from "./refused-statements";

/** Schemas whose relations, types and functions every login may name. */
function isEverybodys(schema: string): boolean {
  const isPostgres = schema.startsWith("pg_") || schema === "information_schema";
  // In a search_path, `""` is none and `$user` the login's own name.
  return isPostgres || schema === EXTENSIONS_SCHEMA || schema === "" || schema === "$user";
}

/** What Postgres says, without what it repeats of the file: that may be a password. */
function withoutQuotation(message: string): string {
  return message.replace(/( at or near)?\s*"[\s\S]*$/, "");
}

/** Checks a `migration.sql` of an app: nothing in it may be the stacks' to make, or name a schema of an app. */
export async function checkMigrationFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
): Promise<FileFinding[]> {
  const { statements, refusal, lineOf } = await parsedScript(text);
  if (refusal !== undefined) {
    const message = `Postgres's parser stops here, and so would a deploy: ${withoutQuotation(refusal.message)}`;
    return [{ file, line: refusal.line, message }];
  }
  const check = ({ tag, node, line }: ParsedStatement): FileFinding[] => {
    const refused = statementProblem(tag, node);
    if (refused !== undefined) return [{ file, line, message: refused }];
    // The first place of each schema is enough: a statement names its table again and again.
    const lineBySchema = new Map<string, number>();
    for (const { schema, location } of namedSchemas(node)) {
      const at = location === undefined ? line : lineOf(location);
      if (!isEverybodys(schema)) lineBySchema.set(schema, Math.min(at, lineBySchema.get(schema) ?? at));
    }
    return [...lineBySchema].map(([schema, at]) => {
      const hint = schema === "public" ? "; what an extension brings is in extensions" : "";
      return { file, line: at, message: writtenSchemaProblem(declared, app, schema) + hint };
    });
  };
  return statements.flatMap(check).sort((a, b) => a.line - b.line);
}
