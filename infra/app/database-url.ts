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

/**
 * The app's `DATABASE_URL`; user and password are percent-encoded.
 * @see https://www.prisma.io/docs/orm/overview/databases/postgresql#connection-url
 */
export function databaseUrl(parts: DatabaseUrlParts): string {
  const credentials = `${encodeURIComponent(parts.username)}:${encodeURIComponent(parts.password)}`;
  const host = parts.host.includes(":") ? `[${parts.host}]` : parts.host;
  const query = `schema=${encodeURIComponent(parts.schema)}&${SSL_QUERY[parts.sslmode]}`;
  return `postgresql://${credentials}@${host}:${parts.port}/${DATABASE}?${query}`;
}

/**
 * The mode for the provider's own connection. It can verify only with the CA bundle at hand, and not
 * through a tunnel, whose name is not in the server's certificate.
 */
export function adminSslMode(sslmode: SslMode, host: string, hasCaBundle: boolean): SslMode {
  if (sslmode !== "verify-full") return sslmode;
  return hasCaBundle && !isLoopback(host) ? "verify-full" : "require";
}

/** The value of an app's secret: the URL beside the keys that AWS's own rotation and clients use. */
export interface AppSecretValue {
  readonly DATABASE_URL: string;
  readonly engine: "postgres";
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
  readonly schema: string;
}

/**
 * The JSON of an app's secret.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export function appSecretValue(parts: DatabaseUrlParts): AppSecretValue {
  const { host, port, username, password, schema } = parts;
  return {
    DATABASE_URL: databaseUrl(parts),
    engine: "postgres",
    host,
    port,
    dbname: DATABASE,
    username,
    password,
    schema,
  };
}
