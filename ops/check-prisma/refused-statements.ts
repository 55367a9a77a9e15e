import { isTree, nameOf, parts, type Tree } from "../sql/parsed-script";
import { callProblem, isSuperusers, NOTICE_STATEMENTS } from "./shared-functions";

const SCHEMA = "the schema is the stack's: take it out";
const DATABASE = "the database is the stacks': take it out";
const ROLE = "the stacks make roles: take it out";
const GRANT = "the stacks make grants: take it out";
const OWNER = "what a login makes is its owner's already: take it out";
const ACTING = "what a login makes would not be its owner's: take it out";
// A login's search_path is its own schema alone.
const EXTENSION =
  "no app may: take it out, have prod's setting extensions name it, and write extensions. before its types and functions";
const SERVER = "it is the whole database's, and no app may: take it out";
const DEFINER =
  "whoever may call it acts as the app, its reader too: leave it out, the app's own calls need no more than SECURITY INVOKER";
const COPY = "no app reaches the server's files, and a migration has no rows behind it: write INSERT";
const REFRESH =
  "it fills a temporary table, and no login may make one: leave CONCURRENTLY out, or keep a table that the app fills itself";
const REINDEX = "the whole database or schema is the stacks': name a table or an index, CONCURRENTLY";
const SUPERUSERS = "no app may set it: take it out";
const ALL_TRIGGERS = "those of foreign keys are Postgres's own, and no app may: write DISABLE TRIGGER USER";
const TEMPORARY = "no login may make a temporary one: use a WITH query, or a table and drop it";

/** Statements that are refused whatever they name, by their tag: what they are called, and what to do. */
const REFUSED: Readonly<Record<string, readonly [words: string, todo: string]>> = {
  CreateSchemaStmt: [
    "CREATE SCHEMA",
    "no app may, even with IF NOT EXISTS: take it out, the stack makes the schema",
  ],
  CreatedbStmt: ["CREATE DATABASE", DATABASE],
  AlterDatabaseStmt: ["ALTER DATABASE", DATABASE],
  AlterDatabaseSetStmt: ["ALTER DATABASE", DATABASE],
  AlterDatabaseRefreshCollStmt: ["ALTER DATABASE", DATABASE],
  DropdbStmt: ["DROP DATABASE", DATABASE],
  CreateRoleStmt: ["CREATE ROLE", ROLE],
  AlterRoleStmt: ["ALTER ROLE", ROLE],
  AlterRoleSetStmt: ["ALTER ROLE", ROLE],
  DropRoleStmt: ["DROP ROLE", ROLE],
  GrantStmt: ["GRANT", GRANT],
  GrantRoleStmt: ["GRANT", GRANT],
  AlterDefaultPrivilegesStmt: ["ALTER DEFAULT PRIVILEGES", GRANT],
  AlterOwnerStmt: ["OWNER TO", OWNER],
  ReassignOwnedStmt: ["REASSIGN OWNED", OWNER],
  DropOwnedStmt: ["DROP OWNED", ROLE],
  CreateExtensionStmt: ["CREATE EXTENSION", EXTENSION],
  AlterExtensionStmt: ["ALTER EXTENSION", EXTENSION],
  AlterExtensionContentsStmt: ["ALTER EXTENSION", EXTENSION],
  CreatePublicationStmt: ["CREATE PUBLICATION", SERVER],
  AlterPublicationStmt: ["ALTER PUBLICATION", SERVER],
  CreateSubscriptionStmt: ["CREATE SUBSCRIPTION", SERVER],
  AlterSubscriptionStmt: ["ALTER SUBSCRIPTION", SERVER],
  DropSubscriptionStmt: ["DROP SUBSCRIPTION", SERVER],
  CreateEventTrigStmt: ["CREATE EVENT TRIGGER", SERVER],
  AlterEventTrigStmt: ["ALTER EVENT TRIGGER", SERVER],
  CreateFdwStmt: ["CREATE FOREIGN DATA WRAPPER", SERVER],
  AlterFdwStmt: ["ALTER FOREIGN DATA WRAPPER", SERVER],
  CreateForeignServerStmt: ["CREATE SERVER", SERVER],
  AlterForeignServerStmt: ["ALTER SERVER", SERVER],
  CreateUserMappingStmt: ["CREATE USER MAPPING", SERVER],
  AlterUserMappingStmt: ["ALTER USER MAPPING", SERVER],
  DropUserMappingStmt: ["DROP USER MAPPING", SERVER],
  CreateForeignTableStmt: ["CREATE FOREIGN TABLE", SERVER],
  ImportForeignSchemaStmt: ["IMPORT FOREIGN SCHEMA", SERVER],
  CreatePLangStmt: ["CREATE LANGUAGE", SERVER],
  CreateAmStmt: ["CREATE ACCESS METHOD", SERVER],
  CreateOpClassStmt: ["CREATE OPERATOR CLASS", SERVER],
  CreateOpFamilyStmt: ["CREATE OPERATOR FAMILY", SERVER],
  CreateTableSpaceStmt: ["CREATE TABLESPACE", SERVER],
  DropTableSpaceStmt: ["DROP TABLESPACE", SERVER],
  AlterTableSpaceOptionsStmt: ["ALTER TABLESPACE", SERVER],
  AlterSystemStmt: ["ALTER SYSTEM", SERVER],
  SecLabelStmt: ["SECURITY LABEL", SERVER],
  CheckPointStmt: ["CHECKPOINT", SERVER],
  LoadStmt: ["LOAD", SERVER],
  CopyStmt: ["COPY", COPY],
  ...NOTICE_STATEMENTS,
};

