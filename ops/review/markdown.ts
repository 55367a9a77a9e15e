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
import { type Finding, RISKS } from "./finding";
import type { TakenOver } from "./headline";
import {
  accessSection,
  ELSEWHERE,
  folded,
  limited,
  type Room,
  resourceSection,
  takeOverTable,
} from "./markdown-tables";
import { code, markdownOf, quotation } from "./markdown-text";
import type { Review } from "./review";
import { say } from "./sentence";

const WHOLE: Room = {
  names: Number.POSITIVE_INFINITY,
  sentences: Number.POSITIVE_INFINITY,
  lines: Number.POSITIVE_INFINITY,
  signs: Number.POSITIVE_INFINITY,
};

/** From the most to the least; the first in which a review fits into a comment is taken. */
const ROOMS: readonly Room[] = [
  { names: 12, sentences: 40, lines: 150, signs: 240 },
  { names: 12, sentences: 40, lines: 60, signs: 240 },
  { names: 8, sentences: 30, lines: 25, signs: 240 },
  { names: 4, sentences: 15, lines: 10, signs: 240 },
  { names: 2, sentences: 8, lines: 4, signs: 240 },
];

/** GitHub refuses a comment of more than 65,536 characters, and those of prod and dev share one. */
const MAX_CHARACTERS = 30_000;

/** Headlines that stand open; of more, the rest is folded. */
const OPEN_HEADLINES = 8;

/** What a person has to decide, a class at a time. */
function decisionSection(review: Review, room: Room): string[] {
  const decisions = decisionsOf(review);
  const urns = urnsOf(decisions, review);
  const sections = RISKS.flatMap((risk) => {
    const ofRisk = decisions.filter((one) => one.risk === risk);
    if (ofRisk.length === 0) return [];
    return [
      `**${SIGNS[risk]} ${risk}**: ${CLASS_MEANINGS[risk].replace("--allow", "`--allow`")}`,
      "",
      ...limited(
        ofRisk.map((one) => `- ${markdownOf(decisionWords(one, room.names), room.signs)}`),
        room.sentences,
        "sentences",
      ),
      "",
    ];
  });
  const allowable = limited(
    urns.map((urn) => `- ${code(urn, 500)}`),
    room.lines,
    "URNs",
  );
  return [...sections, ...folded(`What --allow takes: ${count(urns.length, "URN")}`, allowable)];
}

function allowedLine({ subject, reason, allowed }: Finding): string {
  return `- ${markdownOf(sentenceOf(subject, reason))}, because ${code(allowed ?? "", 500)}`;
}

/** Why nothing that the preview leaves out is safe, and what was let through. */
function noticeSection({ incomplete, groups, allowances }: Review, room: Room): string[] {
  const let_ = groups.flatMap(({ findings }) => findings).filter(({ allowed }) => allowed !== undefined);
  const reasons = incomplete.slice(0, 10).flatMap((text) => ["", ...quotation(text)]);
  const left = incomplete.length > 10 ? ["", `and ${incomplete.length - 10} more`] : [];
  return [
    ...(incomplete.length === 0
      ? []
      : [
          "**The preview is incomplete.** It may leave out what is not safe, and `--allow` lets nothing of it through:",
          ...reasons,
          ...left,
          "",
        ]),
    ...(allowances.length === 0 ? [] : ["**Let through by `--allow`**", ""]),
    ...limited(let_.map(allowedLine), room.sentences, "sentences"),
    ...allowances
      .filter(({ urn }) => let_.every((one) => one.urn !== urn))
      .map(({ urn, reason }) => `- ${code(urn, 500)}, which blocks nothing, because ${code(reason, 500)}`),
    ...(allowances.length === 0 ? [] : [""]),
  ];
}

/** What an instance that is taken over is: the settings are in a table. */
const takeOverWords = ({ name, changes }: TakenOver) =>
  say`takes over ${name} as it is, changes ${[count(changes.length, "setting")]} of it, and makes what belongs to it`;

function changeSection({ groups }: Review, room: Room): string[] {
  if (groups.length === 0) return [];
  const lines = changeLines(groups, room.names).map(({ risk, words, group }) => {
    const taken = group?.takesOver;
    const isLong = taken !== undefined && taken.changes.length > 0;
    return `- ${SIGNS[risk]} ${markdownOf(isLong ? takeOverWords(taken) : words, room.signs)}`;
  });
  const open = lines.length <= OPEN_HEADLINES + 2 ? lines.length : OPEN_HEADLINES;
  const whole = groups.filter((group) => group.whole !== undefined);
  const each =
    lines.length === groups.length
      ? []
      : whole.map(({ headline }) => `- ${markdownOf(headline, room.signs)}`);
  return [
    "### What changes",
    "",
    ...lines.slice(0, open),
    "",
    ...folded(`${lines.length - open} more`, limited(lines.slice(open), room.lines, "groups")),
    ...folded(`${count(each.length, "app")}, each in its environment`, limited(each, room.lines, "apps")),
    ...groups.flatMap((group) => takeOverTable(group, room)),
  ];
}

/** Its words are no prose: `⚠️` would be taken for code. */
function titleLine(review: Review): string {
  const [words, ...rest] = titleOf(review);
  return `## ${words}${markdownOf(rest)}`;
}

function render(review: Review, room: Room): string {
  const { verdict, groups } = review;
  const isQuiet = verdict === "safe" && groups.length > 0;
  return [
    titleLine(review),
    "",
    ...noticeSection(review, room),
    ...(isQuiet ? ["Nothing here has to be decided.", ""] : []),
    ...takeOverLeads(review).flatMap((words) => [markdownOf(words), ""]),
    ...decisionSection(review, room),
    ...changeSection(review, room),
    ...accessSection(review, room),
    ...resourceSection(review, room),
  ].join("\n");
}

/** The whole review in Markdown. */
export function toMarkdown(review: Review): string {
  return render(review, WHOLE);
}

/** The review as a pull request comment, in which that of another stack has room beside it. */
export function toComment(review: Review): string {
  for (const room of ROOMS) {
    const text = render(review, room);
    if (text.length <= MAX_CHARACTERS) return text;
  }
  return `${titleLine(review)}\n\nIts review does not fit into a comment: ${ELSEWHERE}.\n`;
}
