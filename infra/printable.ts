/** Signs that steer a terminal, or turn what stands beside them around. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text that others wrote, as it may be shown: a name with an escape sequence in it would rewrite the lines above. */
export function printable(text: string): string {
  return text.replace(STEERING, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
