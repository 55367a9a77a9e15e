import { textOf } from "../../access/declared-resource";
import { parseEndpoint } from "../../infra/config/endpoint";
import { parsedJson } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { type Deployer, deployerOf, openAdminSession } from "../app/admin-session";
import type { Session } from "../app/connection";
import type { Place } from "../app/place";
import { AbsentSecretError } from "../app/secrets";
import type { Present } from "./aws";
import { presentRole } from "./roles";
import { waitForDeployer } from "./sessions";
import type { StackCli } from "./stack-cli";
import { exportedState, nameIn, type StateResource, stateResources } from "./state";

/** The provider of a resource, by its own name in the program: `master` is the instance's master user. */
function deployerIn({ provider = "" }: StateResource, stack: string): Deployer {
  return nameIn(provider).split("::")[0] === "master" ? "master" : deployerOf(stack);
}

/** Asks the server, as whoever was to make something, over one session for each of them. */
export class Makers {
  private readonly sessions = new Map<string, Promise<Session>>();

  constructor(
    private readonly place: Place,
    private readonly stack: string,
    private readonly cli: StackCli,
  ) {}

  /** Asks for a role as its maker. @throws {MistakeError} when the server cannot be asked */
  async role(resource: StateResource): Promise<Present | undefined> {
    const key = resource.provider ?? "";
    const opened = this.sessions.get(key) ?? this.open(resource);
    this.sessions.set(key, opened);
    const { client, login } = await opened;
    return presentRole(client, login, resource.inputs ?? {});
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    for (const opened of this.sessions.values())
      await opened.then(({ client }) => client.end()).catch(() => {});
  }

  private async open(resource: StateResource): Promise<Session> {
    const deployer = deployerIn(resource, this.stack);
    const session = await openAdminSession("recover", this.place, deployer).catch(async (thrown: unknown) => {
      if (!(thrown instanceof AbsentSecretError)) throw thrown;
      return this.openAsProvider(resource, deployer);
    });
    await waitForDeployer(session.client, session.login).catch(async (thrown: unknown) => {
      await session.client.end();
      throw thrown;
    });
    return session;
  }

  /** A first deployment may be killed before it has written the deployer's secret: the state has what the provider got. */
  private async openAsProvider({ provider = "" }: StateResource, deployer: Deployer): Promise<Session> {
    const resources = stateResources(exportedState(await this.cli.export("plain")));
    const inputs = resources.find(({ urn, id }) => `${urn}::${id}` === provider)?.inputs ?? {};
    const [host, port, username] = ["host", "port", "username"].map((key) => textOf(inputs, key));
    const password = plaintextOf(inputs.password);
    const endpoint = parseEndpoint(`${host}:${port}`);
    if (username === undefined || password === undefined || endpoint === undefined)
      throw new MistakeError(`the state does not have what ${nameIn(provider)} connected with: deploy again`);
    const place = { ...this.place, adminEndpoint: this.place.adminEndpoint ?? endpoint };
    return openAdminSession("recover", place, deployer, { given: { username, password } });
  }
}

/** A secret as `--show-secrets` prints it: JSON inside JSON. */
function plaintextOf(secret: unknown): string | undefined {
  const { plaintext } = Object(secret) as { readonly plaintext?: string };
  const value: unknown = plaintext === undefined ? secret : parsedJson(plaintext);
  return typeof value === "string" ? value : undefined;
}
