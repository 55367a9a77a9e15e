import { Client } from "pg";
import { type DeclaredAccess, declaredAccess } from "../access/cells";
import type { AccessResource } from "../access/facts";
import { probe } from "../access/probe";
import { differenceLine } from "../access/report";
import { messageOf } from "../infra/mistake";
import { namesOf } from "../infra/names";
import type { AppSecret } from "./app-secrets";

/** Logins that are proven at a time. */
const AT_A_TIME = 4;

/**
 * Logs in with every URL and holds what each login is let do against what the stacks declare.
 * @param resources everything that the deployed stacks declare
 * @returns one line a broken promise, naming the login; none of them holds a password
 */
export async function prove(
  secrets: readonly AppSecret[],
  resources: readonly AccessResource[],
): Promise<readonly string[]> {
  const declared = declaredAccess(resources);
  const waiting = [...secrets];
  const broken = new Set<string>();
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { login } = next;
      const problems = await proveOne(next, declared).catch((thrown) => [`${login}: ${messageOf(thrown)}`]);
      for (const problem of problems) broken.add(problem);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return [...broken].sort();
}

async function proveOne(
  { app, environment, login, url }: AppSecret,
  declared: DeclaredAccess,
): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    const probed = await probe(client, login, namesOf(app, environment), declared);
    return probed.differences.map(differenceLine);
  } finally {
    await client.end();
  }
}
