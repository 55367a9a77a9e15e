import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { Deployment } from "../../local/engine/deployment";
import type { Call } from "../../local/engine/handler";
import type { Declaration } from "../../local/engine/request";
import { type Resource, State } from "../../local/engine/state";
import { opened, type Properties } from "../../local/engine/values";
import type { ServerRecord } from "../../local/platform";
import { Providers } from "../../local/providers";
import { TestPlatform } from "../helpers/platform";

/** Where the emulator's keys are. */
export const KEYS = "arn:aws:kms:us-east-1:123456789012:key/";

const PASSWORD = "MastersPasswordOfThirtyTwoSigns1";
const POSTGRES = "pulumi:providers:postgresql";

/** What happens to a resource when its inputs change. */
export type Fate = "no change" | "in place" | "replaced";
const FATES: Readonly<Record<string, Fate>> = { same: "no change", update: "in place", replace: "replaced" };

/** Resources of one type after the other, deployed on real servers by the handlers of the platform. */
export class HandlerStand {
  readonly providers: Providers;
  /** Ids that the emulator drew, by the name that a case calls them by, as in `$key`. */
  readonly ids = new Map<string, string>();
  private readonly stateDir = mkdtempSync(resolve(tmpdir(), "portal-db-state-"));

  private constructor(
    readonly platform: TestPlatform,
    readonly servers: ServerRecord,
  ) {
    this.providers = new Providers(platform.places, servers);
  }

  /** Starts the servers, with two of each thing that a case can name and does not deploy: `one` and `other`. */
  static async make(): Promise<HandlerStand> {
    const platform = await TestPlatform.make();
    const stand = new HandlerStand(platform, await platform.startRds(PASSWORD));
    for (const name of ["one", "other"]) await stand.prepare(name);
    return stand;
  }

  private async prepare(name: string): Promise<void> {
    const { aws } = this.providers;
    const [iam, kms, secrets, rds] = await Promise.all([aws.iam(), aws.kms(), aws.secrets(), aws.rds()]);
    const [oneSubnet = "", otherSubnet = ""] = this.servers.network.subnetIds;
    await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: "{}" });
    const subnets = { DBSubnetGroupDescription: name, SubnetIds: [oneSubnet, otherSubnet] };
    await rds.createDBSubnetGroup({ DBSubnetGroupName: name, ...subnets });
    const family = { DBParameterGroupFamily: "postgres17", Description: name };
    await rds.createDBParameterGroup({ DBParameterGroupName: name, ...family });
    this.ids
      .set(`${name}Key`, (await kms.createKey({})).KeyMetadata?.KeyId ?? "")
      .set(`${name}Secret`, (await secrets.createSecret({ Name: name })).ARN ?? "")
      .set(`${name}Subnet`, name === "one" ? oneSubnet : otherSubnet);
    await this.platform.asSuperuser(`CREATE ROLE ${name}; GRANT ${name} TO ecomos_admin WITH ADMIN OPTION`);
    await this.platform.asSuperuser(`SET ROLE ecomos_admin; CREATE SCHEMA ${name}`);
  }

  async remove(): Promise<void> {
    await this.providers.close();
    await this.platform.remove();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  /** The inputs with the ids that they call by name. */
  filled(inputs: Properties): Properties {
    const text = JSON.stringify(inputs).replaceAll(/\$(\w+)/g, (_, name) => this.ids.get(name) ?? "");
    return JSON.parse(text) as Properties;
  }

  /** Deploys these resources and no others. @returns each one's fate by name, without what is deleted */
  async deploy(...things: readonly Declaration[]): Promise<Record<string, string>> {
    const state = State.read(this.stateDir, "test");
    state.save();
    const deployment = new Deployment(state, this.providers.handlerOf, { preview: false });
    await deployment.register(this.postgres);
    for (const thing of things) await deployment.register(thing);
    await deployment.finish();
    const done = deployment.steps.filter(({ op, type }) => op !== "delete" && type !== POSTGRES);
    return Object.fromEntries(done.map(({ name, op }) => [name, FATES[op] ?? op]));
  }

  /** A resource as the state has it. */
  known(name = "it"): Resource {
    const { resources } = State.read(this.stateDir, "test");
    const found = [...resources.values()].find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`${name} is not deployed`);
    return found;
  }

  /** What a resource's server has otherwise than the state. */
  async read(resource: Resource): Promise<Properties | undefined> {
    const { id, type, inputs, outputs, name, seed } = resource;
    const call: Call = { name, seed, provider: opened(this.postgres.inputs) };
    const before = { id, inputs: opened(inputs), outputs: opened(outputs) };
    return this.providers.handlerOf(type).read?.(before, call);
  }

  private get postgres(): Declaration {
    const where = { host: "localhost", port: this.servers.postgresPort, sslmode: "disable" };
    const who = { username: DEFAULT_MASTER, password: PASSWORD, database: DATABASE };
    return declared(POSTGRES, { ...where, ...who }, { name: "postgres" });
  }
}

/** A resource of the name `it`, unless told otherwise. */
export function declared(type: string, inputs: Properties, more: Partial<Declaration> = {}): Declaration {
  const { name = "it" } = more;
  const isPostgres = type.startsWith("postgresql:");
  return {
    urn: `urn:pulumi:test::portal-db::${type}::${name}`,
    type,
    custom: true,
    inputs,
    parent: "",
    dependencies: [],
    provider: isPostgres ? `urn:pulumi:test::portal-db::${POSTGRES}::postgres::none` : "",
    protect: false,
    ignoreChanges: [],
    deleteBeforeReplace: undefined,
    isMadeAnew: false,
    trigger: undefined,
    retainOnDelete: false,
    importId: "",
    aliases: [],
    secretOutputs: [],
    ...more,
    name,
  };
}

/** Changes of one type's inputs, each from the same ones, with what becomes of the resource. */
export interface Changes {
  readonly type: string;
  readonly inputs: Properties;
  /** What the server draws anew for another resource; absent where it draws nothing. */
  readonly drawn?: (resource: Resource) => unknown;
  readonly rows: readonly (readonly [change: Properties, fate: Fate])[];
  /** What is told of it when it is deleted; gone, unless it is a right of what stays. */
  readonly left?: Properties;
}

/**
 * One test a change: what becomes of the resource, that the server then has what is declared, and that it is the same one
 * or another one; at the end nothing is left.
 */
export function changeCases(get: () => HandlerStand, changes: Changes): void {
  const { type, inputs, drawn, rows, left } = changes;
  test.each(rows)(`${type} %j: %s`, async (change, fate) => {
    const stand = get();
    await stand.deploy(declared(type, stand.filled(inputs)));
    const old = stand.known();
    const changed = stand.filled({ ...inputs, ...change });
    expect(await stand.deploy(declared(type, changed))).toEqual({ it: fate });
    const now = stand.known();
    if (drawn !== undefined) expect(drawn(now) !== drawn(old)).toBe(fate === "replaced");
    const isPlayed = stand.providers.handlerOf(type).home !== "record";
    expect(await stand.read(now)).toEqual(isPlayed ? {} : undefined);
    await stand.deploy();
    expect(await stand.read(now)).toEqual(left);
  });
}
