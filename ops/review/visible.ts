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
export function visible(text: string, maxLength = MAX_LENGTH): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut
    .replace(INVISIBLE, " ")
    .replace(/[<>`|@&]/g, (sign) => LOOK_ALIKE[sign] ?? " ")
    .trim();
}

/** The same as code, in which Markdown acts on nothing at all. */
export function code(text: string, maxLength?: number): string {
  return `\`${visible(text, maxLength) || " "}\``;
}
