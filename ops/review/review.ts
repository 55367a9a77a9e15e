import { type AccessRow, isChanged } from "../../access/matrix";
import { Environments } from "../../infra/names";
import { type ChangedAccess, changedAccess } from "./access";
import { accessOfMatrix, echoesOf } from "./access-findings";
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
import type { Preview } from "./preview";
import { isLeftAlone, type PreviewedResource } from "./resource";
import { joined, type Sentence } from "./sentence";
import { servingIn } from "./serving";
import { surroundingsOf } from "./surroundings";
import { parametersWords, phraseOf, worded } from "./words";

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

/** What groups are judged with. */
interface Context {
  readonly access: ChangedAccess;
  readonly allowances: readonly Allowance[];
  readonly environments: Environments;
  readonly word: (judgement: Judgement) => Finding;
}

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
  const surroundings = surroundingsOf(preview.resources, environments);
  const classified = preview.resources.map((one) => [one, classify(one, access, surroundings)] as const);
  const changing: Changing = new Map(classified.filter(([resource, judged]) => isChange(resource, judged)));
  const word = (one: Judgement) => worded(one, (text) => preview.secrets.redact(text));
  const groups = reviewedGroups(changing, { access, allowances, environments, word });
  return {
    stack: preview.stack,
    verdict: preview.incomplete.length > 0 ? "blocks" : gravest(groups.map(({ risk }) => risk)),
    incomplete: preview.incomplete,
    groups: groups.sort(byRisk),
    known: classified.flatMap(([, { known }]) => known).map(word),
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
  const phrase = [...phraseOf(resource), ...parametersWords(resource)];
  return { risk, op: resource.op, phrase, urn: resource.urn };
}

/** What changes, judged a group at a time; what the matrix adds stands at its resource, or in a group of its own. */
function reviewedGroups(
  changing: Changing,
  { access, allowances, environments, word }: Context,
): ReviewedGroup[] {
  const resources = [...changing.keys()];
  const isEcho = echoesOf(access.changes);
  const matrixByUrn = byUrn(accessOfMatrix(access, resources, environments));
  const groups = groupsOf(resources).map((group) => {
    const isServing = servingIn(group.resources);
    const own = group.resources.flatMap((one) => {
      const judgements = changing.get(one)?.judgements ?? [];
      return isServing(one) ? judgements.filter(({ kind }) => kind !== "table") : judgements;
    });
    const inMatrix = group.resources.flatMap(({ urn }) => matrixByUrn.get(urn) ?? []);
    const judgements = allowed([...own.filter((one) => !isEcho(one)), ...inMatrix], allowances);
    return {
      ...reviewedGroup(group, headline(group), judgements.map(word)),
      whole: wholeChangeOf(group),
      takesOver: takenOverIn(group),
    };
  });
  const homeless = matrixByUrn.get("") ?? [];
  if (homeless.length === 0) return groups;
  const findings = homeless.map(word);
  const sentences = findings.map(({ subject, reason }): Sentence => [...subject, " ", ...reason]);
  return [...groups, reviewedGroup({ title: "access" }, ["access: ", ...joined(sentences, "; ")], findings)];
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
  findings: readonly Finding[],
): ReviewedGroup {
  return {
    title,
    app,
    environment,
    risk: gravest(findings.filter((one) => one.allowed === undefined).map(({ risk }) => risk)),
    headline: words,
    findings: findings.filter(({ risk }) => risk !== "safe").sort(byRisk),
    safe: findings.filter(({ risk }) => risk === "safe").length,
  };
}
