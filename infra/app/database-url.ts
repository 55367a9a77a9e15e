import { isLoopback } from "../config/endpoint";
import { DATABASE } from "../names";

/**
 * How the app's connection is encrypted. `verify-full` needs the RDS CA bundle on the client;
 * `require` encrypts without verifying (a tunnel); `disable` is for the embedded server alone.
 */
export const SSL_MODES = ["disable", "require", "verify-full"] as const;

/** One of {@link SSL_MODES}. */
export type SslMode = (typeof SSL_MODES)[number];

/** The parts of an app's URL. */
export interface DatabaseUrlParts {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly schema: string;
  readonly sslmode: SslMode;
}

/**
 * What Prisma and node-postgres read as `sslmode`. node-postgres takes a bare `require` for verify-full;
 * `uselibpqcompat=true` gives it libpq's meaning.
 * @see https://node-postgres.com/features/ssl
 */
const SSL_QUERY: Record<SslMode, string> = {
  disable: "sslmode=disable",
  require: "sslmode=require&uselibpqcompat=true",
  "verify-full": "sslmode=verify-full",
};

/** A URL up to its query: who logs in, where, and the project's database; user and password are percent-encoded. */
export function loginUrl({
  host,
  port,
  username,
  password,
}: Pick<DatabaseUrlParts, "host" | "port" | "username" | "password">): string {
  const credentials = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return `postgresql://${credentials}@${host.includes(":") ? `[${host}]` : host}:${port}/${DATABASE}`;
}

/**
 * The app's `DATABASE_URL`.
 * @see https://www.prisma.io/docs/orm/overview/databases/postgresql#connection-url
 */
export function databaseUrl(parts: DatabaseUrlParts): string {
  return `${loginUrl(parts)}?schema=${encodeURIComponent(parts.schema)}&${SSL_QUERY[parts.sslmode]}`;
}

/** What a URL for libpq says beside what the app's own says. */
export interface LibpqParameters {
  /** A file with the password, which is then left out, and the mode with it: the local platform's server, which has no TLS. */
  readonly passfile?: string;
  /** Where the CA bundle is: libpq knows of none by itself. Only `verify-full` looks at it. */
  readonly sslrootcert?: string | undefined;
  /** The address that is connected to, where the URL's host is what the certificate has to bear. */
  readonly hostaddr?: string | undefined;
}

/**
 * An app's URL as libpq (psql, pg_dump) takes it, which refuses a parameter that it does not know, as Prisma's `schema`.
 * It leads to the same schema, by the login's own search_path, and `sslmode` has the meaning that libpq gave it.
 */
export function libpqUrl(databaseUrl: string, parameters: LibpqParameters = {}): string {
  const { username, password, host, pathname, searchParams } = new URL(databaseUrl);
  const { passfile, ...more } = parameters;
  const sslmode = passfile === undefined ? searchParams.get("sslmode") : null;
  const query = Object.entries({ passfile, ...(sslmode === null ? {} : { sslmode }), ...more })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodedPath(value)}`);
  const credentials = passfile === undefined ? `${username}:${password}` : username;
  return `postgresql://${credentials}@${host}${pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** A path as it may stand in a URL and between any quotes of a shell; libpq takes no `+` for a space. */
function encodedPath(path: string): string {
  return [...path].map((sign) => (/[\w./~-]/.test(sign) ? sign : percentEncoded(sign))).join("");
}

const percentEncoded = (sign: string): string =>
  [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/**
 * The mode for the provider's own connection. It can verify only with the CA bundle at hand, and not
 * through a tunnel, whose name is not in the server's certificate.
 */
export function adminSslMode(sslmode: SslMode, host: string, hasCaBundle: boolean): SslMode {
  if (sslmode !== "verify-full") return sslmode;
  return hasCaBundle && !isLoopback(host) ? "verify-full" : "require";
}

/** Names of an app's URL: what it runs with, and what its migrations do where they have a login of their own. */
export type UrlKey = "DATABASE_URL" | "DIRECT_URL";

/** The names of the URLs that an app has by its settings, the one that it runs with first. */
export function urlKeysOf({ migrator }: { readonly migrator?: boolean | undefined }): readonly UrlKey[] {
  return migrator === true ? ["DATABASE_URL", "DIRECT_URL"] : ["DATABASE_URL"];
}

/** The value of an app's secret, or of its migrations': the URL beside the keys that AWS's own rotation and clients use. */
export interface AppSecretValue extends Readonly<Partial<Record<UrlKey, string>>> {
  readonly engine: "postgres";
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
  readonly schema: string;
}

/**
 * The JSON of a secret, with the URL under its one name.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export function appSecretValue(key: UrlKey, parts: DatabaseUrlParts): AppSecretValue {
  const { host, port, username, password, schema } = parts;
  return {
    [key]: databaseUrl(parts),
    engine: "postgres",
    host,
    port,
    dbname: DATABASE,
    username,
    password,
    schema,
  };
}
