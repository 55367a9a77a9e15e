import { MIGRATOR_CONNECTION_LIMIT } from "../config/budget";
import type { AppSettings } from "../config/shape";
import { lifecycleOf } from "../lifecycle";
import { ADMIN, type AppNames, namesOf, PROD } from "../names";
import { grantRow, type RightsRow, roleRow, schemaRow } from "../rights";
import { TIMEOUT_SETTINGS, timeoutInputs, timeoutsOf } from "../timeouts";
import { type Credential, credentialsOf, migratorCredentialsOf } from "./credentials";
import { readerRights, runtimeRights } from "./group-rights";

/** What of an app's settings decides its rows. */
export interface AccessSettings
  extends Pick<AppSettings, "reader" | "credential" | "connectionLimit" | "migrator">,
    Partial<Pick<AppSettings, "statementTimeout" | "idleInTransactionTimeout">> {
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
  const groups = [
    ...(settings.reader ? [{ suffix: "reader", name: names.reader, rights: readerRights(names) }] : []),
    // Without a login for migrations, too, as long as sessions may still act as it.
    ...(settings.migrator === undefined
      ? []
      : [{ suffix: "runtime", name: names.runtime, rights: runtimeRights(names) }]),
  ];
  const rows = [
    roleRow(`${component}-owner`, { name: owner }, { protect }),
    ...groups.map(({ suffix, name }, index) =>
      roleRow(
        `${component}-${suffix}`,
        { name },
        { protect, after: [`${component}-${groups[index - 1]?.suffix ?? "owner"}`] },
      ),
    ),
    schemaRow(`${component}-schema`, schema, dropCascade, {
      protect,
      // A group that the schema does not come after would be dropped before it on destroy, which fails.
      after: [`${component}-owner`, ...groups.map(({ suffix }) => `${component}-${suffix}`)],
      // The dev admin could make a prod schema before prod does.
      requiredOwner: environment === PROD && settings.isAdopted !== true ? ADMIN : undefined,
    }),
    // `prisma migrate deploy` needs both. The owner owns what it creates, but not the schema.
    grantRow(`${component}-owner-schema`, owner, ["schema", schema], ["USAGE", "CREATE"], {
      after: [`${component}-schema`],
    }),
  ];
  const chained = (more: readonly RightsRow[]) => {
    for (const one of more) {
      const before = rows.slice(-1).map(({ name }) => name);
      rows.push({ ...one, after: [...new Set([...before, ...one.after])] });
    }
  };
  for (const { rights } of groups) chained(rights);
  // Those of migrations come first: what the app may not do any more, they can.
  for (const one of migratorCredentialsOf(names, settings))
    chained(loginRights(names, one, settings, protect));
  for (const one of credentialsOf(names, settings.credential))
    chained(loginRights(names, one, settings, protect));
  return rows;
}

/** Role that the app itself acts as: its owner, or one that can change no table where migrations have a login of their own. */
export function appRoleOf({ owner, runtime }: AppNames, { migrator }: Pick<AppSettings, "migrator">): string {
  return migrator === true ? runtime : owner;
}

/** Whether a credential is that of a login which existed before: its password is the present one. */
export function isTakenOver(
  { number, isMigrator }: Pick<Credential, "number" | "isMigrator">,
  { isAdopted }: AccessSettings,
): boolean {
  return isAdopted === true && number === 1 && !isMigrator;
}

/**
 * A login, and its way in. It acts as the owner, or the runtime, from its first statement on, and can own nothing itself:
 * what a login owns is handed to whoever deploys when the login goes, a function that runs as its owner, too.
 *
 * One that existed before is taken over as it works: the tables are its own until they are handed over, and the owner's
 * afterwards, so that it has the rights of both. Its password is known to whoever uses it, and stays; so do its limits of
 * time, or their absence, which a running app may rely on.
 */
function loginRights(
  names: AppNames,
  credential: Credential,
  settings: AccessSettings,
  protect: boolean,
): RightsRow[] {
  const { component, owner, schema } = names;
  const { login, key, isMigrator } = credential;
  const role = isMigrator ? owner : appRoleOf(names, settings);
  const isRuntime = role === names.runtime;
  // A session reads as whom it acts, and then whether it may: between the two the login may have moved. One that is let
  // act as neither is the bare login for as long as it lives, and has the runtime's rights by itself, or may act as that.
  const mayBeRuntime = settings.migrator === false && !isMigrator;
  const isAsItWas = isTakenOver(credential, settings);
  const purpose = isMigrator ? "migrations" : isRuntime ? "app" : "app and migrations";
  const inputs = {
    name: login,
    login: true,
    inherit: isAsItWas || isRuntime,
    // Memberships stand here: a role update revokes every other one.
    roles: mayBeRuntime ? [role, names.runtime] : [role],
    // Whatever is created belongs to the owner, whichever login made it.
    ...(isAsItWas ? {} : { assumeRole: role }),
    searchPaths: [schema],
    connectionLimit: isMigrator ? MIGRATOR_CONNECTION_LIMIT : settings.connectionLimit,
    ...(isAsItWas ? {} : timeoutInputs(timeoutsOf(purpose, settings))),
  };
  const kept = ["password", ...Object.keys(TIMEOUT_SETTINGS)];
  const takeOver = isAsItWas ? { import: login, ignoreChanges: kept } : {};
  return [
    roleRow(`${component}-${key}`, inputs, { protect, ...takeOver }),
    grantRow(`${component}-${key}-connect`, login, ["database"], ["CONNECT"], {}),
  ];
}