/** Statements that do something to an object of any kind: the key that names the kind, and what they are called. */
const ON_ANY_KIND: Readonly<Record<string, readonly [key: string, words: string]>> = {
  DropStmt: ["removeType", "DROP"],
  RenameStmt: ["renameType", "ALTER"],
  AlterObjectSchemaStmt: ["objectType", "ALTER"],
  CommentStmt: ["objtype", "COMMENT ON"],
};

/** Kinds of objects that are not an app's. */
const STACKS_KINDS: Readonly<Record<string, readonly [word: string, todo: string]>> = {
  OBJECT_SCHEMA: ["SCHEMA", SCHEMA],
  OBJECT_DATABASE: ["DATABASE", DATABASE],
  OBJECT_ROLE: ["ROLE", ROLE],
  OBJECT_EXTENSION: ["EXTENSION", EXTENSION],
  OBJECT_PUBLICATION: ["PUBLICATION", SERVER],
  OBJECT_SUBSCRIPTION: ["SUBSCRIPTION", SERVER],
  OBJECT_EVENT_TRIGGER: ["EVENT TRIGGER", SERVER],
  OBJECT_FOREIGN_SERVER: ["SERVER", SERVER],
  OBJECT_FDW: ["FOREIGN DATA WRAPPER", SERVER],
  OBJECT_LANGUAGE: ["LANGUAGE", SERVER],
  OBJECT_TABLESPACE: ["TABLESPACE", SERVER],
};

/** Languages whose functions reach the server itself. */
const UNTRUSTED_LANGUAGE = /^(c|internal|plpython3?u|plperlu|pltclu)$/i;

/** What an option of a function is set to. */
function optionOf(node: Tree, name: string): unknown {
  const options = [node.options, node.actions].find(Array.isArray) ?? [];
  const found = options.find((one) => isTree(one) && isTree(one.DefElem) && one.DefElem.defname === name);
  return isTree(found) && isTree(found.DefElem) ? found.DefElem.arg : undefined;
}

/** What a superuser alone may declare of a function. */
const SUPERUSERS_OPTIONS = ["leakproof", "support"];

