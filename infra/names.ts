/** The one place where a name is computed. Nothing here constructs a resource. */

/** The database that every app shares. @see design: one Postgres database on one RDS instance */
export const DATABASE = "portal_db";

/** The stack that owns the instance, and the one environment that it has. */
export const PROD = "prod";

/** NOLOGIN role that owns the database and nothing else; both admins are members, and so may create schemas in it. */
export const DATABASE_OWNER = "portal_db_owner";

/** Role that deploys prod: everything database-wide, and every prod schema. */
export const ADMIN = "portal_db_admin";

/** Role that deploys every other stack. It can do nothing to what is prod's. */
export const DEV_ADMIN = "portal_db_dev_admin";

/** NOLOGIN role through which every login connected in an earlier version; each has CONNECT of its own now. */
export const FORMER_CONNECT_ROLE = "portal_db_connect";

/** Schema that holds the extensions that apps ask for. */
export const EXTENSIONS_SCHEMA = "extensions";

/** The local platform's database for `prisma migrate dev` to try migrations in, and its login. No stack declares it. */
export const SHADOW = "prisma_shadow";

/** Secrets Manager name of the credentials of the instance's master user. */
export const MASTER_SECRET = "portal-db/master";

/** Secrets Manager name of the admin's credentials. */
export const ADMIN_SECRET = "portal-db/admin";

/** Secrets Manager name of the dev admin's credentials: all that dev and ephemeral stacks take from prod. */
export const DEV_ADMIN_SECRET = "portal-db/dev-admin";

/** The `project` tag of every AWS resource and the first part of every secret's name. */
export const PROJECT = "portal-db";

/** Postgres cuts identifiers at this many bytes without an error (NAMEDATALEN - 1). */
export const MAX_IDENTIFIER_BYTES = 63;

/** Signs of a generated password: 62 to the power of 32, about 190 bits. No specials: a backslash breaks the provider's login. */
export const PASSWORD_LENGTH = 32;

/** Every name of one app in one environment. */
export interface AppNames {
  /** Logical name of the Pulumi component and prefix of its children, e.g. `wms-prod`. */
  readonly component: string;
  /** Postgres schema, e.g. `wms_prod`. */
  readonly schema: string;
  /** NOLOGIN role that owns every object in the schema, e.g. `wms_prod_owner`. */
  readonly owner: string;
  /** NOLOGIN role that may read every table in the schema, e.g. `wms_prod_reader`. */
  readonly reader: string;
  /** Role of the app's odd credentials: `portal_wms` in prod, `portal_wms_dev` elsewhere. */
  readonly login: string;
  /** Role of the even ones, e.g. `portal_wms_2`: the two alternate, so that a rotation locks nobody out. */
  readonly secondLogin: string;
  /** Secrets Manager name of the app's URL, e.g. `portal-db/prod/wms`. */
  readonly secret: string;
  /** IAM policy that reads that one secret, e.g. `portal-db-prod-wms-read`. */
  readonly readPolicy: string;
  /** NOLOGIN role that the app acts as where migrations have a login of their own, e.g. `wms_prod_runtime`. */
  readonly runtime: string;
  /** That login for the odd credentials: `portal_wms_migrator` in prod, `portal_wms_dev_migrator` elsewhere. */
  readonly migrator: string;
  /** And for the even ones, e.g. `portal_wms_migrator_2`. */
  readonly secondMigrator: string;
  /** Secrets Manager name of the URL for migrations, e.g. `portal-db/prod/wms/migrator`. */
  readonly migratorSecret: string;
  /** IAM policy that reads that one secret, e.g. `portal-db-prod-wms-migrator-read`. */
  readonly migratorReadPolicy: string;
}

/**
 * Names of one app in one environment.
 * @param app app key, such as `wms`
 * @param environment `prod`, `dev`, `ci` or an ephemeral one such as `pr_42`
 */
export function namesOf(app: string, environment: string): AppNames {
  const schema = `${app}_${environment}`;
  const login = environment === PROD ? `portal_${app}` : `portal_${app}_${environment}`;
  return {
    component: `${app}-${environment}`.replaceAll("_", "-"),
    schema,
    owner: `${schema}_owner`,
    reader: `${schema}_reader`,
    login,
    secondLogin: `${login}_2`,
    secret: `${PROJECT}/${environment}/${app}`,
    readPolicy: `${PROJECT}-${environment}-${app}-read`,
    runtime: `${schema}_runtime`,
    migrator: `${login}_migrator`,
    secondMigrator: `${login}_migrator_2`,
    migratorSecret: `${PROJECT}/${environment}/${app}/migrator`,
    migratorReadPolicy: `${PROJECT}-${environment}-${app}-migrator-read`,
  };
}

/** The environment that an ephemeral stack stands for: `pr-42` is `pr_42`. */
export function environmentOfStack(stack: string): string {
  return stack.toLowerCase().replaceAll("-", "_");
}

/** The instance's master user when no file names one. */
export const DEFAULT_MASTER = "ecomos_admin";

/** The database from which the master works, so that no app's or dev admin's function is ever in its way. */
export const MAINTENANCE_DATABASE = "postgres";

/** The database that every new one is a copy of. */
export const TEMPLATE_DATABASE = "template1";

/** Environments of the dev stack when its file names none. */
const DEV_ENVIRONMENTS: readonly string[] = ["dev", "ci"];

/** A stack's environments when its file names none: dev's own, otherwise the one that its name means. */
export function defaultEnvironments(stack: string): readonly string[] {
  return stack === "dev" ? DEV_ENVIRONMENTS : [environmentOfStack(stack)];
}

