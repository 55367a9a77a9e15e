import { stackConfig } from "../infra/config/config";
import { withoutIam } from "../infra/config/people";
import { readStackFile, type StackSettings } from "../infra/config/stack-file";
import { MistakeError } from "../infra/mistake";
import { PROJECT } from "../infra/names";
import { KINDS_OF_VISITORS } from "../infra/people/names";
import type { Network } from "./servers/network";

/**
 * Reads the files of several stacks, as strictly as their programs do: a file that AWS would refuse is refused here, too,
 * before a server is started.
 * @param now the moment at which nobody's end may have passed
 * @throws {MistakeError} with every problem of every file
 */
export function readStackFiles(
  configDir: string,
  stacks: readonly string[],
  now: Date = new Date(),
): ReadonlyMap<string, StackSettings> {
  const problems = stacks.flatMap((stack) => {
    try {
      stackConfig(configDir, stack, now);
      return [];
    } catch (thrown) {
      if (thrown instanceof MistakeError) return [thrown.message];
      throw thrown;
    }
  });
  // A file that cannot be read is in the way of the others, too.
  if (problems.length > 0) throw new MistakeError([...new Set(problems)].join("\n"));
  return new Map(stacks.map((stack) => [stack, readStackFile(configDir, stack)]));
}

/** Settings that speak of things that only exist in an AWS account. */
const ONLY_IN_AWS = ["adoptInstance", "masterPassword", "adminCaBundle"];

/**
 * A stack's settings with only the endpoints and the network ids set to the local ones.
 * @param port where the local Postgres listens
 */
export function localConfig(
  stack: string,
  config: Readonly<Record<string, string>>,
  port: number,
  network: Network,
): Record<string, string> {
  const key = (name: string): string => `${PROJECT}:${name}`;
  const local: Record<string, string> = { ...config };
  for (const name of ONLY_IN_AWS) delete local[key(name)];
  for (const kind of KINDS_OF_VISITORS) {
    const visitors = withoutIam(config[key(kind)]);
    if (visitors !== undefined) local[key(kind)] = visitors;
  }
  local[key("adminEndpoint")] = `localhost:${port}`;
  local[key("appEndpoint")] = `localhost:${port}`;
  local[key("sslmode")] = "disable";
  if (stack === "prod") {
    local[key("vpcId")] = network.vpcId;
    local[key("subnetIds")] = JSON.stringify(network.subnetIds);
  }
  return local;
}
