import { type DatabaseUrlParts, loginUrl } from "../app/database-url";
import { DATABASE } from "../names";

/** What a person or a tool logs in with. */
export type VisitorLogin = Omit<DatabaseUrlParts, "schema">;

/** Sessions are read-only from their first statement on: the provider sets nothing of the kind for a role. */
const READ_ONLY = "-c default_transaction_read_only=on";

/**
 * The URL of a person or a tool, as libpq takes it (psql, and what is built on it), and node-postgres too. It has
 * libpq's own parameters alone: one that it does not know, as Prisma's `schema`, it refuses.
 */
export function visitorUrl(login: VisitorLogin): string {
  return `${loginUrl(login)}?sslmode=${login.sslmode}&options=${encodeURIComponent(READ_ONLY)}`;
}

/** The value of its secret: the URL beside the keys that AWS's own clients use. */
export function visitorSecretValue(login: VisitorLogin) {
  const { host, port, username, password } = login;
  return {
    DATABASE_URL: visitorUrl(login),
    engine: "postgres",
    host,
    port,
    dbname: DATABASE,
    username,
    password,
  };
}
