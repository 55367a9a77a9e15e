import { PROJECT } from "../infra/names";
import type { Network } from "./servers/network";

/** Settings that speak of things that only exist in an AWS account. */
const ONLY_IN_AWS = ["adoptInstance", "adminPassword", "adminCaBundle"];

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
  local[key("adminEndpoint")] = `localhost:${port}`;
  local[key("appEndpoint")] = `localhost:${port}`;
  local[key("sslmode")] = "disable";
  if (stack === "prod") {
    local[key("vpcId")] = network.vpcId;
    local[key("subnetIds")] = JSON.stringify(network.subnetIds);
  } else {
    local[key("prodStack")] = "organization/portal-db/prod";
  }
  return local;
}
