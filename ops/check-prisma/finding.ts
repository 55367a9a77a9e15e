import { Environments, isLasting, namesOf } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";

/** Something in a text of an app. */
export interface LineFinding {
  /** From 1. */
  readonly line: number;
  /** What it is, what it does here, what to do instead; never a URL, which may hold a password. */
  readonly message: string;
  /** It fits the stacks, and yet whoever is at work meanwhile waits or fails. */
  readonly isWarning?: true;
}

/** Something in an app's files that does not fit the stacks, or warns of what a deploy does. */
export interface FileFinding extends LineFinding {
  readonly file: string;
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** What to do about a URL in a file that goes into the repository. */
export function writtenOut(key: string): string {
  const variable =
    { directUrl: "DIRECT_URL", shadowDatabaseUrl: "SHADOW_DATABASE_URL" }[key] ?? "DATABASE_URL";
  return `${key} is written out: take it from env("${variable}")`;
}

/** Variables with a URL of the app's own database. */
export const APP_URLS: readonly string[] = ["DATABASE_URL", "DIRECT_URL"];

/** Why Prisma's shadow database may not be what a variable of the app leads to. */
export function shadowProblem(variable: string): string {
  return `shadowDatabaseUrl reads ${variable}: Prisma empties what it leads to: take env("SHADOW_DATABASE_URL"), of a local database of your own`;
}

/** Whose schema a name is: a declared one, or an app's in an ephemeral environment. */
export function schemaNamed(declared: readonly DeclaredSchema[], schema: string): DeclaredSchema | undefined {
  const found = declared.find(({ names }) => names.schema === schema);
  if (found !== undefined) return found;
  const meaning = new Environments().meaningOf(schema);
  if (meaning === undefined || isLasting(meaning.stack)) return undefined;
  const { app, environment } = meaning;
  return declared.some((one) => one.app === app)
    ? { ...meaning, names: namesOf(app, environment) }
    : undefined;
}

/** Why an app's file may not name a schema; undefined when it is the app's own. */
export function schemaProblem(
  declared: readonly DeclaredSchema[],
  app: string,
  schema: string,
): string | undefined {
  if (schema === "public") return 'schema "public" is no app\'s: nothing can be made in it';
  const found = schemaNamed(declared, schema);
  if (found === undefined) return `schema "${schema}" is in no stack: deploy it first, or mend the name`;
  return found.app === app ? undefined : `schema "${schema}" is ${found.app}'s: ${app} may not reach it`;
}

/** Stands in a text that is put together for what only a run knows; a word to Postgres, and in no schema's name. */
export const UNWRITTEN = "portal_db_unwritten";

/** Why a file that every environment uses may not name a schema: even the app's own is one environment's. */
export function writtenSchemaProblem(
  declared: readonly DeclaredSchema[],
  app: string,
  schema: string,
): string | undefined {
  const [known = "", ...rest] = schema.split(UNWRITTEN);
  if (rest.length > 0) {
    // What is known of "xplan_${environment}" is enough.
    const other = declared.find((one) => one.app !== app && known === `${one.app}_`);
    return other && `schema "${known}…" is ${other.app}'s: ${app} may not reach it`;
  }
  const leave = "leave it out, ?schema= in the URL decides";
  if (schema === "public") return `${schemaProblem(declared, app, schema)}, ${leave}`;
  return (
    schemaProblem(declared, app, schema) ??
    `schema "${schema}" fixes the environment, and prod would look for it, too: ${leave}`
  );
}
