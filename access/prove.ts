import type { Client } from "pg";
import { codeOf, MistakeError, messageOf } from "../infra/mistake";
import type { AppNames } from "../infra/names";
import { compareDifferences, type DeclaredAccess, type Difference } from "./cells";
import { type Probed, probe } from "./probe";

/** Logins that are proven at a time. */
const AT_A_TIME = 4;

/** An app in an environment, and how to log in as it. */
export interface ProvableApp {
  readonly names: AppNames;
  /** Logs in with the app's present secret. */
  logIn(): Promise<{ readonly client: Client; readonly login: string }>;
}

/** One app in one environment, tried. */
export interface ProvenApp {
  readonly schema: string;
  readonly login: string;
  readonly probed: Probed;
}

/** What logging in as each app showed. */
export interface Proof {
  readonly apps: readonly ProvenApp[];
  /** Cells that differ from what is declared, each once, whichever sessions saw it. */
  readonly differences: readonly Difference[];
  /** Why an app could not be tried: no secret, no login, no connection. Sorted, without passwords. */
  readonly failures: readonly string[];
}

/** Logs in as every app and holds what the server lets its roles do against what is declared. */
export async function prove(apps: readonly ProvableApp[], declared: DeclaredAccess): Promise<Proof> {
  const waiting = [...apps];
  const proven: ProvenApp[] = [];
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { schema } = next.names;
      try {
        proven.push(await proveOne(next, declared));
      } catch (thrown) {
        // What a person can mend, and what the server or the network says; anything else is a defect.
        if (!(thrown instanceof MistakeError) && codeOf(thrown) === undefined) throw thrown;
        failures.push(`${schema}: ${messageOf(thrown)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const byCell = new Map<string, Difference>();
  for (const { probed } of proven) {
    for (const one of probed.differences) byCell.set(JSON.stringify(Object.values(one)), one);
  }
  return {
    apps: proven.sort((a, b) => (a.schema < b.schema ? -1 : 1)),
    differences: [...byCell.values()].sort(compareDifferences),
    failures: failures.sort(),
  };
}

async function proveOne({ names, logIn }: ProvableApp, declared: DeclaredAccess): Promise<ProvenApp> {
  const { client, login } = await logIn();
  try {
    return { schema: names.schema, login, probed: await probe(client, login, names, declared) };
  } finally {
    await client.end().catch(() => {});
  }
}