/** Stacks that stay, whatever their age; every other one comes and goes. */
export const LASTING_STACKS: readonly string[] = [PROD, "dev"];

/** Whether a stack is one of {@link LASTING_STACKS}. */
export function isLasting(stack: string): boolean {
  return LASTING_STACKS.includes(stack);
}

/** Role that deploys a stack. */
export function deployerRoleOf(stack: string): string {
  return stack === PROD ? ADMIN : DEV_ADMIN;
}

/** What a name means: the inverse of {@link namesOf}. */
export interface Meaning {
  readonly app: string;
  readonly environment: string;
  /** Stack that declares the environment. */
  readonly stack: string;
}

/** Environments of pull requests' stacks; every other ephemeral one is known by its stack's file alone. */
const OF_PULL_REQUEST = /^(.+)_(pr_\d+)$/;

/** Which environments there are, and whose: the one grammar of environments, with its inverse. */
export class Environments {
  private readonly stackByEnvironment = new Map<string, string>();

  /** @param byStack what the stacks' files say; prod's and dev's own are known without */
  constructor(byStack: Iterable<readonly [stack: string, environments: readonly string[]]> = []) {
    for (const environment of DEV_ENVIRONMENTS) this.stackByEnvironment.set(environment, "dev");
    this.stackByEnvironment.set(PROD, PROD);
    for (const [stack, environments] of byStack) {
      for (const one of environments) {
        if (!this.stackByEnvironment.has(one)) this.stackByEnvironment.set(one, stack);
      }
    }
  }

  /** The stack that declares an environment: `pr_42` is `pr-42`, and what dev's file names is dev's. */
  stackOf(environment: string): string {
    return this.stackByEnvironment.get(environment) ?? environment.replaceAll("_", "-");
  }

  /**
   * Whose a schema's name is, or what follows `portal_` in a login's outside prod.
   * @returns undefined when its end is no environment that is known
   */
  meaningOf(schema: string): Meaning | undefined {
    const ends = [...this.stackByEnvironment.keys()].filter((one) => schema.endsWith(`_${one}`));
    const longest = ends.sort((a, b) => b.length - a.length)[0];
    const environment = longest ?? OF_PULL_REQUEST.exec(schema)?.[2];
    if (environment === undefined || schema.length === environment.length + 1) return undefined;
    const app = schema.slice(0, -environment.length - 1);
    return { app, environment, stack: this.stackOf(environment) };
  }

  /** The same for a schema of a stack that stays, and of what could be an app's name. */
  lastingMeaningOf(schema: string): Meaning | undefined {
    const meaning = this.meaningOf(schema);
    return meaning !== undefined && isLasting(meaning.stack) && this.appProblem(meaning.app) === undefined
      ? meaning
      : undefined;
  }

  /**
   * Whether a schema is an app's, in whatever environment: `wms_eu_dev` is not of `wms`, but of `wms_eu`; `wms_demo` is
   * of `wms`, though no file may know the stack `demo`.
   */
  isSchemaOf(app: string, schema: string): boolean {
    const meaning = this.meaningOf(schema);
    if (meaning !== undefined) return meaning.app === app;
    return (
      schema.startsWith(`${app}_`) && this.environmentProblem(schema.slice(app.length + 1)) === undefined
    );
  }

  /** Whether a name reads as one with an environment at its end, also as a second login's (`_2`). */
  private ends(name: string): boolean {
    return this.meaningOf(name.replace(/_2$/, "")) !== undefined;
  }

  /** What is wrong with an app's key, or undefined. It ends up in the names of schemas, roles and secrets. */
  appProblem(app: string): string | undefined {
    if (!WORD.test(app)) {
      return "use lower-case letters, digits and '_', starting with a letter, such as 'wms'";
    }
    if (app.startsWith("pg_")) return "'pg_' is reserved by Postgres; choose another name";
    if (["public", "information_schema", EXTENSIONS_SCHEMA].includes(app)) {
      return "this name means a schema that Postgres or the database itself uses; choose another";
    }
    if (ENDS_AS_ROLE.test(app) || this.ends(app)) {
      return "its end reads as an environment or a role of another app; choose another name";
    }
    if (Buffer.byteLength(`portal_${app}_2`) > MAX_IDENTIFIER_BYTES) {
      return `its role would be over Postgres's ${MAX_IDENTIFIER_BYTES} bytes; choose a shorter name`;
    }
    return undefined;
  }

  /** What is wrong with an environment outside prod, or undefined. */
  environmentProblem(environment: string): string | undefined {
    if (!WORD.test(environment)) {
      return "use lower-case letters, digits and '_', starting with a letter, such as 'dev'";
    }
    if (/(^|_)prod$/.test(environment)) return "only the prod stack names prod schemas";
    // `_2`: the second login of an app in that environment.
    const first = environment.replace(/_2$/, "");
    const isSecond = first !== environment && this.meaningOf(`x_${first}`) !== undefined;
    if (ENDS_AS_ROLE.test(`_${environment}`) || isSecond) {
      return "its end reads as a role; choose another name";
    }
    const inner = this.meaningOf(environment);
    if (inner === undefined) return undefined;
    return `its end reads as the environment ${inner.environment}; choose another name`;
  }
}

const WORD = /^[a-z][a-z0-9_]*$/;

/** What a role's name has after a schema's or a login's. */
const ENDS_AS_ROLE = /_(owner|reader|runtime|migrator|migrator_2)$/;

/** Every role that an app may have in an environment, by whatever settings. */
export function rolesOf(names: AppNames): string[] {
  const { owner, reader, login, secondLogin, runtime, migrator, secondMigrator } = names;
  return [owner, reader, login, secondLogin, runtime, migrator, secondMigrator];
}
