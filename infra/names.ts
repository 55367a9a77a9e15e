/** The one place where a name is computed. Nothing here constructs a resource. */

/** The database that every app shares. @see design: one Postgres database on one RDS instance */
export const DATABASE = "portal_db";

/** NOLOGIN role that alone may CONNECT to the database; every login is a member. */
export const CONNECT_ROLE = "portal_db_connect";

/** Schema that holds the extensions that apps ask for. */
export const EXTENSIONS_SCHEMA = "extensions";

/** Secrets Manager name of the admin's own credentials. */
export const ADMIN_SECRET = "portal-db/admin";

/** The `project` tag of every AWS resource and the first part of every secret's name. */
export const PROJECT = "portal-db";

/** Postgres cuts identifiers at this many bytes without an error (NAMEDATALEN - 1). */
export const MAX_IDENTIFIER_BYTES = 63;

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
}

/**
 * Names of one app in one environment.
 * @param app app key, such as `wms`
 * @param environment `prod`, `dev`, `ci` or an ephemeral one such as `pr_42`
 */
export function namesOf(app: string, environment: string): AppNames {
  const schema = `${app}_${environment}`;
  const login = environment === "prod" ? `portal_${app}` : `portal_${app}_${environment}`;
  return {
    component: `${app}-${environment}`.replaceAll("_", "-"),
    schema,
    owner: `${schema}_owner`,
    reader: `${schema}_reader`,
    login,
    secondLogin: `${login}_2`,
    secret: `${PROJECT}/${environment}/${app}`,
    readPolicy: `${PROJECT}-${environment}-${app}-read`,
  };
}

/** The environment that an ephemeral stack stands for: `pr-42` is `pr_42`. */
export function environmentOfStack(stack: string): string {
  return stack.toLowerCase().replaceAll("-", "_");
}

/** The instance's master user when no file names one. */
export const DEFAULT_ADMIN = "ecomos_admin";

/** Environments of the dev stack when its file names none; no other stack may have them. */
export const DEV_ENVIRONMENTS: readonly string[] = ["dev", "ci"];

/** A stack's environments when its file names none: dev's own, otherwise the one that its name means. */
export function defaultEnvironments(stack: string): readonly string[] {
  return stack === "dev" ? DEV_ENVIRONMENTS : [environmentOfStack(stack)];
}

/**
 * What is wrong with an app's key, or undefined.
 * A key ends up in schema, role and secret names, so it is lower case letters, digits and `_`.
 */
export function appNameProblem(app: string): string | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(app)) {
    return "use lower-case letters, digits and '_', starting with a letter, such as 'wms'";
  }
  if (app.startsWith("pg_")) return "'pg_' is reserved by Postgres; choose another name";
  if (["public", "information_schema", EXTENSIONS_SCHEMA].includes(app)) {
    return "this name means a schema that Postgres or the database itself uses; choose another";
  }
  if (/_(owner|reader|(prod|dev|ci|pr_\d+)(_2)?)$/.test(app)) {
    return "its end reads as an environment or a role of another app; choose another name";
  }
  if (Buffer.byteLength(`portal_${app}_2`) > MAX_IDENTIFIER_BYTES) {
    return `its role would be over Postgres's ${MAX_IDENTIFIER_BYTES} bytes; choose a shorter name`;
  }
  return undefined;
}

/** What is wrong with an environment outside prod, or undefined. */
export function environmentNameProblem(environment: string): string | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(environment)) {
    return "use lower-case letters, digits and '_', starting with a letter, such as 'dev'";
  }
  if (/(^|_)prod$/.test(environment)) return "only the prod stack names prod schemas";
  // `_2`: the second login of an app in that environment.
  if (/(^|_)(owner|reader|(dev|ci|pr_\d+)_2)$/.test(environment)) {
    return "its end reads as a role; choose another name";
  }
  return undefined;
}

/** Names that Postgres would cut: over 63 bytes. */
export function tooLong(names: AppNames): string[] {
  return [names.schema, names.owner, names.reader, names.secondLogin].filter(
    (name) => Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES,
  );
}
