import { type Difference, inOrder } from "../../access/cells";
import { type Probed, probe } from "../../access/probe";
import type { DeclaredApp } from "../../access/stack";
import { MistakeError, messageOf } from "../../infra/mistake";
import { namesOf } from "../../infra/names";
import type { AppDeployment } from "../app/deployment";
import type { Place } from "../app/place";
import { logIn } from "../app/session";
import type { DeclaredStack } from "./declared";

/** Logins that are tried at a time. */
const AT_A_TIME = 4;

/** One app in one environment, tried. */
export interface VerifiedApp {
  readonly schema: string;
  readonly login: string;
  readonly probed: Probed;
}

/** A stack, held against the server. */
export interface Verified {
  readonly apps: readonly VerifiedApp[];
  /** Cells that differ, each once, whichever sessions saw it. */
  readonly differences: readonly Difference[];
  /** Why an app could not be tried: no secret, no login, no connection. */
  readonly failures: readonly string[];
}

/** Tries every app of a stack with its own URL. */
export async function verify(stack: string, place: Place, declared: DeclaredStack): Promise<Verified> {
  const waiting = [...declared.apps];
  const apps: VerifiedApp[] = [];
  const failures = new Set<string>();
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        apps.push(await verifyApp(next, { stack, place }, declared));
      } catch (thrown) {
        if (!isForPeople(thrown)) throw thrown;
        failures.add(`${namesOf(next.app, next.environment).schema}: ${messageOf(thrown)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const byCell = new Map<string, Difference>();
  for (const { probed } of apps) {
    for (const one of probed.differences) byCell.set(JSON.stringify(Object.values(one)), one);
  }
  return {
    apps: apps.sort((a, b) => (a.schema < b.schema ? -1 : 1)),
    differences: [...byCell.values()].sort(inOrder),
    failures: [...failures].sort(),
  };
}

/** What a person can mend, and what the server says: a lost connection, a lock. */
function isForPeople(thrown: unknown): boolean {
  if (thrown instanceof MistakeError) return true;
  return typeof thrown === "object" && thrown !== null && "severity" in thrown;
}

async function verifyApp(
  { app, environment }: DeclaredApp,
  where: Pick<AppDeployment, "stack" | "place">,
  { access }: DeclaredStack,
): Promise<VerifiedApp> {
  const names = namesOf(app, environment);
  const deployment = { app, environment, names, ...where };
  const { client, login } = await logIn("verify", deployment);
  try {
    return { schema: names.schema, login, probed: await probe(client, login, names, access) };
  } finally {
    await client.end().catch(() => {});
  }
}
