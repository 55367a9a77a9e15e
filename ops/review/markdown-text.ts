import { type Quoted, type Sentence, unquoted } from "./sentence";

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

/** How much of a long text is shown before the place where it begins to differ. */
const LEAD = 40;

/** Where a text that has to be cut is shown from. */
function startOf(text: string, other: string): number {
  let same = 0;
  while (same < text.length && text[same] === other[same]) same += 1;
  return Math.max(0, same - LEAD);
}

/**
 * A foreign text on one line, without what a terminal would act on; cut at 240 characters.
 * @param other the text that it stands beside: two that are cut at one place would look the same
 */
export function visible(text: string, maxLength = MAX_LENGTH, other?: string): string {
  const isLong = Math.max(text.length, other?.length ?? 0) > maxLength;
  const start = isLong && other !== undefined ? startOf(text, other) : 0;
  const end = start + maxLength;
  const cut = `${start > 0 ? "…" : ""}${text.slice(start, end)}${text.length > end ? "…" : ""}`;
  return cut.replace(INVISIBLE, " ").trim();
}

/** The same with nothing in it that Markdown or HTML would act on. */
function inert(text: string, maxLength?: number, other?: string): string {
  return visible(text, maxLength, other).replace(/[<>`|@&]/g, (sign) => LOOK_ALIKE[sign] ?? " ");
}

/** A foreign text as code, in which Markdown acts on nothing at all. */
export function code(text: string, maxLength?: number, other?: string): string {
  return `\`${inert(text, maxLength, other) || " "}\``;
}

/** How many lines of a message are shown. */
const MOST_LINES = 20;

/** A foreign text of several lines as a quotation, each line of which is code: unlike a block of code it wraps. */
export function quotation(text: string): string[] {
  const lines = text.split("\n").filter((line) => visible(line) !== "");
  const shown = lines.slice(0, MOST_LINES).map((line) => code(line, 1000));
  const more = lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more lines`] : [];
  return [...shown, ...more].map((line, at, all) => `> ${line}${at < all.length - 1 ? "<br>" : ""}`);
}

/** Words of prose: letters, numbers that cannot be taken for a commit, and signs that Markdown leaves alone. */
const PROSE = /^(?:\p{L}[\p{L}'’-]*|\d{1,6}|→|–)?$/u;
const HUMP = /\p{Ll}\p{Lu}/u;

/** A command or a name between quotes, which an apostrophe is none of. */
const QUOTED = /(?<![^\s("])'([^'\n]+)'(?![\p{L}\d])/gu;

/** Words of the review's own. What is no prose among them, such as a file's name, is code: it cannot act in Markdown. */
function prose(text: string): string {
  // Of what is split, each second part stood between quotes.
  return text
    .split(QUOTED)
    .map((part, at) => (at % 2 === 1 ? code(part) : words(part)))
    .join("");
}

function words(text: string): string {
  return text.replace(/\S+/g, (token) => {
    const [, before = "", core = "", after = ""] = /^([("']*)(.*?)([)"',;:.!?]*)$/su.exec(token) ?? [];
    if (PROSE.test(core) && !HUMP.test(core)) return token;
    const isQuoted = before.endsWith("'") && after.startsWith("'");
    return isQuoted
      ? `${before.slice(0, -1)}${code(core)}${after.slice(1)}`
      : `${before}${code(core)}${after}`;
  });
}

/** A sentence in Markdown: its words are prose, and what it quotes is code, cut where it is longer than a maximum. */
export function markdownOf(sentence: Sentence, maxLength?: number): string {
  const quotedOf = ({ quoted, other }: Quoted) => code(quoted, maxLength, other);
  const text = unquoted(sentence)
    .map((part) => (typeof part === "string" ? prose(part) : quotedOf(part)))
    .join("");
  // Code beside code would be read as one span that has the signs between them.
  return text.replace(/``/g, "` `");
}
