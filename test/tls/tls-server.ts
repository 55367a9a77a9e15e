import { spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { sharedToolsDir } from "../../local/places";
import { dataDirOf } from "../../local/servers/postgres-cluster";
import { until } from "../../local/servers/processes";
import { pythonWithEmulator } from "../../local/servers/python-tools";
import { serverUser } from "../../local/servers/server-user";
import { awsOf, secretsOf } from "../helpers/aws";
import { TestPlatform } from "../helpers/platform";
import { endOf } from "../helpers/process";

const RELOAD_MS = 10_000;

/** Who logs in, and where. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly schema: string;
}

/** A Postgres with TLS and a CA of its own, that takes TLS alone: what `rds.force_ssl` does. */
export class TlsServer {
  private constructor(private readonly platform: TestPlatform) {}

  /** Where it listens on localhost. */
  get port(): number {
    return this.platform.port;
  }

  /** Path of a file of its CA, such as `global-bundle.pem`. */
  file(name: string): string {
    return resolve(this.platform.dir, "ca", name);
  }

  /** Its folder, with the stacks' files of a platform that is not deployed. */
  get configDir(): string {
    return this.platform.dir;
  }

  /** Where its Secrets Manager answers, and a client of it, where it was started with a master user. */
  get aws() {
    return { ...awsOf(this.platform), secrets: secretsOf(this.platform) };
  }

  /**
   * Starts it with a certificate for localhost.
   * @param masterPassword starts it as RDS does, with a master user, and an AWS beside it
   */
  static async start(masterPassword?: string): Promise<TlsServer> {
    const server = new TlsServer(await TestPlatform.make());
    mkdirSync(server.file(""));
    try {
      await server.setUp(masterPassword);
    } catch (thrown) {
      await server.remove();
      throw thrown;
    }
    return server;
  }

  private async setUp(masterPassword: string | undefined): Promise<void> {
    const python = await pythonWithEmulator(sharedToolsDir(), () => {});
    const certificates = spawn(python, [resolve(__dirname, "make-certificates.py"), this.file("")]);
    const [{ status, stderr }] = await Promise.all([
      endOf(certificates),
      masterPassword === undefined ? this.platform.startPostgres() : this.platform.startRds(masterPassword),
    ]);
    if (status !== 0) throw new Error(stderr);
    if (masterPassword === undefined)
      await this.platform.asSuperuser("CREATE DATABASE portal_db", "postgres");
    await this.platform.asSuperuser("ALTER SYSTEM SET ssl = on");
    const rules = [
      "host all rdsadmin 127.0.0.1/32 scram-sha-256",
      "host all rdsadmin ::1/128 scram-sha-256",
      // RDS asks for a token in clear.
      "hostssl all +rds_iam all password",
      "hostssl all all all scram-sha-256",
    ];
    writeFileSync(
      resolve(dataDirOf(this.platform.places), "pg_hba.conf"),
      rules.map((rule) => `${rule}\n`).join(""),
    );
    await this.present("localhost");
  }

  /** Lets a login in. */
  async admit({ username, password, schema }: Login): Promise<void> {
    const role = `CREATE ROLE ${username} LOGIN PASSWORD '${password}'`;
    await this.platform.asSuperuser(`${role}; CREATE SCHEMA ${schema} AUTHORIZATION ${username}`);
  }

  /** Runs SQL in `portal_db` as the cluster's superuser. */
  sql(text: string): Promise<readonly Record<string, unknown>[]> {
    return this.platform.asSuperuser(text);
  }

  /** Changes settings in a stack's file. */
  configure(stack: string, settings: Readonly<Record<string, unknown>>): void {
    this.platform.configure(stack, settings);
  }

  /** Makes the server show the certificate for a name. */
  async present(name: string): Promise<void> {
    const data = dataDirOf(this.platform.places);
    const user = serverUser();
    for (const ending of ["crt", "key"]) {
      const file = resolve(data, `server.${ending}`);
      cpSync(this.file(`${name}.${ending}`), file);
      chmodSync(file, 0o600);
      if (user !== undefined) chownSync(file, user.uid, user.gid);
    }
    const loaded = "SELECT pg_conf_load_time()::text AS at";
    const [before] = await this.platform.asSuperuser(loaded);
    await this.platform.asSuperuser("SELECT pg_reload_conf()");
    // It reads its files when it comes to it.
    await until(RELOAD_MS, async () => {
      const [now] = await this.platform.asSuperuser(loaded);
      return now?.at !== before?.at || undefined;
    });
  }

  /** Ends it and deletes everything. */
  remove(): Promise<void> {
    return this.platform.remove();
  }
}
