/** What somebody else wrote: a name or a value. It is shown as such, and cannot pass for words of the review's. */
export interface Quoted {
  readonly quoted: string;
  /** The text that it stands beside, as what it was before: where it is cut, it is shown from their first difference on. */
  readonly other?: string;
}

/** Words of the review's own, with what they quote. */
export type Sentence = readonly (string | Quoted)[];

/** Makes a sentence of a template: its text is the review's own, a text that is put in is quoted. */
export function say(texts: readonly string[], ...values: readonly (string | Sentence)[]): Sentence {
  return texts.flatMap((text, at) => {
    const value = values[at];
    const words = text === "" ? [] : [text];
    if (value === undefined) return words;
    return [...words, ...(typeof value === "string" ? [{ quoted: value }] : value)];
  });
}

/** Several sentences as one. */
export function joined(sentences: readonly Sentence[], separator: string): Sentence {
  return sentences.flatMap((one, at) => (at === 0 ? one : [separator, ...one]));
}

/** Names, of which a long list says the first ones. @param most how many are said */
export function listed(names: readonly string[], most: number): Sentence {
  const said = joined(
    names.slice(0, most).map((name) => say`${name}`),
    ", ",
  );
  return names.length <= most ? said : [...said, ` and ${names.length - most} more`];
}

/** The sentence as plain text, as JSON has it. */
export function plainOf(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.quoted)).join("");
}

/** The sentence without the quotes around what it quotes: a form has a way of its own to show that. */
export function unquoted(sentence: Sentence): Sentence {
  const isQuoted = (part: string | Quoted | undefined) => part !== undefined && typeof part !== "string";
  return sentence.map((part, at) => {
    if (typeof part !== "string") return part;
    const start = isQuoted(sentence[at - 1]) && part.startsWith("'") ? 1 : 0;
    const end = isQuoted(sentence[at + 1]) && part.endsWith("'") ? part.length - 1 : part.length;
    return part.slice(start, Math.max(start, end));
  });
}

/** How much of a text is searched for names: what comes after it, in a list of thousands, is quoted as a whole. */
const MAX_SEARCHED = 2000;

const isWordSign = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);

/** A text of a rule, in which names of the resource that it is about are quoted. */
export function quoting(whole: string, names: Iterable<string>): Sentence {
  const text = whole.slice(0, MAX_SEARCHED);
  const rest = whole.slice(MAX_SEARCHED);
  const longestFirst = [...new Set(names)]
    .filter((name) => name.trim() !== "" && text.includes(name))
    .sort((a, b) => b.length - a.length);
  const found: (string | Quoted)[] = [];
  let kept = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (isWordSign(text[at - 1])) continue;
    const name = longestFirst.find((one) => text.startsWith(one, at) && !isWordSign(text[at + one.length]));
    if (name === undefined) continue;
    if (at > kept) found.push(text.slice(kept, at));
    found.push({ quoted: name });
    kept = at + name.length;
    at = kept - 1;
  }
  if (kept < text.length) found.push(text.slice(kept));
  return rest === "" ? found : [...found, { quoted: rest }];
}
