import { type DeclaredResource, mapsOf, textOf, textsOf } from "../access/declared-resource";

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
