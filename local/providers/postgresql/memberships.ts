import { type Client, escapeIdentifier as quoted } from "pg";

/** Whether a role is a member of another and may act as it. */
async function mayActAs(client: Client, member: string, role: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid JOIN pg_roles m ON m.oid = member
     WHERE r.rolname = $1 AND m.rolname = $2 AND set_option`,
    [role, member],
  );
  return rowCount !== 0;
}

async function isSuperuser(client: Client, role: string): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    "SELECT rolsuper FROM pg_roles WHERE rolname = $1",
    [role],
  );
  if (rows[0] === undefined) throw new Error(`role ${role} does not exist`);
  return rows[0].rolsuper;
}

/** The role of this session. */
export async function currentUser(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>("SELECT current_user AS name");
  return rows[0]?.name ?? "";
}

/**
 * Does work as a member of other roles, since the admin is no superuser; memberships that it had not before are
 * taken back in the same transaction, as the official provider does.
 */
export async function asMemberOf<T>(
  client: Client,
  roles: Iterable<string>,
  work: () => Promise<T>,
): Promise<T> {
  const admin = await currentUser(client);
  const lent: string[] = [];
  const turned: string[] = [];
  for (const role of new Set(roles)) {
    if (role === admin || (await isSuperuser(client, role))) continue;
    // Two roles cannot be members of each other.
    if (await mayActAs(client, role, admin)) {
      await client.query(`REVOKE ${quoted(admin)} FROM ${quoted(role)}`);
      turned.push(role);
    }
    if (await mayActAs(client, admin, role)) continue;
    await client.query(`GRANT ${quoted(role)} TO ${quoted(admin)}`);
    lent.push(role);
  }
  const result = await work();
  for (const role of lent) await client.query(`REVOKE ${quoted(role)} FROM ${quoted(admin)}`);
  for (const role of turned) await client.query(`GRANT ${quoted(admin)} TO ${quoted(role)}`);
  return result;
}
