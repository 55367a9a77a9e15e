import type { AppSettings } from "../config/shape";
import type { AppNames } from "../names";

/** A login with the number of the credential that its password stands for. */
export interface Credential {
  readonly number: number;
  /** Role that logs in with it. */
  readonly login: string;
  /** What its resources' logical names have after the component's: the first login keeps the names it had alone. */
  readonly key: `${"login" | "migrator"}${"" | "-2"}`;
  /** Whether it is for migrations, and no app runs with it. */
  readonly isMigrator: boolean;
}

/**
 * The app's credentials that are valid at once, the first login's first: the current one and the one before it,
 * which stays valid until the next rotation, so that an app that still holds the old URL works on.
 * @param number the app's `credential` setting, 1 or higher
 */
export function credentialsOf({ login, secondLogin }: AppNames, number: number): Credential[] {
  return twins(number, [
    { login, key: "login", isMigrator: false },
    { login: secondLogin, key: "login-2", isMigrator: false },
  ]);
}

/** The same for its migrations; none where the app itself makes them. */
export function migratorCredentialsOf(
  { migrator, secondMigrator }: AppNames,
  settings: Pick<AppSettings, "credential" | "migrator">,
): Credential[] {
  if (settings.migrator !== true) return [];
  return twins(settings.credential, [
    { login: migrator, key: "migrator", isMigrator: true },
    { login: secondMigrator, key: "migrator-2", isMigrator: true },
  ]);
}

type Twin = Omit<Credential, "number">;

/** Two logins that alternate: the odd numbers are the first one's. */
function twins(number: number, [first, second]: readonly [first: Twin, second: Twin]): Credential[] {
  if (number === 1) return [{ ...first, number }];
  const [odd, even] = number % 2 === 1 ? [number, number - 1] : [number - 1, number];
  return [
    { ...first, number: odd },
    { ...second, number: even },
  ];
}
