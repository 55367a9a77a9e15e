import { type Client, escapeIdentifier } from "pg";
import { codeOf, MistakeError, messageOf } from "../../../infra/mistake";
import { flagIn, type Handler, textIn, textsIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf } from "./admin-session";
import { databaseOwner } from "./database";
import { schemaOwner } from "./schema";

/** A grantee: the word `public` is everyone, not a role of that name. */
export function grantee(role: string): string {
  return role === "public" ? "PUBLIC" : escapeIdentifier(role);
}

const WORD = /^[A-Z]+$/;

/** Privileges as SQL words. @throws Error for anything that is no word */
export function privilegeList(inputs: Properties): string {
  const privileges = textsIn(inputs, "privileges");
  const bad = privileges.find((privilege) => !WORD.test(privilege));
  if (bad !== undefined) throw new Error(`${bad} is not a privilege`);
  return privileges.join(", ");
}

/** What a grant is on: `DATABASE "x"`, `SCHEMA "x"`, `ALL TABLES IN SCHEMA "x"`, `TABLE "x"."y"`. */
function target(inputs: Properties): string {
  const kind = textIn(inputs, "objectType");
  const schema = escapeIdentifier(textIn(inputs, "schema"));
  const objects = textsIn(inputs, "objects");
  if (kind === "database") return `DATABASE ${escapeIdentifier(textIn(inputs, "database"))}`;
  if (kind === "schema") return `SCHEMA ${schema}`;
  if (!["table", "sequence", "function", "procedure", "routine"].includes(kind)) {
    throw new Error(`grants on ${kind} are not something the local platform knows`);
  }
  if (objects.length === 0) return `ALL ${kind.toUpperCase()}S IN SCHEMA ${schema}`;
  const names = objects.map((name) => `${schema}.${escapeIdentifier(name)}`);
  return `${kind.toUpperCase()} ${names.join(", ")}`;
}

/** Roles that own what a grant touches: only their members may grant. */
async function owners(client: Client, inputs: Properties): Promise<readonly string[]> {
  const kind = textIn(inputs, "objectType");
  if (kind === "database") return [];
  const schema = textIn(inputs, "schema");
  const owner = await schemaOwner(client, schema);
  if (owner === undefined) throw new Error(`schema ${schema} does not exist`);
  const { rows } =
    kind === "schema"
      ? { rows: [] }
      : await client.query<{ name: string }>(
          "SELECT DISTINCT tableowner AS name FROM pg_tables WHERE schemaname = $1",
          [schema],
        );
  const resolved = owner === "pg_database_owner" ? ((await databaseOwner(client)) ?? "") : owner;
  return [...rows.map(({ name }) => name), resolved];
}

/**
 * Gives or takes as the owners of what a grant touches. As the official provider does, that asks who owns a table: what
 * stands in a schema without one is nobody's to give.
 * @throws {MistakeError} that says what lets it through
 */
async function asOwners(client: Client, inputs: Properties, sql: string): Promise<void> {
  const found = await owners(client, inputs);
  try {
    await asMemberOf(client, found, () => client.query(sql));
  } catch (thrown) {
    const isOnObjects = !["database", "schema"].includes(textIn(inputs, "objectType"));
    if (codeOf(thrown) !== REFUSED || !isOnObjects || found.length > 1) throw thrown;
    throw new MistakeError(
      `${messageOf(thrown)}: the schema ${textIn(inputs, "schema")} has no table, as whose owner rights on the rest are ` +
        'given and taken; docs/runbook.md, "A failed deploy", has what lets it through',
    );
  }
}

const REFUSED = "42501";

/** Access lists of what a grant can be on, by the kind of it. */
const ACCESS_LISTS: Readonly<Record<string, string>> = {
  database: "SELECT coalesce(datacl, acldefault('d', datdba)) AS acl FROM pg_database WHERE datname = $1",
  schema: "SELECT coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM pg_namespace WHERE nspname = $1",
};

/**
 * What a role has on a database or a schema; undefined where one of them is not there.
 */
async function privilegesOn(client: Client, inputs: Properties): Promise<readonly string[] | undefined> {
  const kind = textIn(inputs, "objectType");
  const { rows } = await client.query<{ privileges: string[] }>(
    `SELECT array(SELECT DISTINCT privilege_type FROM aclexplode(acl) WHERE grantee = role.oid ORDER BY 1) AS privileges
     FROM (${ACCESS_LISTS[kind]}) one,
       (SELECT oid FROM pg_roles WHERE rolname = $2 UNION ALL SELECT 0 WHERE $2 = 'public') role`,
    [textIn(inputs, kind), textIn(inputs, "role")],
  );
  return rows[0]?.privileges;
}

function idOf(inputs: Properties): string {
  const kind = textIn(inputs, "objectType");
  const schema = kind === "database" ? [] : [textIn(inputs, "schema")];
  return [
    textIn(inputs, "role"),
    textIn(inputs, "database"),
    ...schema,
    kind,
    ...textsIn(inputs, "objects"),
  ].join("_");
}

/**
 * `postgresql:index/grant:Grant`: the privileges alone change in place; postgresql/resource_postgresql_grant.go of the
 * provider. That a replaced one goes first is Pulumi's, in provider/resources.go of pulumi-postgresql.
 */
export function grantHandler(session: AdminSession): Handler {
  const bring = (inputs: Properties, call: Parameters<Handler["create"]>[1]) =>
    session.transaction(call, async (client) => {
      const on = target(inputs);
      const to = grantee(textIn(inputs, "role"));
      const privileges = privilegeList(inputs);
      const option = flagIn(inputs, "withGrantOption") ? " WITH GRANT OPTION" : "";
      const sql = [`REVOKE ALL PRIVILEGES ON ${on} FROM ${to}`];
      // No privileges at all means: revoke.
      if (privileges !== "") sql.push(`GRANT ${privileges} ON ${on} TO ${to}${option}`);
      await asOwners(client, inputs, sql.join(";"));
      // A REVOKE by somebody who may not is a warning alone.
      const isOnDatabase = textIn(inputs, "objectType") === "database";
      const found = isOnDatabase ? { privileges: (await privilegesOn(client, inputs)) ?? [] } : {};
      return { id: idOf(inputs), outputs: { ...inputs, ...found } };
    });
  return {
    replaceOn: ["role", "database", "schema", "objectType", "objects", "columns", "withGrantOption"],
    deleteBeforeReplace: true,
    sets: ["privileges", "objects", "columns"],
    defaults: { withGrantOption: false },
    create: bring,
    update: (_before, inputs, call) => bring(inputs, call),
    // Of tables and the like, each has its own list: such a grant is there while its role and schema are.
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const isListed = ACCESS_LISTS[textIn(before.inputs, "objectType")] !== undefined;
        const privileges = await privilegesOn(
          client,
          isListed ? before.inputs : { ...before.inputs, objectType: "schema" },
        );
        if (privileges === undefined) return undefined;
        return isListed ? told(before, { privileges }, { sets: ["privileges"] }) : {};
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        const { inputs } = before;
        const schema = textIn(inputs, "schema");
        if (schema !== "" && (await schemaOwner(client, schema)) === undefined) return;
        const sql = `REVOKE ALL PRIVILEGES ON ${target(inputs)} FROM ${grantee(textIn(inputs, "role"))}`;
        await asOwners(client, inputs, sql);
      }),
  };
}
