import { type Client, escapeLiteral as literal, escapeIdentifier as quoted } from "pg";
import { CLOSED_DATABASES } from "../../../infra/database/access";
import { scramVerifier } from "../../../infra/scram-verifier";
import type { Places } from "../../places";
import { boundLockWaits, namingHolders } from "../../servers/lock-wait";
import { connectSuperuser } from "../../servers/postgres";

/** The master user and database that an instance declares. */
export interface Master {
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

/** The local server in the role of the RDS instance: what RDS does before anyone logs in. */
export class ServerBehind {
  constructor(
    private readonly places: Places,
    private readonly port: number,
  ) {}

  /** Makes the master user, as limited as the one of RDS, and what it owns there; sets its password. */
  ensure(master: Master): Promise<void> {
    return this.asSuperuser(async (client) => {
      const role = quoted(master.username);
      const known = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [master.username]);
      const verb = known.rowCount === 0 ? "CREATE" : "ALTER";
      const verifier = await scramVerifier(master.username, master.password);
      await client.query(`${verb} ROLE ${role} LOGIN CREATEROLE CREATEDB PASSWORD ${literal(verifier)}`);
      for (const database of CLOSED_DATABASES) {
        await client.query(`ALTER DATABASE ${quoted(database)} OWNER TO ${role}`);
      }
      const present = await client.query("SELECT FROM pg_database WHERE datname = $1", [master.database]);
      if (present.rowCount === 0)
        await client.query(`CREATE DATABASE ${quoted(master.database)} OWNER ${role}`);
    });
  }

  /** Drops the database and the master user. */
  drop(master: Master): Promise<void> {
    return this.asSuperuser(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${quoted(master.database)} WITH (FORCE)`);
      for (const database of CLOSED_DATABASES) {
        await client.query(`ALTER DATABASE ${quoted(database)} OWNER TO CURRENT_USER`);
      }
      await client.query(`DROP ROLE IF EXISTS ${quoted(master.username)}`);
    });
  }

  private async asSuperuser(work: (client: Client) => Promise<void>): Promise<void> {
    const connect = () => connectSuperuser(this.places, this.port);
    const client = await connect();
    try {
      await namingHolders(await boundLockWaits(client), connect, () => work(client));
    } finally {
      await client.end();
    }
  }
}
