import { type Client, escapeLiteral as literal, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn, textsIn, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf, currentUser } from "./admin-session";

const FLAGS: Readonly<Record<string, string>> = {
  superuser: "SUPERUSER",
  createDatabase: "CREATEDB",
  createRole: "CREATEROLE",
  inherit: "INHERIT",
  login: "LOGIN",
  bypassRowLevelSecurity: "BYPASSRLS",
  replication: "REPLICATION",
};
/** Only a superuser may even name these, unless they stay as they are. */
const RESERVED = ["superuser", "bypassRowLevelSecurity", "replication"];

function options(inputs: Properties, isNew: boolean): string {
  const words = Object.entries(FLAGS)
    .filter(([key]) => isNew || !RESERVED.includes(key) || flagIn(inputs, key))
    .map(([key, word]) => `${flagIn(inputs, key, key === "inherit") ? "" : "NO"}${word}`);
  words.push(`CONNECTION LIMIT ${wholeIn(inputs, "connectionLimit", -1)}`);
  words.push(`VALID UNTIL ${literal(textIn(inputs, "validUntil") || "infinity")}`);
  const password = textIn(inputs, "password");
  if (password !== "")
    words.push(`PASSWORD ${password.toUpperCase() === "NULL" ? "NULL" : literal(password)}`);
  return words.join(" ");
}

async function exists(client: Client, name: string): Promise<boolean> {
  return (await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name])).rowCount !== 0;
}

/** Memberships are exactly the listed ones; every other one is revoked. */
async function setMemberships(client: Client, name: string, roles: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT DISTINCT r.rolname FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid
     JOIN pg_roles m ON m.oid = member WHERE m.rolname = $1`,
    [name],
  );
  const sql = rows.map(({ rolname }) => `REVOKE ${quoted(rolname)} FROM ${quoted(name)}`);
  sql.push(...roles.map((role) => `GRANT ${quoted(role)} TO ${quoted(name)}`));
  if (sql.length > 0) await client.query(sql.join(";"));
}

/** What a session of the role starts with. */
function sessionSettings(name: string, inputs: Properties): string {
  const path = textsIn(inputs, "searchPaths").map(quoted).join(", ") || "DEFAULT";
  const assumed = textIn(inputs, "assumeRole");
  const sql = [
    `ALTER ROLE ${quoted(name)} SET search_path TO ${path}`,
    assumed === ""
      ? `ALTER ROLE ${quoted(name)} RESET ROLE`
      : `ALTER ROLE ${quoted(name)} SET ROLE TO ${quoted(assumed)}`,
  ];
  for (const [key, setting] of [
    ["statementTimeout", "statement_timeout"],
    ["idleInTransactionSessionTimeout", "idle_in_transaction_session_timeout"],
  ] as const) {
    const limit = wholeIn(inputs, key, 0);
    sql.push(`ALTER ROLE ${quoted(name)} ${limit === 0 ? `RESET ${setting}` : `SET ${setting} TO ${limit}`}`);
  }
  return sql.join(";");
}

/** `postgresql:index/role:Role`. */
export function roleHandler(session: AdminSession): Handler {
  const bring = async (client: Client, inputs: Properties, isNew: boolean) => {
    const name = textIn(inputs, "name");
    await client.query(`${isNew ? "CREATE" : "ALTER"} ROLE ${quoted(name)} WITH ${options(inputs, isNew)}`);
    await setMemberships(client, name, textsIn(inputs, "roles"));
    await client.query(sessionSettings(name, inputs));
    return { id: name, outputs: { ...inputs, name } };
  };
  return {
    replaceOn: [],
    sets: ["roles"],
    create: (inputs, call) =>
      session.transaction(call, async (client) =>
        bring(client, inputs, !(await exists(client, textIn(inputs, "name")))),
      ),
    update: (before, inputs, call) =>
      session.transaction(call, async (client) => {
        const name = textIn(inputs, "name");
        if (before.id !== name)
          await client.query(`ALTER ROLE ${quoted(before.id)} RENAME TO ${quoted(name)}`);
        return bring(client, inputs, false);
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        if (!(await exists(client, before.id))) return;
        const admin = await currentUser(client);
        await asMemberOf(client, [before.id], async () => {
          await client.query(`REASSIGN OWNED BY ${quoted(before.id)} TO ${quoted(admin)}`);
          await client.query(`DROP OWNED BY ${quoted(before.id)}`);
        });
        await client.query(`DROP ROLE ${quoted(before.id)}`);
      }),
  };
}
