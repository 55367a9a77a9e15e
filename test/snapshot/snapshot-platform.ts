import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { SUPERUSER, superuserPassword } from "../../local/servers/postgres-cluster";
import { until } from "../../local/servers/processes";
import { outputOf, type PostgresTools, toolsFor } from "../../ops/snapshot/postgres-tools";
import { OpsPlatform } from "../helpers/ops-platform";

/** The platform of the commands' tests, with readers in both stacks, and what snapshots are held against. */
export class SnapshotPlatform {
  private files = 0;

  private constructor(
    readonly ops: OpsPlatform,
    readonly tools: PostgresTools,
  ) {}

  static async make(): Promise<SnapshotPlatform> {
    const ops = await OpsPlatform.make();
    ops.platform.configure("prod", { apps: { auth: {}, wms: { reader: true } } });
    await ops.platform.succeed("up", "--stack", "prod");
    return new SnapshotPlatform(ops, await toolsFor(17, { folder: undefined, mayInstall: true }));
  }

  /** A path for a new file. */
  newFile(): string {
    return resolve(this.ops.platform.dir, `file-${this.files++}`);
  }

  /** A file with a text. */
  textFile(text: string): string {
    const file = this.newFile();
    writeFileSync(file, text);
    return file;
  }

  /** Takes a snapshot that must succeed. */
  async snapshot(environment: string, app = "wms"): Promise<string> {
    const file = this.newFile();
    const { status, stderr } = await this.ops.run("snapshot", app, environment, "-o", file);
    if (status !== 0) throw new Error(stderr);
    return file;
  }

  /** Waits until some session waits for a lock. */
  async someoneWaits(): Promise<void> {
    expect(await until(10_000, async () => (await this.sessions("WHERE wait_event_type = 'Lock'")) > 0)).toBe(
      true,
    );
  }

  /** Waits until the server knows of no session of the command any more. */
  async noneLeft(): Promise<void> {
    expect(
      await until(10_000, async () => (await this.sessions("WHERE application_name ~ '^portal-db'")) === 0),
    ).toBe(true);
  }

  private async sessions(where: string): Promise<number> {
    const rows = await this.ops.platform.asSuperuser(`SELECT pid FROM pg_stat_activity ${where}`);
    return rows.length;
  }

  /**
   * Everything that Postgres says of a schema as SQL: objects, owners, rights, default rights and rows.
   * @param as the schema as which it is told, name and deployer, so that two can be held against each other
   */
  async textOf(schema: string, as = schema): Promise<readonly string[]> {
    const text = await this.dump(`--schema=${schema}`);
    return text
      .replace(/^\\(un)?restrict .*$/gm, "")
      .replaceAll(schema, as)
      .replaceAll(await this.deployerOf(schema), await this.deployerOf(as))
      .split("\n");
  }

  /** Who owns a schema itself: whoever deploys it. */
  private async deployerOf(schema: string): Promise<string> {
    const [found] = await this.ops.platform.asSuperuser(
      `SELECT pg_get_userbyid(nspowner) AS name FROM pg_namespace WHERE nspname = '${schema}'`,
    );
    return String(found?.name);
  }

  /** A custom-format archive that no snapshot command would make. */
  async archive(...args: readonly string[]): Promise<string> {
    const file = this.newFile();
    await this.dump("--format=custom", `--file=${file}`, ...args);
    return file;
  }

  /** Runs pg_dump as the cluster's superuser. */
  private dump(...args: readonly string[]): Promise<string> {
    const { places, port } = this.ops.platform;
    const env = {
      ...process.env,
      PGHOST: "localhost",
      PGPORT: String(port),
      PGUSER: SUPERUSER,
      PGPASSWORD: superuserPassword(places),
      PGDATABASE: "portal_db",
    };
    return outputOf(this.tools.dump, args, env);
  }
}
