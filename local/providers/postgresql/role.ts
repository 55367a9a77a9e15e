import { type Client, escapeLiteral as literal, escapeIdentifier as quoted } from "pg";
import { TIMEOUT_SETTINGS } from "../../../infra/timeouts";
import { flagIn, type Handler, textIn, textsIn, told, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf, currentUser } from "./admin-session";

/** Attributes of a role: their words, and their columns in the catalog. */
const FLAGS: Readonly<Record<string, readonly [word: string, column: string]>> = {
  superuser: ["SUPERUSER", "rolsuper"],
  createDatabase: ["CREATEDB", "rolcreatedb"],
  createRole: ["CREATEROLE", "rolcreaterole"],
  inherit: ["INHERIT", "rolinherit"],
  login: ["LOGIN", "rolcanlogin"],
  bypassRowLevelSecurity: ["BYPASSRLS", "rolbypassrls"],
  replication: ["REPLICATION", "rolreplication"],
};

/** @param present the role as the catalog has it: whoever lacks an attribute may not even name it, so that what stays is left out */
function options(inputs: Properties, present: Properties | undefined): string {
  const words = Object.entries(FLAGS)
    .map(([key, [word, column]]) => ({ word, column, is: flagIn(inputs, key, key === "inherit") }))
    .filter(({ column, is }) => present?.[column] !== is)
    .map(({ word, is }) => `${is ? "" : "NO"}${word}`);
  words.push(`CONNECTION LIMIT ${wholeIn(inputs, "connectionLimit", -1)}`);
  words.push(`VALID UNTIL ${literal(textIn(inputs, "validUntil") || "infinity")}`);
  const password = textIn(inputs, "password");
  if (password !== "")
    words.push(`PASSWORD ${password.toUpperCase() === "NULL" ? "NULL" : literal(password)}`);
  return words.join(" ");
}

/** A role's row in the catalog; undefined when there is no such role. */
async function find(client: Client, name: string): Promise<Properties | undefined> {
  const { rows } = await client.query<Properties>(
    // As this session shows it, in its own time zone: the official provider compares that text.
    `SELECT *, coalesce(rolvaliduntil::text, 'infinity') AS "validUntil" FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  return rows[0];
}

async function memberships(client: Client, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT DISTINCT r.rolname FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid
     JOIN pg_roles m ON m.oid = member WHERE m.rolname = $1`,
    [name],
  );
  return rows.map(({ rolname }) => rolname);
}

/** Memberships are exactly the listed ones; every other one is revoked. */
async function setMemberships(client: Client, name: string, roles: readonly string[]): Promise<void> {
  const sql = (await memberships(client, name)).map((role) => `REVOKE ${quoted(role)} FROM ${quoted(name)}`);
  sql.push(...roles.map((role) => `GRANT ${quoted(role)} TO ${quoted(name)}`));
  if (sql.length > 0) await client.query(sql.join(";"));
}

/** Milliseconds that a session may take, by their settings. */
const LIMITS = Object.entries(TIMEOUT_SETTINGS);

/**
 * What a session of the role starts with.
 * @param before what is known of the role: a limit of time that does not change is left as it is, that of an import, too
 */
function sessionSettings(name: string, inputs: Properties, before: Properties): string {
  const path = textsIn(inputs, "searchPaths").map(quoted).join(", ") || "DEFAULT";
  const assumed = textIn(inputs, "assumeRole");
  const sql = [
    `ALTER ROLE ${quoted(name)} SET search_path TO ${path}`,
    assumed === ""
      ? `ALTER ROLE ${quoted(name)} RESET ROLE`
      : `ALTER ROLE ${quoted(name)} SET ROLE TO ${quoted(assumed)}`,
  ];
  for (const [key, setting] of LIMITS) {
    const limit = wholeIn(inputs, key, 0);
    if (limit === wholeIn(before, key, 0)) continue;
    sql.push(`ALTER ROLE ${quoted(name)} ${limit === 0 ? `RESET ${setting}` : `SET ${setting} TO ${limit}`}`);
  }
  return sql.join(";");
}

/** A limit of time; whoever wrote one with a unit put it beyond what the provider reads. */
function limitOf(setting: string, value: string): number {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw new Error(`error reading ${setting}: ${JSON.stringify(value)} is no plain number of milliseconds`);
}

/** A role as the catalog has it; the server tells no password. */
function described(role: Properties, roles: readonly string[]): Properties {
  const settings = new Map(
    (Array.isArray(role.rolconfig) ? role.rolconfig : []).map((line) => {
      const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(String(line)) ?? [];
      return [name, value] as const;
    }),
  );
  const flags = Object.entries(FLAGS).map(([key, [, column]]) => [key, role[column]]);
  const limits = LIMITS.map(([key, setting]) => [key, limitOf(setting, settings.get(setting) ?? "0")]);
  const path = settings.get("search_path") ?? "";
  return {
    ...Object.fromEntries([...flags, ...limits]),
    name: role.rolname,
    connectionLimit: role.rolconnlimit,
    validUntil: role.validUntil ?? "infinity",
    roles,
    assumeRole: settings.get("role") ?? "",
    searchPaths: path === "" ? [] : path.split(", ").map((schema) => schema.replace(/^"(.*)"$/, "$1")),
  };
}

/** How a role's inputs are compared, with others and with the catalog. */
const RULES = {
  sets: ["roles"],
  defaults: {
    ...Object.fromEntries(Object.keys(FLAGS).map((key) => [key, key === "inherit"])),
    ...Object.fromEntries(LIMITS.map(([key]) => [key, 0])),
    assumeRole: "",
    connectionLimit: -1,
    encryptedPassword: true,
    roles: [],
    searchPaths: [],
    skipDropRole: false,
    skipReassignOwned: false,
    validUntil: "infinity",
  },
};

/** `postgresql:index/role:Role`: everything changes in place, its name too; postgresql/resource_postgresql_role.go. */
export function roleHandler(session: AdminSession): Handler {
  const bring = async (client: Client, inputs: Properties, before: Properties = {}) => {
    const name = textIn(inputs, "name");
    const present = await find(client, name);
    const verb = present === undefined ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE ${quoted(name)} WITH ${options(inputs, present)}`);
    await setMemberships(client, name, textsIn(inputs, "roles"));
    await client.query(sessionSettings(name, inputs, before));
    return { id: name, outputs: { ...inputs, name } };
  };
  return {
    ...RULES,
    replaceOn: [],
    create: (inputs, call) => session.transaction(call, (client) => bring(client, inputs)),
    update: (before, inputs, call) =>
      session.transaction(call, async (client) => {
        const name = textIn(inputs, "name");
        if (before.id !== name)
          await client.query(`ALTER ROLE ${quoted(before.id)} RENAME TO ${quoted(name)}`);
        return bring(client, inputs, before.outputs);
      }),
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const found = await find(client, before.id);
        if (found === undefined) return undefined;
        return told(before, described(found, await memberships(client, before.id)), RULES);
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        if ((await find(client, before.id)) === undefined) return;
        const admin = await currentUser(client);
        await asMemberOf(client, [before.id], async () => {
          await client.query(`REASSIGN OWNED BY ${quoted(before.id)} TO ${quoted(admin)}`);
          await client.query(`DROP OWNED BY ${quoted(before.id)}`);
        });
        await client.query(`DROP ROLE ${quoted(before.id)}`);
      }),
  };
}
