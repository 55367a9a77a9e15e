import type { DBInstance, Parameter, RDS } from "@aws-sdk/client-rds";
import { MistakeError } from "../../infra/mistake";
import { clientSettings, type Place } from "../app/place";
import { awsProblem } from "../app/secrets";

/** An instance as AWS has it. */
export interface FoundInstance {
  readonly instance: DBInstance;
  /** What somebody has set in its parameter groups. */
  readonly parameters: readonly Parameter[];
}

async function parametersIn(client: RDS, group: string): Promise<Parameter[]> {
  const { paginateDescribeDBParameters } = await import("@aws-sdk/client-rds");
  const request = { DBParameterGroupName: group, Source: "user" };
  const found: Parameter[] = [];
  for await (const { Parameters = [] } of paginateDescribeDBParameters({ client }, request))
    found.push(...Parameters);
  // The emulator takes no notice of the source.
  return found.filter(({ Source, ParameterValue }) => (Source ?? "user") === "user" && ParameterValue);
}

/** So long AWS may take to be reached. */
const CONNECT_MS = 5000;

/**
 * Reads an instance and the parameters that were set for it.
 * @returns undefined when there is none of the name
 * @throws {MistakeError} when AWS does not answer, or does not let it be read
 */
export async function readInstance(place: Place, identifier: string): Promise<FoundInstance | undefined> {
  const { RDS } = await import("@aws-sdk/client-rds");
  // Where no way leads to AWS, the database may be reached all the same.
  const requestHandler = { connectionTimeout: CONNECT_MS };
  const client = new RDS({ maxAttempts: 2, ...clientSettings(place), requestHandler });
  try {
    const { DBInstances } = await client.describeDBInstances({ DBInstanceIdentifier: identifier });
    const [instance] = DBInstances ?? [];
    if (instance === undefined) return undefined;
    const groups = (instance.DBParameterGroups ?? []).map(({ DBParameterGroupName: name = "" }) => name);
    const own = groups.filter((name) => !name.startsWith("default."));
    const parameters = await Promise.all(own.map((name) => parametersIn(client, name)));
    return { instance, parameters: parameters.flat() };
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : "";
    if (/^DBInstanceNotFound(Fault)?$/.test(name)) return undefined;
    const what = `the instance ${identifier} cannot be read`;
    if (/^AccessDenied/.test(name))
      throw new MistakeError(
        `${what}: it takes rds:DescribeDBInstances and rds:DescribeDBParameters, as in docs/iam`,
      );
    throw awsProblem(what, place, thrown);
  } finally {
    client.destroy();
  }
}
