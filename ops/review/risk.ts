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
