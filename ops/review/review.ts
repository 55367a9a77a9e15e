import { type AccessRow, isChanged } from "../../access/matrix";
import { Environments } from "../../infra/names";
import { type ChangedAccess, changedAccess } from "./access";
import { accessOfMatrix, echoesOf } from "./access-findings";
import { changedKeys } from "./changed";
import { type Classified, classify } from "./classify";
import {
  type Allowance,
  allowed,
  byRisk,
  checkAllowances,
  type Finding,
  gravest,
  type Judgement,
  type Risk,
} from "./finding";
import { type Group, groupsOf } from "./groups";
import { headline, type TakenOver, takenOverIn, wholeChangeOf } from "./headline";
import { type Kind, kindOfResource } from "./kind";
import type { Preview } from "./preview";
import { isLeftAlone, type PreviewedResource } from "./resource";
import { joined, type Sentence } from "./sentence";
import { phraseOf, worded } from "./words";

/** One group of resources, judged. */
export interface ReviewedGroup extends Pick<Group, "title" | "app" | "environment"> {
  readonly risk: Risk;
  /** What changes, in one sentence. */
  readonly headline: Sentence;
  /** What is not safe, gravest first. */
  readonly findings: readonly Finding[];
  /** How many findings are safe. */
  readonly safe: number;
  /** Whether it is an app that comes or goes as a whole. */
  readonly whole?: "new" | "gone" | undefined;
  /** The instance that it takes over, where it does: what of it changes, and its weekly window. */
  readonly takesOver?: TakenOver | undefined;
}

/** One changing resource of the list. */
export interface ReviewedResource {
  readonly risk: Risk;
  readonly op: string;
  readonly phrase: Sentence;
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

type Changing = ReadonlyMap<PreviewedResource, Classified>;

/**
 * Judges a preview.
 * @param environments which there are, and whose: a name of another stack's blocks
 * @throws {MistakeError} when an allowance names nothing in it
 */
export function review(
  preview: Preview,
  allowances: readonly Allowance[] = [],
  environments: Environments = new Environments(),
): Review {
  checkAllowances(allowances, preview);
  const access = changedAccess(preview, environments);
  const classified = preview.resources.map((one) => [one, classify(one, access, environments)] as const);
  const changing: Changing = new Map(classified.filter(([resource, judged]) => isChange(resource, judged)));
  const groups = reviewedGroups(changing, access, allowances, environments);
  return {
    stack: preview.stack,
    verdict: preview.incomplete.length > 0 ? "blocks" : gravest(groups.map(({ risk }) => risk)),
    incomplete: preview.incomplete,
    groups: groups.sort(byRisk),
    known: classified.flatMap(([, { known }]) => known).map(worded),
    access: access.rows,
    resources: [...changing].map(listed).sort(byRisk),
    unchanged: preview.resources.length - changing.size + preview.hidden,
    hidden: preview.hidden,
    assumed: access.assumed,
    allowances,
  };
}

/** Rows of the matrix in which a cell changes. */
export function changedRows({ access }: Review): AccessRow[] {
  return access.filter(isChanged);
}

/** Whether a resource changes, or stays as it is in a state that is not safe. */
function isChange({ op }: PreviewedResource, { judgements }: Classified): boolean {
  return !isLeftAlone(op) || judgements.some(({ risk }) => risk !== "safe");
}

function listed([resource, { judgements }]: readonly [PreviewedResource, Classified]): ReviewedResource {
  const risk = gravest(judgements.map((one) => one.risk));
  return { risk, op: resource.op, phrase: phraseOf(resource), urn: resource.urn };
}

/** Whether a resource serves another one of its group that says the same: a secret's value, a login's password. */
function isServing(resource: PreviewedResource, group: readonly PreviewedResource[]): boolean {
  const has = (kind: Kind, test: (one: PreviewedResource) => boolean) =>
    group.some((one) => kindOfResource(one) === kind && test(one));
  const goes = ({ op }: PreviewedResource) => op === "delete";
  const kind = kindOfResource(resource);
  if (kind === "secret value") return goes(resource) && has("secret", goes);
  if (kind !== "password") return false;
  return goes(resource)
    ? has("login", goes)
    : resource.op !== "create" &&
        has("login", (one) => one.op === "update" && changedKeys(one).includes("password"));
}

/** What changes, judged a group at a time; what the matrix adds stands at its resource, or in a group of its own. */
function reviewedGroups(
  changing: Changing,
  access: ChangedAccess,
  allowances: readonly Allowance[],
  environments: Environments,
): ReviewedGroup[] {
  const resources = [...changing.keys()];
  const isEcho = echoesOf(access.changes);
  const matrixByUrn = byUrn(accessOfMatrix(access, resources, environments));
  const groups = groupsOf(resources).map((group) => {
    const own = group.resources.flatMap((one) => {
      const judgements = changing.get(one)?.judgements ?? [];
      return isServing(one, group.resources) ? judgements.filter(({ kind }) => kind !== "table") : judgements;
    });
    const inMatrix = group.resources.flatMap(({ urn }) => matrixByUrn.get(urn) ?? []);
    const judgements = [...own.filter((one) => !isEcho(one)), ...inMatrix];
    return {
      ...reviewedGroup(group, headline(group), allowed(judgements, allowances)),
      whole: wholeChangeOf(group),
      takesOver: takenOverIn(group),
    };
  });
  const homeless = matrixByUrn.get("") ?? [];
  if (homeless.length === 0) return groups;
  const sentences = homeless.map(worded).map(({ subject, reason }): Sentence => [...subject, " ", ...reason]);
  return [...groups, reviewedGroup({ title: "access" }, ["access: ", ...joined(sentences, "; ")], homeless)];
}

function byUrn(judgements: readonly Judgement[]): Map<string, Judgement[]> {
  const found = new Map<string, Judgement[]>();
  for (const one of judgements) {
    const ofUrn = found.get(one.urn);
    if (ofUrn === undefined) found.set(one.urn, [one]);
    else ofUrn.push(one);
  }
  return found;
}

function reviewedGroup(
  { title, app, environment }: Pick<Group, "title" | "app" | "environment">,
  words: Sentence,
  judgements: readonly Judgement[],
): ReviewedGroup {
  return {
    title,
    app,
    environment,
    risk: gravest(judgements.filter((one) => one.allowed === undefined).map(({ risk }) => risk)),
    headline: words,
    findings: judgements
      .filter(({ risk }) => risk !== "safe")
      .sort(byRisk)
      .map(worded),
    safe: judgements.filter(({ risk }) => risk === "safe").length,
  };
}
