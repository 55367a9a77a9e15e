import { MistakeError } from "../../infra/mistake";
import type { Finding } from "./finding";
import type { Preview } from "./preview";

/** One named thing that is let through, and why. */
export interface Allowance {
  readonly urn: string;
  readonly reason: string;
}

/** Refuses an allowance for something that the preview does not have: a typing mistake must not look like consent. */
export function checkAllowances(allowances: readonly Allowance[], preview: Preview): void {
  const urns = new Set(preview.resources.map(({ urn }) => urn));
  for (const { urn } of allowances) {
    if (!urns.has(urn)) {
      throw new MistakeError(
        `--allow names a URN that is not in the preview: ${JSON.stringify(preview.secrets.redact(urn))}`,
      );
    }
  }
}

/** Marks what is let through. */
export function allowed(findings: readonly Finding[], allowances: readonly Allowance[]): Finding[] {
  const reasonByUrn = new Map(allowances.map(({ urn, reason }) => [urn, reason]));
  return findings.map((finding) =>
    finding.risk === "blocks" && reasonByUrn.has(finding.urn)
      ? { ...finding, allowed: reasonByUrn.get(finding.urn) }
      : finding,
  );
}
