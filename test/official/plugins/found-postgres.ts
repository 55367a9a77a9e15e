import type { Client } from "pg";
import { type Call, textIn } from "../../../local/engine/handler";
import type { Properties } from "../../../local/engine/values";
import type { AdminSession } from "../../../local/providers/postgresql/admin-session";
import { schemaOwner } from "../../../local/providers/postgresql/schema";
import { type Reader, type Told, toldInputs } from "./found";

interface RoleRow extends Record<string, unknown> {
  readonly rolconfig: readonly string[] | null;
  readonly roles: readonly string[];
}

const ROLE = `SELECT r.*, array(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
  WHERE m.member = r.oid ORDER BY 1) AS roles FROM pg_roles r WHERE rolname = $1`;

/** A setting of a role's sessions; empty when there is none. */
function settingOf(row: RoleRow, name: string): string {
  const found = row.rolconfig?.find((setting) => setting.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

function roleTells(row: RoleRow): Record<string, Told> {
  const paths = settingOf(row, "search_path")
    .split(", ")
    .filter((path) => path !== "");
  return {
    name: [row.rolname, undefined],
    login: [row.rolcanlogin, false],
    superuser: [row.rolsuper, false],
    createRole: [row.rolcreaterole, false],
    createDatabase: [row.rolcreatedb, false],
    inherit: [row.rolinherit, true],
    bypassRowLevelSecurity: [row.rolbypassrls, false],
    replication: [row.rolreplication, false],
    connectionLimit: [row.rolconnlimit, -1],
    roles: [row.roles, []],
    searchPaths: [paths.map((path) => path.replaceAll('"', "")), []],
    assumeRole: [settingOf(row, "role").replaceAll('"', ""), ""],
    statementTimeout: [Number(settingOf(row, "statement_timeout")), 0],
    idleInTransactionSessionTimeout: [Number(settingOf(row, "idle_in_transaction_session_timeout")), 0],
  };
}

/** Rights of a role, or of PUBLIC, in a list of rights. */
const RIGHTS = `array(SELECT DISTINCT privilege_type FROM aclexplode(acl)
  WHERE grantee = coalesce((SELECT oid FROM pg_roles WHERE rolname = $1 AND $1 <> 'public'), 0) ORDER BY 1) AS rights`;
const GRANTS: Readonly<Record<string, string>> = {
  database: "SELECT coalesce(datacl, acldefault('d', datdba)) AS acl FROM pg_database WHERE datname = $2",
  schema: "SELECT coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM pg_namespace WHERE nspname = $2",
};
const DEFAULTS = `SELECT defaclacl AS acl FROM pg_default_acl WHERE pg_get_userbyid(defaclrole) = $2
  AND defaclnamespace = coalesce((SELECT oid FROM pg_namespace WHERE nspname = $3), 0) AND defaclobjtype = $4`;
const DEFAULT_KINDS: Readonly<Record<string, string>> = {
  table: "r",
  sequence: "S",
  function: "f",
  type: "T",
  schema: "n",
};

/** Whether a role exists, or is everybody. */
async function hasRole(client: Client, role: string): Promise<boolean> {
  if (role === "public") return true;
  return (await client.query("SELECT FROM pg_roles WHERE rolname = $1", [role])).rowCount === 1;
}

/** The declared rights as they stand; gone with its role alone, as the official provider sees it. */
async function readRights(client: Client, inputs: Properties, acl: string, values: readonly unknown[]) {
  const role = textIn(inputs, "role");
  if (!(await hasRole(client, role))) return undefined;
  const { rows } = await client.query<{ rights: string[] }>(`SELECT ${RIGHTS} FROM (${acl}) AS t`, [
    role,
    ...values,
  ]);
  const rights = rows[0]?.rights ?? [];
  return { inputs: toldInputs(inputs, { privileges: [rights, []] }) };
}

/** Readers of what the official Postgres provider makes; each asks as the deployer that the program's provider names. */
export function postgresReaders(session: AdminSession): Readonly<Record<string, Reader>> {
  const asking = <T>(call: Call, ask: (client: Client, database: string) => Promise<T>) =>
    session.transaction(call, ask);
  return {
    "postgresql:index/role:Role": (before, call) =>
      asking(call, async (client) => {
        const row = (await client.query<RoleRow>(ROLE, [before.id])).rows[0];
        return row && { inputs: toldInputs(before.inputs, roleTells(row)) };
      }),
    "postgresql:index/database:Database": (before, call) =>
      asking(call, async (client) => {
        const sql = "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1";
        const owner = (await client.query<{ owner: string }>(sql, [before.id])).rows[0]?.owner;
        return owner === undefined ? undefined : { inputs: { name: before.id, owner } };
      }),
    "postgresql:index/schema:Schema": (before, call) =>
      asking(call, async (client) => {
        const owner = await schemaOwner(client, textIn(before.outputs, "name"));
        return owner === undefined ? undefined : { inputs: {}, outputs: { owner } };
      }),
    "postgresql:index/extension:Extension": (before, call) =>
      asking(call, async (client) => {
        const sql = "SELECT extversion AS version FROM pg_extension WHERE extname = $1";
        const row = (await client.query<Properties>(sql, [textIn(before.inputs, "name")])).rows[0];
        return row && { inputs: {}, outputs: row };
      }),
    "postgresql:index/grant:Grant": (before, call) =>
      asking(call, async (client) => {
        const kind = textIn(before.inputs, "objectType");
        const acl = GRANTS[kind];
        const schema = textIn(before.inputs, "schema");
        if (acl !== undefined)
          return readRights(client, before.inputs, acl, [
            kind === "schema" ? schema : textIn(before.inputs, "database"),
          ]);
        const isThere = (await schemaOwner(client, schema)) !== undefined;
        return isThere && (await hasRole(client, textIn(before.inputs, "role"))) ? { inputs: {} } : undefined;
      }),
    "postgresql:index/defaultPrivileges:DefaultPrivileges": (before, call) =>
      asking(call, async (client) => {
        const kind = DEFAULT_KINDS[textIn(before.inputs, "objectType")];
        const place = [textIn(before.inputs, "owner"), textIn(before.inputs, "schema"), kind];
        return readRights(client, before.inputs, DEFAULTS, place);
      }),
  };
}
