import { type DeclaredResource, inputOf, isOn, UNKNOWN } from "../access/declared-resource";

/** One value of a map input; UNKNOWN where the map is not known as a whole. */
function partOf(inputs: DeclaredResource["inputs"], key: string, part: string): unknown {
  const value = inputOf(inputs, key);
  if (typeof value !== "object" || value === null) return value;
  return (value as Record<string, unknown>)[part];
}

/** What a machine beside the instance must not be; an input that is left out is AWS's own weaker default. */
export function machineProblem({ inputs }: DeclaredResource): string | undefined {
  const problems: string[] = [];
  const address = inputOf(inputs, "associatePublicIpAddress");
  if (address !== UNKNOWN && (address === undefined || isOn(address)))
    problems.push("may have a public address: set associatePublicIpAddress to false");
  if (inputOf(inputs, "keyName") !== undefined)
    problems.push("has an SSH key: leave keyName out; Session Manager needs none");
  const tokens = partOf(inputs, "metadataOptions", "httpTokens");
  if (tokens !== UNKNOWN && tokens !== "required")
    problems.push("answers metadata requests without a token: set metadataOptions.httpTokens to required");
  const isEncrypted = partOf(inputs, "rootBlockDevice", "encrypted");
  if (isEncrypted !== UNKNOWN && !isOn(isEncrypted))
    problems.push("has an unencrypted disk: set rootBlockDevice.encrypted to true");
  return problems.length === 0 ? undefined : problems.join("; ");
}
