import { type AccessRow, isChanged } from "../../access/diff";
import { type Classified, classify } from "./classify";
import { contextOf } from "./context";
import { type Allowance, byRisk, checkAllowances, type Finding, gravest, type Risk } from "./finding";
import { type ReviewedGroup, reviewedGroups } from "./groups";
import type { Preview } from "./preview";
import type { PreviewedResource } from "./resource";
import { phraseOf } from "./words";

/** One changing resource of the list. */
export interface ReviewedResource {
  readonly risk: Risk;
  readonly op: string;
  readonly phrase: string;
  readonly urn: string;
}

/** The whole review. */
export interface Review {
  readonly stack: string;
  /** The gravest class that was not let through; `blocks` when the preview is incomplete. */
  readonly verdict: Risk;
  readonly incomplete: readonly string[];
  readonly groups: readonly ReviewedGroup[];
  /** Rules that were broken before and are not by this change. */
  readonly known: readonly Finding[];
  readonly access: readonly AccessRow[];
  readonly resources: readonly ReviewedResource[];
  readonly unchanged: number;
  readonly hidden: number;
  readonly assumed: number;
  readonly allowances: readonly Allowance[];
}

/** Judges a preview. @throws {MistakeError} when an allowance names nothing in it */
export function review(preview: Preview, allowances: readonly Allowance[] = []): Review {
  checkAllowances(allowances, preview);
  const context = contextOf(preview);
  const classified = preview.resources.map((one) => [one, classify(one, context)] as const);
  const changing = new Map(classified.filter(([resource, judged]) => isChange(resource, judged)));
  const groups = reviewedGroups(changing, context, allowances);
  return {
    stack: preview.stack,
    verdict: preview.incomplete.length > 0 ? "blocks" : gravest(groups.map(({ risk }) => risk)),
    incomplete: preview.incomplete,
    groups: groups.sort(byRisk),
    known: classified.flatMap(([, { known }]) => known),
    access: context.rows,
    resources: [...changing].map(listed).sort(byRisk),
    unchanged: preview.resources.length - changing.size + preview.hidden,
    hidden: preview.hidden,
    assumed: context.assumed,
    allowances,
  };
}

/** Whether a resource changes, or stays as it is in a state that is not safe. */
function isChange({ op }: PreviewedResource, { findings }: Classified): boolean {
  return !["same", "refresh", "read"].includes(op) || findings.some(({ risk }) => risk !== "safe");
}

function listed([resource, { findings }]: readonly [PreviewedResource, Classified]): ReviewedResource {
  const risk = gravest(findings.map((one) => one.risk));
  return { risk, op: resource.op, phrase: phraseOf(resource), urn: resource.urn };
}

/** Rows of the matrix in which a cell changes. */
export function changedRows({ access }: Review): AccessRow[] {
  return access.filter(isChanged);
}
