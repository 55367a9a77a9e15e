import { Environments, isLasting, namesOf } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";

/** Something in an app's files that does not fit the stack. */
export interface FileFinding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong and what to do; never a URL, which may hold a password. */
  readonly message: string;
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

/** Why a file that every environment uses may not name a schema: even the app's own is one environment's. */
export function writtenSchemaProblem(
  declared: readonly DeclaredSchema[],
  app: string,
  schema: string,
): string {
  const leave = "leave it out, ?schema= in the URL decides";
  if (schema === "public") return `${schemaProblem(declared, app, schema)}, ${leave}`;
  return (
    schemaProblem(declared, app, schema) ??
    `schema "${schema}" fixes the environment, and prod would look for it, too: ${leave}`
  );
}
