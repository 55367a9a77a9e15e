/** What stands in a secret's place, as the engine writes it. */
export const HIDDEN = "[secret]";

/** Key that marks a wrapped value in a state; whatever it wraps is taken for a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Properties whose values are secret, whatever the engine says. */
const SECRET_KEY =
  /passw|passphrase|secret_?(string|binary|value|key|access)|private_?key|access_?key|token|bcrypt|adoptedLogins|connection_?(string|ur[il])|database_?ur[il]/i;

/** `scheme://user:password@`. */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/)([^\s:/@]*):([^\s@]+)@/gi;

/** `password=…` in libpq's strings and query strings; `password: …` in messages; not the type `secret:Secret`. */
const ASSIGNED =
  /\b(pass(?:word|wd)?|pwd|secret(?!:Secret\b)|token)(["']?\s*[=:](?!:)\s*["']?)([^\s"'&;,]+)/gi;

/** Letters and digits, mixed, as generated passwords are. */
const GENERATED =
  /(?<![A-Za-z0-9])(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{20,}(?![A-Za-z0-9])/g;

/** A text that anybody may have written, without what looks like a password or a token. */
export function withoutLikely(text: string): string {
  return text.replace(ASSIGNED, `$1$2${HIDDEN}`).replace(GENERATED, HIDDEN);
}

/** Shorter ones would blacken ordinary words. */
const MIN_LENGTH = 6;

/** Collects the plaintext secrets of a preview (`--show-secrets`), and keeps them out of every text. */
export class SecretValues {
  /** Secrets by their first characters, then by their length: a text is looked up in them, not they in it. */
  private readonly byStart = new Map<string, Map<number, Set<string>>>();

  /** A copy of a property's value without secrets; those are collected. */
  scrub(key: string, value: unknown, secretKeys: ReadonlySet<string> = new Set()): unknown {
    if (secretKeys.has(key) || SECRET_KEY.test(key)) return this.hide(value);
    if (typeof value === "string") return this.scrubText(value);
    if (Array.isArray(value)) return value.map((item) => this.scrub("", item, secretKeys));
    if (typeof value !== "object" || value === null) return value;
    if (Object.hasOwn(value, SIGNATURE)) return this.hide(value);
    return Object.fromEntries(
      Object.entries(value).map(([inner, item]) => [inner, this.scrub(inner, item, secretKeys)]),
    );
  }

  /** Collects the secrets of what is not kept. */
  collect(key: string, value: unknown, secretKeys: ReadonlySet<string>): void {
    this.scrub(key, value, secretKeys);
  }

  /** A text without any collected secret, and without passwords in URLs. */
  redact(text: string): string {
    const clean = this.scrubText(text);
    if (this.byStart.size === 0) return clean;
    let result = "";
    let kept = 0;
    for (let at = 0; at + MIN_LENGTH <= clean.length; at += 1) {
      const found = this.longestAt(clean, at);
      if (found === undefined) continue;
      result += clean.slice(kept, at) + HIDDEN;
      kept = at + found.length;
      at = kept - 1;
    }
    return result + clean.slice(kept);
  }

  /** The same for a message of the engine or a provider, which may quote anything. */
  redactMessage(text: string): string {
    return this.redact(withoutLikely(text));
  }

  private longestAt(text: string, at: number): string | undefined {
    const byLength = this.byStart.get(text.slice(at, at + MIN_LENGTH));
    let longest: string | undefined;
    for (const [length, values] of byLength ?? []) {
      const part = text.slice(at, at + length);
      if (length > (longest?.length ?? 0) && values.has(part)) longest = part;
    }
    return longest;
  }

  private scrubText(text: string): string {
    if (!text.includes("://")) return text;
    return text.replace(URL_PASSWORD, (_all, scheme: string, _user, password: string) => {
      this.keep(password);
      return `${scheme}${HIDDEN}@`;
    });
  }

  private hide(value: unknown): unknown {
    if (typeof value === "string") this.keepText(value);
    else if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) this.hide(inner);
    return value === undefined || value === null ? value : HIDDEN;
  }

  /** A secret text, and what it holds when it is JSON. */
  private keepText(text: string): void {
    this.keep(text);
    this.scrubText(text);
    if (!/^\s*["{[]/.test(text)) return;
    try {
      this.hide(JSON.parse(text));
    } catch {
      // No JSON: kept as it is.
    }
  }

  private keep(value: string): void {
    if (value.length >= MIN_LENGTH && value !== HIDDEN) {
      const start = value.slice(0, MIN_LENGTH);
      const byLength = this.byStart.get(start) ?? new Map<number, Set<string>>();
      this.byStart.set(start, byLength);
      byLength.set(value.length, (byLength.get(value.length) ?? new Set<string>()).add(value));
    }
    const decoded = /%[0-9a-f]{2}/i.test(value) ? safeDecode(value) : value;
    if (decoded !== value) this.keep(decoded);
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clean(value: unknown, secrets: SecretValues): unknown {
  if (typeof value === "string") return secrets.redact(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item, secrets)]));
}

/** What is printed of a preview, without any secret of it, in whatever text it stands. */
export function redacted<T>(printed: T, secrets: SecretValues): T {
  return clean(printed, secrets) as T;
}
