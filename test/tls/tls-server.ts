import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { type Places, placesOf } from "../../local/places";
import { freePort } from "../../local/servers/ports";
import { connectSuperuser } from "../../local/servers/postgres";
import { dataDirOf } from "../../local/servers/postgres-cluster";
import { until } from "../../local/servers/processes";
import { serverUser } from "../../local/servers/server-user";
import { runScript } from "./run-script";

const RELOAD_MS = 10_000;

/** Who logs in, and where. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly schema: string;
}

/** A Postgres with TLS and a CA of its own, that takes `portal_db` over TLS alone: what `rds.force_ssl` does. */
export class TlsServer {
  private constructor(
    readonly dir: string,
    readonly port: number,
    private readonly places: Places,
  ) {}

  /** Path of a file of its CA, such as `global-bundle.pem`. */
  file(name: string): string {
    return resolve(this.dir, "ca", name);
  }

  /** Starts it with a certificate for localhost. */
  static async start(): Promise<TlsServer> {
    const dir = mkdtempSync(resolve(tmpdir(), "portal-db-tls-"));
    chmodSync(dir, 0o755);
    mkdirSync(resolve(dir, "ca"));
    const server = new TlsServer(dir, await freePort(0), placesOf(resolve(dir, "data"), dir));
    try {
      await server.setUp();
    } catch (thrown) {
      await server.remove();
      throw thrown;
    }
    return server;
  }

  private async setUp(): Promise<void> {
    const scripts = await Promise.all([
      runScript(resolve(__dirname, "make-certificates.ts"), [this.file("")], {}, ""),
      this.process("start"),
    ]);
    for (const { status, stderr } of scripts) if (status !== 0) throw new Error(stderr);
    await this.asSuperuser(["CREATE DATABASE portal_db", "ALTER SYSTEM SET ssl = on"]);
    const rules = [
      "host all rdsadmin 127.0.0.1/32",
      "host all rdsadmin ::1/128",
      "hostssl portal_db all all",
    ];
    writeFileSync(
      resolve(dataDirOf(this.places), "pg_hba.conf"),
      rules.map((rule) => `${rule} scram-sha-256\n`).join(""),
    );
    await this.present("localhost");
  }

  /** Lets a login in. */
  async admit({ username, password, schema }: Login): Promise<void> {
    const role = `CREATE ROLE ${username} LOGIN PASSWORD '${password}'`;
    await this.asSuperuser([role, `CREATE SCHEMA ${schema} AUTHORIZATION ${username}`], "portal_db");
  }

  /** Makes the server show the certificate for a name. */
  async present(name: string): Promise<void> {
    const data = dataDirOf(this.places);
    const user = serverUser();
    for (const ending of ["crt", "key"]) {
      const file = resolve(data, `server.${ending}`);
      cpSync(this.file(`${name}.${ending}`), file);
      chmodSync(file, 0o600);
      if (user !== undefined) chownSync(file, user.uid, user.gid);
    }
    const loaded = "SELECT pg_conf_load_time()::text AS at";
    const [before] = await this.asSuperuser([loaded]);
    await this.asSuperuser(["SELECT pg_reload_conf()"]);
    // It reads its files when it comes to it.
    await until(RELOAD_MS, async () => {
      const [now] = await this.asSuperuser([loaded]);
      return now?.at !== before?.at || undefined;
    });
  }

  /** Stops it and deletes everything. */
  async remove(): Promise<void> {
    const { status, stderr } = await this.process("stop");
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.places.serverHome, { recursive: true, force: true });
    if (status !== 0) throw new Error(stderr);
  }

  /** The embedded server's package cannot be loaded by jest. */
  private process(verb: "start" | "stop") {
    const args = [verb, this.dir, String(this.port)];
    return runScript(resolve(__dirname, "server-process.ts"), args, {}, "");
  }

  /** @returns rows of the last statement */
  private async asSuperuser(statements: readonly string[], database = "postgres") {
    const client = await connectSuperuser(this.places, this.port, database);
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    await client.end();
    return rows;
  }
}
