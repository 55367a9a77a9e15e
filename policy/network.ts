import {
  type DeclaredResource,
  inputOf,
  isOn,
  mapsOf,
  textOf,
  textsOf,
  UNKNOWN,
} from "../access/declared-resource";

/** Bits that a network's address has to fix; the stack's config has the same limit. */
const NARROW_ENOUGH_BITS = 8;

/** Where each form of an ingress rule names its networks. */
const CIDR_KEYS = ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"] as const;

/** Whether a network is wider than /8, as 0.0.0.0/0 and ::/0 are. */
function isOpen(cidr: string): boolean {
  return Number(cidr.split("/")[1] ?? Number.POSITIVE_INFINITY) < NARROW_ENOUGH_BITS;
}

/** The instance is reached from named sources, never from the internet. */
export function ingressProblem({ inputs }: DeclaredResource): string | undefined {
  if (textOf(inputs, "type") === "egress") return undefined;
  const open = [inputs, ...mapsOf(inputs, "ingress")]
    .flatMap((rule) => CIDR_KEYS.flatMap((key) => textsOf(rule, key)))
    .filter(isOpen);
  if (open.length === 0) return undefined;
  return `lets in ${open.join(", ")}: name a network of /8 or narrower, or a security group`;
}

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
