import { literalText } from "./literal-text";

const ADVISORY =
  "its numbers are every app's, and Prisma's own lock is one of them: lock a row of your own instead (SELECT … FOR UPDATE)";
const NOTICE =
  "any login of the database hears it, may send the same, and one that listens too slowly stops it for all: keep what is to be told in a table";
const LARGE_OBJECT =
  "a large object is in no schema, so that no snapshot or reset has it: use a bytea column";
const ACTING = "what a login makes would not be its owner's: take it out";
const SERVER = "it reaches beyond the app's schema, and no app may: take it out";

/** What is the whole database's, by the functions that reach it. */
const SHARED: readonly (readonly [name: RegExp, todo: string])[] = [
  [/^pg_(try_)?advisory_/, ADVISORY],
  [/^pg_notify$/, NOTICE],
  [
    /^(lo_(create?|creat|from_bytea|import|open|put|get|unlink|export|lseek|truncate|tell)(64)?|loread|lowrite)$/,
    LARGE_OBJECT,
  ],
  [
    /^(dblink\w*|pg_read_(binary_)?file|pg_ls_\w+|pg_stat_file|pg_logical_\w+|pg_create_\w*replication\w*|pg_reload_conf)$/,
    SERVER,
  ],
];

/** What of a session is not an app's to set. */
const SESSION_SETTINGS = ["role", "session_authorization"];

/** Statements that do the same as one of these functions. */
export const NOTICE_STATEMENTS: Readonly<Record<string, readonly [words: string, todo: string]>> = {
  NotifyStmt: ["NOTIFY", NOTICE],
  ListenStmt: ["LISTEN", NOTICE],
};

/** Why an app may not call a function; undefined when it may. @param args of its call, as far as they were read */
export function callProblem(name: string, args: readonly unknown[]): string | undefined {
  if (name === "set_config" && SESSION_SETTINGS.includes(literalText(args[0]).toLowerCase()))
    return `set_config('${literalText(args[0]).toLowerCase()}'): ${ACTING}`;
  const todo = SHARED.find(([pattern]) => pattern.test(name))?.[1];
  return todo === undefined ? undefined : `${name}: ${todo}`;
}
