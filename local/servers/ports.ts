import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { codeOf } from "../../infra/mistake";

function refusal(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (thrown) => resolve(codeOf(thrown)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Why a port of the loopback addresses cannot be listened on: somebody does, or this user may not. */
export async function portProblem(port: number): Promise<"taken" | "forbidden" | undefined> {
  const refusals = [await refusal(port, "127.0.0.1"), await refusal(port, "::1")];
  // A machine without IPv6 has no such address to be taken.
  if (refusals.includes("EADDRINUSE")) return "taken";
  return refusals.includes("EACCES") ? "forbidden" : undefined;
}

/** The lowest port that a user other than root may listen on. */
export function firstFreeForAll(): number {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
  } catch {
    return 1024;
  }
}

/**
 * The lowest port of those looked through, and how many: below what systems lend to clients' own ends, one of which might
 * take a port before the server that it was found for.
 */
const FIRST = 20_000;
const COUNT = 12_000;

/** The port that is wished for, or any other free one. */
export async function freePort(wished: number): Promise<number> {
  let port = wished;
  while (!(port > 0 && port < 65536 && (await portProblem(port)) === undefined))
    port = FIRST + randomInt(COUNT);
  return port;
}
