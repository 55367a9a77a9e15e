import { type AccessRow, isChanged, NO_SCHEMA } from "../../access/matrix";
import { wrapped } from "../../cli/lines";
import {
  CLASS_MEANINGS,
  changeLines,
  count,
  decisionsOf,
  decisionWords,
  SIGNS,
  sentenceOf,
  takeOverLeads,
  titleOf,
  urnsOf,
} from "./decisions";
import { RISKS } from "./finding";
import type { TakenOver } from "./headline";
import { visible } from "./markdown-text";
import type { Review } from "./review";
import { type Sentence, say, unquoted } from "./sentence";
import { changeWords } from "./words";

/** Names of which the same is said, and lines of a list; the Markdown form has them all. */
const MOST_NAMES = 6;
const MOST_LINES = 12;

const ONE_OR_MORE_NAMES = /^[^\s,]+(?:, [^\s,]+)*$/;

/** A name with blanks in it is put into quotes: it cannot pass for words of the review's. */
function textOf(sentence: Sentence): string {
  return unquoted(sentence)
    .map((part) => {
      if (typeof part === "string") return part;
      const text = visible(part.quoted, undefined, part.other);
      return ONE_OR_MORE_NAMES.test(text) ? text : `'${text}'`;
    })
    .join("");
}

const item = (sentence: Sentence) => wrapped(textOf(sentence), "  - ");

function limited(lines: readonly string[], most = MOST_LINES): string[] {
  if (lines.length <= most + 1) return [...lines];
  return [...lines.slice(0, most), `  - and ${lines.length - most} more`];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", wrapped(title, "", 2), ...lines];
}

function noticeSection({ incomplete, groups, allowances }: Review): string[] {
  const findings = groups.flatMap((group) => group.findings);
  const through = allowances.map(({ urn, reason }) => {
    const about = findings.filter((one) => one.urn === urn && one.allowed !== undefined);
    const what =
      about.length === 0
        ? say`${urn}, which blocks nothing`
        : about.flatMap(({ subject, reason: words }) => sentenceOf(subject, words));
    return item([...what, ...say`, because ${reason}`]);
  });
  const errors = incomplete.flatMap((text) =>
    text.split("\n").map((line) => wrapped(visible(line, 1000), "  ")),
  );
  return [
    ...section(
      "The preview is incomplete. It may leave out what is not safe, and --allow lets nothing of it through:",
      errors,
    ),
    ...section("Let through by --allow:", through),
  ];
}

function decisionSection(review: Review): string[] {
  const decisions = decisionsOf(review);
  const urns = urnsOf(decisions, review);
  return [
    ...RISKS.flatMap((risk) =>
      section(
        `${SIGNS[risk]} ${risk}: ${CLASS_MEANINGS[risk]}`,
        decisions.filter((one) => one.risk === risk).map((one) => item(decisionWords(one, MOST_NAMES))),
      ),
    ),
    ...section("What --allow takes:", limited(urns.map((urn) => `  - ${visible(urn, 500)}`))),
  ];
}

function changeLine(words: Sentence, takesOver: TakenOver | undefined): string {
  if (takesOver === undefined || takesOver.changes.length === 0) return item(words);
  const { name, changes, window } = takesOver;
  const until = window === undefined ? [] : say` (its maintenance window is ${window}, in UTC)`;
  return [
    item([...say`takes over ${name} as it is, and changes`, ...until, ":"]),
    ...changes.map((change) => wrapped(textOf(changeWords(change)), "      ", 8)),
  ].join("\n");
}

function rowWords({ role, schema, gained, lost, until }: AccessRow): Sentence {
  const parts = [
    ...(gained.length === 0 ? [] : [`gains ${gained.join(", ")}`]),
    ...(lost.length === 0 ? [] : [`loses ${lost.join(", ")}`]),
  ];
  const place = schema === NO_SCHEMA ? ["the database"] : say`${schema}`;
  const end = until === undefined ? [] : say` (until ${until})`;
  return [...say`${role} `, `${parts.join(", ")} on `, ...place, ...end];
}

function accessSection({ access }: Review): string[] {
  const changed = access.filter(isChanged);
  const same = access.length - changed.length;
  const rest =
    same === 0
      ? []
      : [`  ${count(same, "row")} of the access matrix ${same === 1 ? "does" : "do"} not change.`];
  const none = changed.length === 0 ? ["  Nobody may do more or less than before."] : [];
  return section("Who may do what", [
    ...none,
    ...limited(changed.map((row) => item(rowWords(row)))),
    ...rest,
  ]);
}

function endSection({ resources, unchanged, known, hidden }: Review): string[] {
  const unseen =
    hidden === 0
      ? ""
      : ` The preview leaves out ${hidden} that ${hidden === 1 ? "does" : "do"} not; npm run preview makes one that has them.`;
  const change = `${count(resources.length, "resource")} ${resources.length === 1 ? "changes" : "change"}, ${unchanged} ${unchanged === 1 ? "does" : "do"} not.`;
  return [
    ...section(
      "There before this change:",
      limited(known.map(({ subject, reason }) => item([...sentenceOf(subject, reason), "."]))),
    ),
    "",
    wrapped(`${change}${unseen} --markdown has each of them and the whole access matrix, --json everything.`),
  ];
}

/** The review for a terminal: in lines that fit, with long lists cut. */
export function toText(review: Review): string {
  const { verdict, groups } = review;
  const isQuiet = verdict === "safe" && groups.length > 0;
  return [
    textOf(titleOf(review)),
    ...takeOverLeads(review).flatMap((words) => ["", wrapped(textOf(words))]),
    ...noticeSection(review),
    ...(isQuiet ? ["", "Nothing here has to be decided."] : []),
    ...decisionSection(review),
    ...section(
      "What changes",
      limited(changeLines(groups, MOST_NAMES).map(({ words, group }) => changeLine(words, group?.takesOver))),
    ),
    ...accessSection(review),
    ...endSection(review),
    "",
  ].join("\n");
}
