import { type Finding, RISKS, type Risk } from "./finding";
import type { Review, ReviewedGroup } from "./review";
import { joined, listed, plainOf, type Sentence, say } from "./sentence";

/** One thing that a person decides: all of which the same is said. */
export interface Decision {
  readonly risk: Risk;
  readonly subjects: readonly Sentence[];
  readonly reason: Sentence;
  /** What `--allow` takes, where it blocks. */
  readonly urns: readonly string[];
}

/** What a class means, for somebody who reads one for the first time. */
export const CLASS_MEANINGS: Readonly<Record<Risk, string>> = {
  blocks: "nothing goes on until it is mended, or let through with --allow and a reason",
  "loses data": "it is gone for good",
  interrupts: "apps or people notice it, by a restart, a lockout or a deploy that fails",
  "widens access": "somebody may do more than before",
  "narrows access": "somebody may do less than before",
  safe: "nothing has to be decided",
};

/** Signs of the classes. */
export const SIGNS: Readonly<Record<Risk, string>> = {
  blocks: "🛑",
  "loses data": "🗑️",
  interrupts: "⚠️",
  "widens access": "🔓",
  "narrows access": "🔒",
  safe: "✅",
};

/** What was not let through, gravest first; what is said of several things alike stands once. */
export function decisionsOf({ groups }: Pick<Review, "groups">): Decision[] {
  const found = new Map<string, { risk: Risk; reason: Sentence; findings: Finding[] }>();
  for (const finding of groups.flatMap(({ findings }) => findings)) {
    if (finding.allowed !== undefined) continue;
    const { risk, reason } = finding;
    const [noun] = finding.subject;
    const key = JSON.stringify([risk, noun, plainOf(reason)]);
    const same = found.get(key);
    if (same === undefined) found.set(key, { risk, reason, findings: [finding] });
    else same.findings.push(finding);
  }
  const all = [...found.values()].map(({ risk, reason, findings }) => ({
    risk,
    reason,
    subjects: findings.map(({ subject }) => subject),
    urns: risk === "blocks" ? findings.map(({ urn }) => urn).filter((urn) => urn !== "") : [],
  }));
  return RISKS.flatMap((risk) => all.filter((one) => one.risk === risk));
}

/** The thing and what is said of it, as one sentence. */
export function sentenceOf(subject: Sentence, reason: Sentence): Sentence {
  const [first] = subject;
  return [typeof first === "string" ? "The " : "", ...subject, " ", ...reason].filter((part) => part !== "");
}

/** A decision in words; of a long list of things, the first ones are named. @param most how many are named */
export function decisionWords({ subjects, reason }: Decision, most: number): Sentence {
  const [first = [], ...others] = subjects;
  const one = sentenceOf(first, reason);
  if (others.length === 0) return [...one, "."];
  const names = others
    .slice(0, most)
    .map((subject) => (typeof subject[0] === "string" ? subject.slice(1) : subject));
  const more = others.length > most ? ` and ${others.length - most} more` : "";
  return [...one, ". The same goes for ", ...joined(names, ", "), `${more}.`];
}

/** What a first reader of an adoption has to know before anything else. */
export function takeOverLeads({ groups }: Review): Sentence[] {
  return groups.flatMap(({ takesOver }) => {
    if (takesOver === undefined || takesOver.changes.length === 0) return [];
    const { name, changes } = takesOver;
    return [
      say`This takes over ${name} as it is, and changes ${[count(changes.length, "setting")]} of it: each is below, from what to what, and when RDS does it.`,
    ];
  });
}

/** What `--allow` takes, of all that blocks; nothing of a preview that is incomplete, which it does not let through. */
export function urnsOf(decisions: readonly Decision[], { incomplete }: Review): string[] {
  if (incomplete.length > 0) return [];
  return [...new Set(decisions.flatMap(({ urns }) => urns))];
}

/** So many apps that come or go in one environment are one line. */
const MANY_APPS = 3;

/** What changes, a line a group; many apps that come, or go, in one environment are one. */
export function changeLines(
  groups: readonly ReviewedGroup[],
  most: number,
): { readonly risk: Risk; readonly words: Sentence; readonly group?: ReviewedGroup }[] {
  const keyOf = ({ whole, environment, risk }: ReviewedGroup) => `${whole} ${environment} ${risk}`;
  const apps = new Map<string, ReviewedGroup[]>();
  for (const group of groups) {
    if (group.whole === undefined) continue;
    apps.set(keyOf(group), [...(apps.get(keyOf(group)) ?? []), group]);
  }
  const said = new Set<string>();
  return groups.flatMap((group) => {
    const { risk, headline, whole, environment = "" } = group;
    const same = whole === undefined ? [] : (apps.get(keyOf(group)) ?? []);
    if (whole === undefined || same.length <= MANY_APPS) return [{ risk, words: headline, group }];
    if (said.has(keyOf(group))) return [];
    said.add(keyOf(group));
    const names = listed(
      same.map(({ app = "" }) => app),
      most,
    );
    const words =
      whole === "new"
        ? say`${[String(same.length)]} new apps in ${environment}, each with a schema, a login and a secret: ${names}`
        : say`${[String(same.length)]} apps in ${environment} go, each with its schema, its login and its secret: ${names}`;
    return [{ risk, words }];
  });
}

/** The first line of a review: the class, and of which stack. */
export function titleOf({ verdict, stack, groups, incomplete }: Review): Sentence {
  const end = groups.length === 0 && incomplete.length === 0 ? "; nothing changes" : "";
  return [`${SIGNS[verdict]} ${verdict}: stack `, ...say`${stack}`, end];
}

/** A number with its noun, e.g. `1 row`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
