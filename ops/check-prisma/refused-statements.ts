import { parts, type Tree } from "../sql/parsed-script";

const SCHEMA = "the schema is the stack's: take it out";
const DATABASE = "the database is the stacks': take it out";
const ROLE = "the stacks make roles: take it out";
const GRANT = "the stacks make grants: take it out";
const OWNER = "what a login makes is its owner's already: take it out";
const ACTING = "what a login makes would not be its owner's: take it out";
// A login's search_path is its own schema alone.
const EXTENSION =
  "no app may: take it out, have prod's setting extensions name it, and write extensions. before its types and functions";
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
};

/** Why a migration may not hold a statement, whichever schema it names; undefined when it may. */
export function statementProblem(tag: string, node: Tree): string | undefined {
  const refused = REFUSED[tag];
  if (refused !== undefined) {
    const isRevoke = refused[1] === GRANT && refused[0] === "GRANT" && node.is_grant !== true;
    return `${isRevoke ? "REVOKE" : refused[0]}: ${refused[1]}`;
  }
  const [key = "", verb] = ON_ANY_KIND[tag] ?? [];
  const [kind, todo] = STACKS_KINDS[String(node[key])] ?? [];
  if (verb !== undefined && kind !== undefined) return `${verb} ${kind}: ${todo}`;
  if (tag === "VariableSetStmt" && node.name === "role") return `SET ROLE: ${ACTING}`;
  if (tag === "VariableSetStmt" && node.name === "session_authorization")
    return `SET SESSION AUTHORIZATION: ${ACTING}`;
  for (const [part, value] of parts(node)) {
    if (part === "subtype" && value === "AT_ChangeOwner") return `OWNER TO: ${OWNER}`;
    if (part === "relpersistence" && value === "t") return `TEMPORARY: ${TEMPORARY}`;
  }
  return undefined;
}
