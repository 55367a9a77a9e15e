import type { Finding } from "./finding";
import { accessSection } from "./markdown-access";
import type { Review } from "./review";
import type { ReviewedGroup } from "./reviewed-group";
import { RISKS } from "./risk";
import { code } from "./visible";

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

function notesOf({ hidden, assumed }: Review): string[] {
  if (hidden === 0 && assumed === 0) return [];
  const unseen =
    hidden === 0
      ? ""
      : `${hidden} unchanged resources are not in this preview (\`pulumi preview --json --show-sames\` shows them). `;
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
