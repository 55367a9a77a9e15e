import type { AppSettings } from "../config/shape";
import { lifecycleOf } from "../lifecycle";
import { ADMIN, type AppNames, namesOf, PROD } from "../names";
import { defaultPrivilegesRow, grantRow, type RightsRow, roleRow, schemaRow } from "../rights";

/** What of an app's settings decides its rows. */
export interface AccessSettings extends Pick<AppSettings, "reader" | "credential" | "connectionLimit"> {
  /** Whether the first login existed before: it is taken over as it is, until its credential has been rotated out. */
  readonly isAdopted?: boolean;
}

/**
 * Who may do what in one app's schema in one environment, in the order in which it is declared.
 *
 * Each comes after the one before it. The provider locks a role and all its members for every grant, so that parallel
 * deletes deadlock (40P01), and two grants on one schema at once fail with "tuple concurrently updated". The order also
 * lets roles go last, when nothing refers to them any more.
 */
export function appRights(app: string, environment: string, settings: AccessSettings): RightsRow[] {
  const names = namesOf(app, environment);
  const { component, schema, owner } = names;
  const { protect, dropCascade } = lifecycleOf(environment);
  const reader = settings.reader ? readerRights(names) : [];
  const grants = [
    roleRow(`${component}-owner`, { name: owner }, { protect }),
    ...(settings.reader
      ? [roleRow(`${component}-reader`, { name: names.reader }, { protect, after: [`${component}-owner`] })]
      : []),
    schemaRow(`${component}-schema`, schema, dropCascade, {
      protect,
      // A reader that the schema does not come after would be dropped before it on destroy, which fails.
      after: [`${component}-owner`, settings.reader ? `${component}-reader` : undefined],
      // The dev admin could make a prod schema before prod does.
      requiredOwner: environment === PROD && settings.isAdopted !== true ? ADMIN : undefined,
    }),
    // `prisma migrate deploy` needs both. The owner owns what it creates, but not the schema.
    grantRow(`${component}-owner-schema`, owner, ["schema", schema], ["USAGE", "CREATE"], {
      after: [`${component}-schema`],
    }),
    ...reader,
  ];
  const logins = credentialsOf(names, settings.credential).flatMap((credential) =>
    loginRights(names, credential, settings, protect),
  );
  const rows = [...grants];
  for (const one of logins) rows.push({ ...one, after: rows.slice(-1).map(({ name }) => name) });
  return rows;
}

/** Whether a credential is that of a login which existed before: its password is the present one. */
export function isTakenOver({ number }: Credential, { isAdopted }: AccessSettings): boolean {
  return isAdopted === true && number === 1;
}

/**
 * A login, and its way in. It acts as the owner from its first statement on, and can own nothing itself: what a login
 * owns is handed to whoever deploys when the login goes, a function that runs as its owner, too.
 *
 * One that existed before is taken over as it works: the tables are its own until they are handed over, and the owner's
 * afterwards, so that it has the rights of both. Its password is known to whoever uses it, and stays.
 */
function loginRights(
  { component, owner, schema }: AppNames,
  credential: Credential,
  settings: AccessSettings,
  protect: boolean,
): RightsRow[] {
  const { login, suffix } = credential;
  const isAsItWas = isTakenOver(credential, settings);
  const inputs = {
    name: login,
    login: true,
    inherit: isAsItWas,
    // Memberships stand here: a role update revokes every other one.
    roles: [owner],
    // Whatever is created belongs to the owner, whichever login made it.
    ...(isAsItWas ? {} : { assumeRole: owner }),
    searchPaths: [schema],
    connectionLimit: settings.connectionLimit,
  };
  const takeOver = isAsItWas ? { import: login, ignoreChanges: ["password"] } : {};
  return [
    roleRow(`${component}-login${suffix}`, inputs, { protect, ...takeOver }),
    grantRow(`${component}-login${suffix}-connect`, login, ["database"], ["CONNECT"], {}),
  ];
}

/** Lets the reader see every table and sequence: those that the owner makes later, then those that exist already. */
export function readerRights({ component, schema, owner, reader }: AppNames): RightsRow[] {
  const own = (name: string) => `${component}-reader${name}`;
  return [
    grantRow(own("-schema"), reader, ["schema", schema], ["USAGE"], {
      // The reader itself is named, too: when it goes from an app that stays, the engine orders its deletions by the
      // links among them alone, and the one by way of the schema is none of them.
      after: [`${component}-owner-schema`, own("")],
    }),
    defaultPrivilegesRow(own("-tables"), reader, ["table", schema], owner, ["SELECT"], {
      after: [own("-schema")],
    }),
    defaultPrivilegesRow(own("-sequences"), reader, ["sequence", schema], owner, ["SELECT"], {
      after: [own("-tables")],
    }),
    grantRow(own("-existing"), reader, ["table", schema], ["SELECT"], { after: [own("-sequences")] }),
    // Its deletion takes back what default privileges gave meanwhile; a role that still has some cannot be dropped.
    grantRow(own("-existing-sequences"), reader, ["sequence", schema], ["SELECT"], {
      after: [own("-existing")],
    }),
  ];
}

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
