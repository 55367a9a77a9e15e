import { type Client, escapeIdentifier as quoted } from "pg";
import { readerRights, runtimeRights } from "../../infra/app/group-rights";
import type { AppNames } from "../../infra/names";

/** What a role gets on things that the owner makes later. */
interface DefaultPrivilege {
  /** As in ALTER DEFAULT PRIVILEGES, such as `TABLES`. */
  readonly on: string;
  readonly grantee: string;
  /** Sorted, joined by `, `; null where every privilege was taken away. */
  readonly privileges: string | null;
}

const PRESENT = `
  SELECT CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END AS "on",
    coalesce(g.rolname, 'public') AS grantee, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
  FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
  WHERE d.defaclrole = current_user::regrole AND d.defaclnamespace = to_regnamespace(quote_ident($1))
  GROUP BY 1, 2 ORDER BY 1, 2`;

/** Kinds for which the owner has default privileges that are not bound to a schema: the stacks declare none. */
const UNBOUND = `
  SELECT CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
      WHEN 'n' THEN 'SCHEMAS' ELSE 'TYPES' END AS "on",
    coalesce(g.rolname, 'public') AS grantee, string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) AS privileges
  FROM pg_default_acl d LEFT JOIN LATERAL aclexplode(d.defaclacl) a ON true LEFT JOIN pg_roles g ON g.oid = a.grantee
  WHERE d.defaclrole = current_user::regrole AND d.defaclnamespace = 0
  GROUP BY 1, 2 ORDER BY 1, 2`;

/**
 * What Postgres gives PUBLIC on what anyone makes.
 * @see https://www.postgresql.org/docs/17/ddl-priv.html
 */
const BUILT_IN: Readonly<Record<string, string>> = { FUNCTIONS: "EXECUTE", TYPES: "USAGE" };

/** What the stack declares: the rights of the reader and of the runtime, where there is one. */
export async function declaredDefaults(client: Client, names: AppNames): Promise<DefaultPrivilege[]> {
  const { rows: groups } = await client.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)",
    [[names.reader, names.runtime]],
  );
  const present = new Set(groups.map(({ name }) => name));
  return [...readerRights(names), ...runtimeRights(names)]
    .filter(({ inputs }) => present.has(String(inputs.role)))
    .filter(({ type }) => type === "postgresql:index/defaultPrivileges:DefaultPrivileges")
    .map(({ inputs: { role, objectType, privileges } }) => ({
      on: `${String(objectType).toUpperCase()}S`,
      grantee: String(role),
      privileges: [privileges].flat().sort().join(", "),
    }));
}

/** Puts default privileges that are not bound to a schema back to Postgres's own. @returns what was taken away */
async function restoreUnbound(client: Client, owner: string): Promise<string[]> {
  const { rows } = await client.query<DefaultPrivilege>(UNBOUND);
  const changed: string[] = [];
  for (const { on, grantee, privileges } of rows) {
    if (grantee === owner || (grantee === "public" && privileges === BUILT_IN[on])) continue;
    const from = grantee === "public" ? "PUBLIC" : quoted(grantee);
    await client.query(`ALTER DEFAULT PRIVILEGES REVOKE ALL ON ${on} FROM ${from}`);
    if (privileges !== null) changed.push(`took away ${privileges} on ${on.toLowerCase()} to ${grantee}`);
  }
  for (const on of new Set(rows.map((row) => row.on))) {
    // Equal to what is built in, the entry goes by itself.
    await client.query(`ALTER DEFAULT PRIVILEGES GRANT ALL ON ${on} TO ${quoted(owner)}`);
    const builtIn = BUILT_IN[on];
    if (builtIn !== undefined)
      await client.query(`ALTER DEFAULT PRIVILEGES GRANT ${builtIn} ON ${on} TO PUBLIC`);
  }
  return changed;
}

/**
 * Puts the owner's default privileges in the schema back as declared: the app acts as the owner and could have
 * changed them. The schema's own grants it cannot change.
 * @returns what was put right, for people
 */
export async function restoreDefaultPrivileges(client: Client, names: AppNames): Promise<string[]> {
  const wanted = await declaredDefaults(client, names);
  const { rows: present } = await client.query<DefaultPrivilege>(PRESENT, [names.schema]);
  const key = (one: DefaultPrivilege): string =>
    `${one.privileges} on ${one.on.toLowerCase()} to ${one.grantee}`;
  const wantedKeys = wanted.map(key);
  const presentKeys = present.map(key);
  const changed = await restoreUnbound(client, names.owner);
  const alter = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${quoted(names.schema)}`;
  for (const one of present.filter((each) => !wantedKeys.includes(key(each)))) {
    const grantee = one.grantee === "public" ? "PUBLIC" : quoted(one.grantee);
    await client.query(`${alter} REVOKE ALL ON ${one.on} FROM ${grantee}`);
    changed.push(`took away ${key(one)}`);
  }
  for (const one of wanted.filter((each) => !presentKeys.includes(key(each)))) {
    await client.query(`${alter} GRANT ${one.privileges} ON ${one.on} TO ${quoted(one.grantee)}`);
    changed.push(`gave ${key(one)}`);
  }
  return changed;
}
