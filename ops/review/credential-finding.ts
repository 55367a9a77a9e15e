import { inputOf } from "../../access/declared-resource";
import type { Finding } from "./finding";
import type { PreviewedResource } from "./previewed-resource";
import type { ResourceState } from "./resource-state";

const PASSWORD = "random:index/randomPassword:RandomPassword";

/** The credential that a password stands for; undefined for a password of another kind. */
function credentialOf(state: ResourceState | undefined): number | undefined {
  const keepers = inputOf(state?.inputs ?? {}, "keepers");
  const text =
    typeof keepers === "object" && keepers !== null && "credential" in keepers && keepers.credential;
  return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * A credential's number that goes down: a higher number rotates, a lower one locks out. The password before it is gone,
 * so that going down brings no URL back.
 * @see docs/decisions/0009-credentials-only-rise.md
 */
export function credentialFinding(resource: PreviewedResource, what: string): Finding | undefined {
  if (resource.type !== PASSWORD) return undefined;
  const [before, after] = [credentialOf(resource.before), credentialOf(resource.after)];
  if (before === undefined || after === undefined || after >= before) return undefined;
  return {
    risk: resource.stack === "prod" ? "blocks" : "interrupts",
    what,
    reason: `its credential goes down from ${before} to ${after}: the URL in use is closed, and no earlier one comes back; raise it instead`,
    urn: resource.urn,
  };
}
