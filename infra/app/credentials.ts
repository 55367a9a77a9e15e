import type { AppNames } from "../names";

/** A login with the number of the credential that its password stands for. */
export interface Credential {
  readonly number: number;
  /** Role that logs in with it. */
  readonly login: string;
  /** End of its resources' logical names: the first login keeps the names it had alone. */
  readonly suffix: "" | "-2";
}

/**
 * The credentials that are valid at once, the first login's first: the current one and the one before it,
 * which stays valid until the next rotation, so that an app that still holds the old URL works on.
 * @param number the app's `credential` setting, 1 or higher
 */
export function credentialsOf(names: AppNames, number: number): Credential[] {
  const first = (of: number): Credential => ({ number: of, login: names.login, suffix: "" });
  const second = (of: number): Credential => ({ number: of, login: names.secondLogin, suffix: "-2" });
  if (number === 1) return [first(1)];
  return number % 2 === 1 ? [first(number), second(number - 1)] : [first(number - 1), second(number)];
}