/** Why a function may not be as it is declared. */
function routineProblem(node: Tree): string | undefined {
  const security = optionOf(node, "security");
  if (isTree(security) && isTree(security.Boolean) && security.Boolean.boolval === true)
    return `SECURITY DEFINER: ${DEFINER}`;
  for (const name of SUPERUSERS_OPTIONS) {
    const value = optionOf(node, name);
    const isOff = isTree(value) && isTree(value.Boolean) && value.Boolean.boolval !== true;
    if (value !== undefined && !isOff) return `${name.toUpperCase()}: ${SUPERUSERS}`;
  }
  const language = optionOf(node, "language");
  const name = isTree(language) && isTree(language.String) ? String(language.String.sval) : "";
  return UNTRUSTED_LANGUAGE.test(name) ? `LANGUAGE ${name.toLowerCase()}: ${SERVER}` : undefined;
}

/** What CREATE makes that a superuser alone may make. */
const SUPERUSERS_KINDS: Readonly<Record<string, string>> = {
  OBJECT_TYPE: "CREATE TYPE of a base type",
  OBJECT_TSTEMPLATE: "CREATE TEXT SEARCH TEMPLATE",
  OBJECT_TSPARSER: "CREATE TEXT SEARCH PARSER",
};

/** Why a migration may not hold a statement, whichever schema it names; undefined when it may. */
export function statementProblem(tag: string, node: Tree): string | undefined {
  for (const [part, value] of parts({ [tag]: node })) {
    // A rule, a function and EXPLAIN hold statements, too.
    const problem = isTree(value) ? nodeProblem(part, value) : valueProblem(part, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What is wrong with a statement, a call or another node, by itself. */
function nodeProblem(tag: string, node: Tree): string | undefined {
  const refused = REFUSED[tag];
  if (refused !== undefined) {
    const isRevoke = refused[1] === GRANT && refused[0] === "GRANT" && node.is_grant !== true;
    return `${isRevoke ? "REVOKE" : refused[0]}: ${refused[1]}`;
  }
  const [key = "", verb] = ON_ANY_KIND[tag] ?? [];
  const [kind, todo] = STACKS_KINDS[String(node[key])] ?? [];
  if (verb !== undefined && kind !== undefined) return `${verb} ${kind}: ${todo}`;
  if (tag === "VariableSetStmt") {
    const setting = String(node.name).toLowerCase();
    if (setting === "role") return `SET ROLE: ${ACTING}`;
    if (setting === "session_authorization") return `SET SESSION AUTHORIZATION: ${ACTING}`;
    if (isSuperusers(setting)) return `SET ${setting}: ${SUPERUSERS}`;
  }
  const name = /^Create/.test(tag) ? nameOf(node.funcname ?? node.typeName ?? node.domainname) : [];
  if (name[0] === "pg_temp") return `TEMPORARY: ${TEMPORARY}`;
  const made = tag === "DefineStmt" ? SUPERUSERS_KINDS[String(node.kind)] : undefined;
  if (made !== undefined) return `${made}: ${SERVER}`;
  if (tag === "RefreshMatViewStmt" && node.concurrent === true)
    return `REFRESH MATERIALIZED VIEW CONCURRENTLY: ${REFRESH}`;
  if (tag === "ReindexStmt" && /_(DATABASE|SYSTEM|SCHEMA)$/.test(String(node.kind)))
    return `REINDEX: ${REINDEX}`;
  if (tag === "TransactionStmt" && node.kind === "TRANS_STMT_PREPARE")
    return `PREPARE TRANSACTION: ${SERVER}`;
  if (tag === "CreateFunctionStmt" || tag === "AlterFunctionStmt") {
    const problem = routineProblem(node);
    if (problem !== undefined) return problem;
  }
  if (tag !== "FuncCall") return undefined;
  return callProblem(nameOf(node.funcname).at(-1) ?? "", Array.isArray(node.args) ? node.args : []);
}

/** What is wrong with a value that a node has by a key. */
function valueProblem(key: string, value: unknown): string | undefined {
  if (key === "subtype" && value === "AT_DisableTrigAll") return `DISABLE TRIGGER ALL: ${ALL_TRIGGERS}`;
  if (key === "subtype" && value === "AT_ChangeOwner") return `OWNER TO: ${OWNER}`;
  const isTemporary =
    (key === "relpersistence" && value === "t") || (key === "schemaname" && value === "pg_temp");
  return isTemporary ? `TEMPORARY: ${TEMPORARY}` : undefined;
}
