import { Client } from "pg";
import { namesOf } from "../../infra/names";
import { connectSuperuser } from "../../local/servers/postgres";
import { secretsOf } from "../helpers/aws";
import { readCatalog } from "../helpers/catalog";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import type { Ended } from "../helpers/process";

/** A real client, and what it was warned of. */
export interface Attacker {
  readonly client: Client;
  /** Codes of notices and warnings, in order. */
  readonly warnings: string[];
}

/** Prod and dev with two apps, readers, a rotated login, an extension and rows; every attack meets the same one. */
export class AttackedPlatform {
  private readonly clients: Client[] = [];

  private constructor(readonly platform: TestPlatform) {}

  /** Deploys both stacks, and lets the apps make what attackers are after. */
  static async make(): Promise<AttackedPlatform> {
    const platform = await TestPlatform.make();
    const made = new AttackedPlatform(platform);
    platform.configure("prod", {
      apps: { auth: {}, wms: { reader: true, credential: 2 } },
      extensions: ["citext"],
    });
    platform.configure("dev", { apps: { auth: {}, wms: { reader: true } }, environments: ["dev"] });
    await platform.succeed("up");
    await platform.asSuperuser(
      `CREATE ROLE person LOGIN PASSWORD 'person' IN ROLE wms_prod_reader;
       ALTER ROLE person SET role = person; ALTER ROLE person SET search_path = wms_prod;
       GRANT CONNECT ON DATABASE portal_db TO person`,
    );
    for (const [app, environment] of [
      ["auth", "prod"],
      ["wms", "prod"],
      ["auth", "dev"],
      ["wms", "dev"],
    ] as const) {
      const { client } = await made.app(app, environment);
      await client.query(
        `CREATE TABLE kept (id serial PRIMARY KEY, note text, mail extensions.citext);
         INSERT INTO kept (note) VALUES ('of ${app} in ${environment}'); SELECT lo_from_bytea(0, 'secret')`,
      );
      await client.end();
    }
    return made;
  }

  /** Ends every session, then the platform. */
  async remove(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => {})));
    await this.platform.remove();
  }

  /** Roles, memberships, settings, schemas and grants, to see that nothing of them changed. */
  async catalog(): Promise<Record<string, unknown[]>> {
    const client = await connectSuperuser(this.platform.places, this.platform.port, "portal_db");
    try {
      return await readCatalog(client);
    } finally {
      await client.end();
    }
  }

  /** Runs a verb of ops on this platform. */
  ops(...args: readonly string[]): Promise<Ended> {
    const { places, dir } = this.platform;
    return runVerb([...args, "--platform", places.platformFile, "--config-dir", dir]);
  }

  /** As an app, by the URL in its secret. */
  async app(app: string, environment: string, name = "app"): Promise<Attacker> {
    return this.connected(await this.appUrl(app, environment), name);
  }

  /** The URL in an app's secret. */
  async appUrl(app: string, environment: string): Promise<string> {
    return String((await this.secret(`portal-db/${environment}/${app}`)).DATABASE_URL);
  }

  /** As the login of the credential before, which is valid still. The superuser gives it a password for that. */
  async loginBefore(app: string, environment: string): Promise<Attacker> {
    const { login } = namesOf(app, environment);
    await this.platform.asSuperuser(`ALTER ROLE ${login} PASSWORD 'before'`);
    return this.connected(this.urlOf(login, "before"), "credential before");
  }

  /** As the same login after `SET ROLE NONE`: what an attacker has who puts the owner off. */
  async bareLogin(app: string, environment: string): Promise<Attacker> {
    const attacker = await this.app(app, environment, "bare login");
    await attacker.client.query("SET ROLE NONE");
    return attacker;
  }

  /** As whoever deploys, with its own secret. */
  async deployer(who: "master" | "admin" | "dev-admin", options?: string): Promise<Attacker> {
    const { username, password, dbname } = await this.secret(`portal-db/${who}`);
    return this.connected(this.urlOf(String(username), String(password), String(dbname)), who, options);
  }

  /** As a person with a login of their own, who is a member of a reader. */
  async reader(): Promise<Attacker> {
    return this.connected(this.urlOf("person", "person"), "reader");
  }

  /** Where a role logs in. */
  urlOf(username: string, password: string, database = "portal_db"): string {
    return `postgresql://${username}:${password}@localhost:${this.platform.port}/${database}`;
  }

  /** A deployer's password, from its secret. */
  async passwordOf(who: string): Promise<string> {
    return String((await this.secret(`portal-db/${who}`)).password);
  }

  /** A secret's fields. */
  private async secret(name: string): Promise<Record<string, unknown>> {
    const { SecretString } = await secretsOf(this.platform).getSecretValue({ SecretId: name });
    return JSON.parse(SecretString ?? "{}") as Record<string, unknown>;
  }

  private async connected(
    connectionString: string,
    application_name: string,
    options?: string,
  ): Promise<Attacker> {
    const client = new Client({ connectionString, application_name, options });
    const warnings: string[] = [];
    client.on("notice", ({ code }) => warnings.push(code ?? ""));
    client.on("error", () => {});
    await client.connect();
    this.clients.push(client);
    return { client, warnings };
  }
}
