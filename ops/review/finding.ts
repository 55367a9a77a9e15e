import { MistakeError } from "../../infra/mistake";
import type { Preview } from "./preview";

/** What a change means for data, access and running apps, gravest first. */
export const RISKS = ["blocks", "interrupts", "widens access", "narrows access", "safe"] as const;

/** One of them. */
export type Risk = (typeof RISKS)[number];

/** The gravest of some; `safe` when there are none. */
export function gravest(risks: Iterable<Risk>): Risk {
  const found = new Set(risks);
  return RISKS.find((risk) => found.has(risk)) ?? "safe";
}

/** Sorts the gravest first. */
export function byRisk(a: { readonly risk: Risk }, b: { readonly risk: Risk }): number {
  return RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk);
}

/** One thing that a reviewer should know. */
export interface Finding {
  readonly risk: Risk;
  /** What it is about, e.g. `schema wms_prod`. */
  readonly what: string;
  readonly reason: string;
  readonly urn: string;
  /** Why a finding that blocks was let through. */
  readonly allowed?: string | undefined;
}

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
