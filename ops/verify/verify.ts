import type { Client } from "pg";
import { declaredAccess } from "../../access/cells";
import { type Proof, prove } from "../../access/prove";
import { unknownEnvironments } from "../../access/undeclared/ephemeral";
import type { CatalogFinding } from "../../access/undeclared/finding";
import { inspect } from "../../access/undeclared/inspect";
import { compareParameters, type ParameterComparison } from "../../access/undeclared/parameters";
import { appRoleOf } from "../../infra/app/access";
import { urlKeysOf } from "../../infra/app/database-url";
import { stackConfig } from "../../infra/config/config";
import { neighboursOf } from "../../infra/config/neighbours";
import type { DeclaredVisitor } from "../../infra/config/people";
import { connectionsNeeded } from "../../infra/config/rules";
import { databaseRights, deployerRights } from "../../infra/database/access";
import { parametersOf } from "../../infra/instance/parameters";
import { instanceIdentifier } from "../../infra/instance/settings";
import { codeOf, isLost, MistakeError, messageOf } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { deployerOf, openAdminSession } from "../app/admin-session";
import { connect, NoConnectionLeft, type Session } from "../app/connection";
import type { Place } from "../app/place";
import { readAppSecret } from "../app/secrets";
import { canLogIn, type StackPart, serverPart } from "../app/server-part";
import { appConnection, visitorConnection } from "../app/session";

/** What logging in as each app showed, and what the catalogs say. */
export interface Verified extends Proof {
  /** What the server has and the stacks do not declare, and what they declare and it has not. */
  readonly findings: readonly CatalogFinding[];
  /** Who else than the apps has access, as the stack's file says it: whatever is otherwise is a finding. */
  readonly visitors: readonly DeclaredVisitor[];
  /** Ephemeral environments that nobody has looked at, since no stack's file here knows them. */
  readonly unknown: readonly string[];
  /** Parameters of the server that could not be held against what is declared, each with why. */
  readonly notCompared: readonly string[];
}

/**
 * Tries every app that a stack's file declares with its own URL, reads the catalogs as the stack's deployer, and holds
 * both against the file.
 * @throws {MistakeError} with every problem of the file, or when it is missing
 */
export async function verify(stack: string, place: Place): Promise<Verified> {
  const part = serverPart(place, stack);
  const provable = part.declaredApps.flatMap(({ app, environment, names, settings }) => {
    const deployment = { app, environment, names, stack, place };
    return urlKeysOf(settings).map((key) => ({
      names,
      role: key === "DIRECT_URL" ? names.owner : appRoleOf(names, settings),
      logIn: async () => {
        const session = connect(
          await appConnection("verify", deployment, await readAppSecret(deployment, key)),
        );
        return key === "DIRECT_URL" ? unlessAtWork(session) : session;
      },
    }));
  });
  // Whoever logs in by IAM has no secret to do it with: the catalogs say the rest.
  const visitors = part.visitors.filter(canLogIn).map(({ names: visitor }) => ({
    visitor,
    logIn: async () => unlessAtWork(connect(await visitorConnection("verify", visitor, stack, place))),
  }));
  // What prod declares for the whole database holds for every stack's roles.
  const declared = declaredAccess([...deployerRights(), ...databaseRights([]), ...part.rows]);
  const proof = { ...(await prove([...provable, ...visitors], declared)), visitors: part.visitors };
  try {
    return { ...proof, ...(await inspected(part, place)) };
  } catch (thrown) {
    // What a person can mend, and what the server or the network says; anything else is a defect.
    if (!(thrown instanceof MistakeError) && codeOf(thrown) === undefined && !isLost(thrown)) throw thrown;
    return {
      ...proof,
      findings: [],
      unknown: [],
      notCompared: [],
      failures: [...proof.failures, `the catalogs: ${messageOf(thrown)}`],
    };
  }
}

/** Whoever holds all of its few connections is at work, as migrations and a tool with a pool may be at any time. */
async function unlessAtWork(session: Promise<Session>): Promise<Session | undefined> {
  return session.catch((thrown: unknown) => {
    if (thrown instanceof NoConnectionLeft) return undefined;
    throw thrown;
  });
}

/** The server's own parameters. The local platform's server has none of the group's. */
async function ofParameters(client: Client, place: Place): Promise<ParameterComparison> {
  const config = stackConfig(place.configDir, PROD);
  if (place.platformDir !== undefined || !("engineVersion" in config))
    return { findings: [], notCompared: [] };
  const { engineVersion } = config;
  return compareParameters(client, {
    identifier: instanceIdentifier(config),
    engineVersion,
    rows: parametersOf(config),
    connections: connectionsNeeded(config, neighboursOf(place.configDir, PROD)),
  });
}

/** Reads the catalogs as the stack's deployer. */
async function inspected(
  part: StackPart,
  place: Place,
): Promise<Pick<Verified, "findings" | "unknown" | "notCompared">> {
  const { client } = await openAdminSession("verify", place, deployerOf(part.stack));
  try {
    const findings = await inspect(client, part);
    // Prod's deployer answers for what is nobody else's.
    if (part.stack !== PROD) return { findings, unknown: [], notCompared: [] };
    const parameters = await ofParameters(client, place);
    return {
      findings: [...findings, ...parameters.findings],
      notCompared: parameters.notCompared,
      unknown: await unknownEnvironments(client, part),
    };
  } finally {
    await client.end().catch(() => {});
  }
}
