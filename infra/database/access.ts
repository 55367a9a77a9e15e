import {
  ADMIN,
  type AppNames,
  DATABASE_OWNER,
  DEV_ADMIN,
  EXTENSIONS_SCHEMA,
  MAINTENANCE_DATABASE,
  TEMPLATE_DATABASE,
} from "../names";
import {
  administratorRow,
  databaseRow,
  extensionRow,
  grantRow,
  type RightsRow,
  roleRow,
  schemaRow,
} from "../rights";
import { timeoutInputs, timeoutsOf } from "../timeouts";

/** Logical name of the provider that is the master, who alone can give what RDS defines. */
export const MASTER_PROVIDER = "master";

/** The last of the database's rows that apps' logins come after: their locks meet on destroy otherwise. */
export const DATABASE_READY = "database-connect-extensions";

/** The row that comes after every login of prod's: who is there already keeps its way in until it has one of its own. */
export const DATABASE_CLOSED = "database-public-database";

/** An app whose login existed before, and who deploys it. */
export interface AdoptedApp {
  readonly names: AppNames;
  /** The admin or the dev admin. */
  readonly deployer: string;
}

/** Databases that a member of the database's owner could drop `portal_db` from: nobody else shall get into them. */
export const CLOSED_DATABASES = [MAINTENANCE_DATABASE, TEMPLATE_DATABASE] as const;

/**
 * Who deploys, in the order in which the master declares it: the owner of the database, which owns nothing else, and
 * two admins that are its members, since creating a schema asks for that. Neither can do anything to what the other one
 * has made.
 * @param adopted apps whose login existed before: their deployer gets the right to administer it
 */
export function deployerRights(adopted: readonly AdoptedApp[] = []): RightsRow[] {
  const deployer = (name: string, role: string, after: string) => {
    const attributes = {
      login: true,
      createRole: true,
      roles: [DATABASE_OWNER],
      // A role's own settings outrank the database's, which either admin may change. Objects that somebody else made
      // must not be in the way of what a deployer runs: no schema of apps is searched. And what it makes is its own:
      // a default role, which anyone may make it a member of, would administer every role that it makes.
      searchPaths: ["pg_catalog"],
      assumeRole: role,
      ...timeoutInputs(timeoutsOf("deploying")),
    };
    // Made once and then left alone: the provider cannot update a role that has made others ("no possible grantors").
    // `verify` holds it, `repair` mends it, and the runbook says how it gets another password.
    const ignoreChanges = [...Object.keys(attributes), "password"];
    return roleRow(name, { name: role, ...attributes }, { protect: true, after: [after], ignoreChanges });
  };
  return [
    roleRow("deployers-owner", { name: DATABASE_OWNER }, { protect: true }),
    databaseRow("deployers-database", DATABASE_OWNER, { after: ["deployers-owner"] }),
    deployer("deployers-admin", ADMIN, "deployers-database"),
    deployer("deployers-dev-admin", DEV_ADMIN, "deployers-admin"),
    ...CLOSED_DATABASES.map((database) =>
      grantRow(`deployers-public-${database}`, "public", ["database", database], [], {
        after: ["deployers-dev-admin"],
      }),
    ),
    ...adopted.map(({ names: { component, login }, deployer: role }) =>
      administratorRow(`deployers-${component}-login`, role, login, {
        after: ["deployers-dev-admin"],
        retainOnDelete: true,
      }),
    ),
  ];
}

/**
 * Who may do what in the whole database, in the order in which the admin declares it: nobody creates in `public`,
 * extensions live in a schema of their own, and at last nobody connects without a grant of its own.
 * @param extensions created in the order of the list: one may need another. The admin can create trusted ones alone;
 *   another one (earthdistance, which needs cube) the master creates by hand before
 * @param adopted apps of other stacks whose login existed before: it gets its own way in before the common one is closed
 */
export function databaseRights(
  extensions: readonly string[],
  adopted: readonly AdoptedApp[] = [],
): RightsRow[] {
  const rows = [
    // Postgres 15's own default, held: names resolve, nobody creates.
    grantRow("database-public-schema", "public", ["schema", "public"], ["USAGE"], {}),
    // It always exists, so that the first extension changes no login's order.
    schemaRow("database-extensions", EXTENSIONS_SCHEMA, false, {
      protect: true,
      requiredOwner: ADMIN,
      after: ["database-public-schema"],
    }),
    // An app has the rights of its owner role. The schema holds nothing else, so that everybody may use it.
    grantRow(DATABASE_READY, "public", ["schema", EXTENSIONS_SCHEMA], ["USAGE"], {
      after: ["database-extensions"],
    }),
  ];
  for (const extension of extensions) {
    const after = [rows.at(-1)?.name];
    rows.push(
      extensionRow(`database-extension-${extension}`, extension, EXTENSIONS_SCHEMA, { protect: true, after }),
    );
  }
  const waysIn = adopted.map(({ names: { component, login } }) =>
    // Its own stack declares the same; when this one goes, that one stays.
    grantRow(`database-${component}-login-connect`, login, ["database"], ["CONNECT"], {
      after: [DATABASE_READY],
      retainOnDelete: true,
    }),
  );
  // Nobody connects, or makes temporary tables, by merely existing.
  const closed = grantRow(DATABASE_CLOSED, "public", ["database"], [], {
    after: [DATABASE_READY, ...waysIn.map(({ name }) => name)],
  });
  return [...rows, ...waysIn, closed];
}
