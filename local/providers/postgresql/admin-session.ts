import { Client, type ClientConfig, escapeIdentifier as quoted } from "pg";
import { type Call, textIn, wholeIn } from "../../engine/handler";
import { boundLockWaits, namingHolders } from "../../servers/lock-wait";

/**
 * Held by each transaction: the official provider locks the roles that it touches, since two deployments at once would find
 * rows of the catalog changed under them.
 */
const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('portal-db local providers'))";

/**
 * The one connection through which every Postgres resource goes, as the admin that the program's provider names.
 * It is opened by the first resource that needs it, and again when the provider changes.
 */
export class AdminSession {
  private client: Client | undefined;
  private key = "";
  private pid = 0;

  /** @param watch a superuser's session in a database, to see who holds up the admin's */
  constructor(private readonly watch: (database: string) => Promise<Client>) {}

  /**
   * Runs statements in one transaction: all of them or none.
   * @throws {MistakeError} that names who holds a lock which it waited for
   */
  async transaction<T>(call: Call, work: (client: Client, database: string) => Promise<T>): Promise<T> {
    const { client, database } = await this.connected(call);
    await client.query("BEGIN");
    try {
      return await namingHolders(
        this.pid,
        () => this.watch(database),
        async () => {
          await client.query(ONE_AT_A_TIME);
          const result = await work(client, database);
          await client.query("COMMIT");
          return result;
        },
      );
    } catch (thrown) {
      await client.query("ROLLBACK").catch(() => this.close());
      throw thrown;
    }
  }

  /** Closes the connection; another resource opens it again. */
  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.key = "";
    await client?.end().catch(() => {});
  }

  private async connected(call: Call): Promise<{ client: Client; database: string }> {
    if (call.provider === undefined) throw new Error("it needs a provider that names the server");
    const given = call.provider;
    const database = textIn(given, "database") || "postgres";
    const key = JSON.stringify(given);
    if (this.client !== undefined && this.key === key) return { client: this.client, database };
    await this.close();
    const client = new Client({
      host: textIn(given, "host"),
      port: wholeIn(given, "port", 5432),
      user: textIn(given, "username"),
      password: textIn(given, "password"),
      database,
      ssl: tlsOf(textIn(given, "sslmode")),
      connectionTimeoutMillis: 1000 * wholeIn(given, "connectTimeout", 15),
    });
    client.on("error", () => {
      this.client = undefined;
    });
    await client.connect();
    this.pid = await boundLockWaits(client);
    this.client = client;
    this.key = key;
    return { client, database };
  }
}

/** What a mode asks of the server, by libpq's reading, which is the official provider's: node-pg's own verifies `require`, too. */
function tlsOf(mode: string): ClientConfig["ssl"] {
  if (mode === "disable") return false;
  if (mode === "verify-full") return true;
  return mode === "verify-ca" ? { checkServerIdentity: () => undefined } : { rejectUnauthorized: false };
}

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
