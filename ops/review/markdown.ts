import { type AccessRow, isChanged, RIGHTS } from "../../access/matrix";
import { type Finding, RISKS } from "./finding";
import type { Review, ReviewedGroup } from "./review";

/** GitHub refuses a comment of 65,536 characters; some are left for what the workflow adds. */
const MAX_CHARACTERS = 60_000;

/** How many lines a list may have; the first that makes the whole fit is taken. */
const LIMITS = [400, 100, 30, 8] as const;

const VERDICTS = {
  blocks: "🛑 blocks",
  interrupts: "⚠️ interrupts",
  "widens access": "🔓 widens access",
  "narrows access": "🔒 narrows access",
  safe: "✅ safe",
} as const;

/** Signs that Markdown or HTML would act on, and what looks like them. Names of this project have none of them. */
const LOOK_ALIKE: Readonly<Record<string, string>> = {
  "<": "‹",
  ">": "›",
  "`": "ʼ",
  "|": "¦",
  "@": "＠",
  "&": "＆",
};

/** Characters that stand for nothing or turn the text around. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

const MAX_LENGTH = 240;

/** A foreign text on one line, with nothing in it that Markdown, HTML or a terminal would act on; cut at 240 characters. */
function visible(text: string, maxLength = MAX_LENGTH): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut
    .replace(INVISIBLE, " ")
    .replace(/[<>`|@&]/g, (sign) => LOOK_ALIKE[sign] ?? " ")
    .trim();
}

/** The same as code, in which Markdown acts on nothing at all. */
function code(text: string, maxLength?: number): string {
  return `\`${visible(text, maxLength) || " "}\``;
}

function limited(lines: readonly string[], limit: number): string[] {
  return lines.length <= limit
    ? [...lines]
    : [...lines.slice(0, limit), `- and ${lines.length - limit} more`];
}

function findingLine({ risk, what, reason, urn, allowed }: Finding): string {
  const name = `${code(what)}: ${code(reason)}`;
  if (allowed !== undefined) return `- **allowed** (${risk}) ${name}, because ${code(allowed, 500)}`;
  return `- **${risk}** ${name}${risk === "blocks" ? `<br>${code(urn, 500)}` : ""}`;
}

function groupSection(group: ReviewedGroup, limit: number): string[] {
  const safe = group.findings.length > 0 && group.safe > 0 ? [`- ${group.safe} safe changes besides`] : [];
  const lines = limited(group.findings.map(findingLine), limit);
  return [
    `- **${group.risk}**: ${code(group.headline, 600)}`,
    ...[...lines, ...safe].map((line) => `  ${line}`),
  ];
}

function verdictLines({ verdict, incomplete, groups, stack, allowances }: Review): string[] {
  const findings = groups.flatMap((group) => group.findings).filter((one) => one.allowed === undefined);
  const counts = RISKS.filter((risk) => risk !== "safe")
    .map((risk) => [risk, findings.filter((finding) => finding.risk === risk).length] as const)
    .filter(([, count]) => count > 0)
    .map(([risk, count]) => `${risk}: ${count}`);
  const sum = counts.length > 0 ? ` (${counts.join(", ")})` : groups.length === 0 ? "; nothing changes" : "";
  const why =
    incomplete.length > 0
      ? "; the preview is incomplete, so that nothing it leaves out can be called safe"
      : sum;
  return [
    `## ${VERDICTS[verdict]}: stack ${code(stack, 80)}${why}`,
    "",
    ...limited(
      incomplete.map((text) => `- **incomplete** ${code(text, 500)}`),
      20,
    ),
    ...allowances.map(
      ({ urn, reason }) => `- let through by --allow: ${code(urn, 500)}, because ${code(reason, 500)}`,
    ),
    "",
  ];
}

const ACCESS_HEAD = [
  `| role | schema | ${RIGHTS.join(" | ")} |`,
  `|---|---|${RIGHTS.map(() => ":-:").join("|")}|`,
];

/** One cell: `yes`, `–`, or what it changes from and to, in bold. */
function cell({ before, gained, lost }: AccessRow, right: (typeof RIGHTS)[number]): string {
  if (gained.includes(right)) return "**– → yes**";
  if (lost.includes(right)) return "**yes → –**";
  return before.includes(right) ? "yes" : "–";
}

function accessLine(row: AccessRow): string {
  return `| ${code(row.role, 80)} | ${code(row.schema, 80)} | ${RIGHTS.map((right) => cell(row, right)).join(" | ")} |`;
}

function accessTable(rows: readonly AccessRow[], limit: number): string[] {
  const more = rows.length > limit ? [`and ${rows.length - limit} more rows; \`--json\` has all`] : [];
  return [...ACCESS_HEAD, ...rows.slice(0, limit).map(accessLine), "", ...more];
}

/** The access matrix: the rows in which a cell changes, and the others folded. */
function accessSection(rows: readonly AccessRow[], limit: number, notes: readonly string[]): string[] {
  const changed = rows.filter(isChanged);
  const same = rows.filter((row) => !isChanged(row));
  const folded =
    same.length === 0 ? [] : ["<details>", `<summary>${same.length} rows do not change</summary>`, ""];
  return [
    "### Who may do what",
    "",
    ...(changed.length === 0 ? ["No cell of the access matrix changes.", ""] : accessTable(changed, limit)),
    ...folded,
    ...(same.length === 0 ? [] : [...accessTable(same, Math.ceil(limit / 2)), "", "</details>", ""]),
    ...notes,
    "",
  ];
}

function notesOf({ hidden, assumed }: Review): string[] {
  if (hidden === 0 && assumed === 0) return [];
  const unseen =
    hidden === 0
      ? ""
      : `${hidden} unchanged resources are not in this preview (\`npm run preview\` makes one that has them). `;
  return [`> ${unseen}${assumed} resources of the matrix are taken from the stack's settings.`];
}

function render(review: Review, limit: number): string {
  const { groups, known, resources, unchanged, access } = review;
  const counts = new Map<string, number>();
  for (const { op } of resources) counts.set(op, (counts.get(op) ?? 0) + 1);
  const summary = [...counts].map(([op, count]) => `${count} ${op}`).join(", ");
  const list = resources.map(({ risk, phrase, urn }) => `- ${risk}: ${code(phrase)} ${code(urn)}`);
  return [
    ...verdictLines(review),
    ...(groups.length === 0 ? [] : ["### What changes", ""]),
    ...limited(
      groups.map((group) => groupSection(group, limit).join("\n")),
      limit,
    ),
    "",
    ...(known.length === 0
      ? []
      : ["<details>", `<summary>${known.length} problems were there before</summary>`, ""]),
    ...limited(
      known.map(({ what, reason }) => `- ${code(what)}: ${code(reason)}`),
      limit,
    ),
    ...(known.length === 0 ? [] : ["", "</details>", ""]),
    ...accessSection(access, limit, notesOf(review)),
    "<details>",
    `<summary>${resources.length} resources change${summary === "" ? "" : ` (${summary})`}, ${unchanged} do not</summary>`,
    "",
    ...limited(list, limit),
    "",
    "</details>",
    "",
  ].join("\n");
}

/** The review as a pull request comment, always short enough for one. */
export function toMarkdown(review: Review): string {
  for (const limit of LIMITS) {
    const text = render(review, limit);
    if (text.length <= MAX_CHARACTERS) return text;
  }
  return `${render(review, 2).slice(0, MAX_CHARACTERS)}\n\ncut: --json has all\n`;
}
