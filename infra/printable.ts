/** Signs that steer a terminal, or turn what stands beside them around. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What `JSON.stringify` of more than one line gives, so that the same signs of it are escapes of JSON. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(STEERING, (sign) => {
    const units = Array.from({ length: sign.length }, (_, index) => sign.charCodeAt(index));
    return sign === "\n" ? sign : units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/** A text that others wrote, as it may be shown: a name with an escape sequence in it would rewrite the lines above. */
export function printable(text: string): string {
  return text.replace(STEERING, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
