import { isTree } from "../sql/parsed-script";
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
/** Settings that Postgres lets superusers alone change, as far as a script would. */
const SUPERUSERS_SETTING =
  /^(session_replication_role|deadlock_timeout|temp_file_limit|session_preload_libraries|lc_messages|log_\w+|track_\w+)$/;

/** Whether a setting is a superuser's. */
export const isSuperusers = (name: string): boolean => SUPERUSERS_SETTING.test(name);

/** Statements that do the same as one of these functions. */
export const NOTICE_STATEMENTS: Readonly<Record<string, readonly [words: string, todo: string]>> = {
  NotifyStmt: ["NOTIFY", NOTICE],
  ListenStmt: ["LISTEN", NOTICE],
};

/** The argument of a name, or the first one where none is named. */
function argumentOf(args: readonly unknown[], name: string): unknown {
  const trees = args.map((one) => (isTree(one) && isTree(one.NamedArgExpr) ? one.NamedArgExpr : undefined));
  return trees.find((one) => one?.name === name)?.arg ?? args[0];
}

/** Why an app may not call a function; undefined when it may. @param args of its call, as far as they were read */
export function callProblem(name: string, args: readonly unknown[]): string | undefined {
  const setting = name === "set_config" ? literalText(argumentOf(args, "setting_name")).toLowerCase() : "";
  if (SESSION_SETTINGS.includes(setting)) return `set_config('${setting}'): ${ACTING}`;
  if (isSuperusers(setting)) return `set_config('${setting}'): no app may set it: take it out`;
  const todo = SHARED.find(([pattern]) => pattern.test(name))?.[1];
  return todo === undefined ? undefined : `${name}: ${todo}`;
}
