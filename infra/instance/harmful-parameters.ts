import { ADMIN_RESERVE } from "../config/budget";

/** RDS's own connections and the master's, of the budget's reserve; the rest is the admins' and people's. */
const MOST_RESERVED = ADMIN_RESERVE / 2;

/** By the parameter: whether a value, as RDS takes it, does harm, and which. */
const HARM: Readonly<Record<string, readonly [isHarmful: (value: string) => boolean, why: string]>> = {
  createrole_self_grant: [
    () => true,
    "would give each deployer the rights of the apps whose roles it makes: leave it out",
  ],
  default_transaction_read_only: [(value) => value === "1", "would stop each deploy, and every app's writes"],
  "rds.restrict_password_commands": [
    (value) => value === "1",
    "would stop each deploy that makes a login or rotates one: no deployer is a member of rds_password",
  ],
  reserved_connections: [
    (value) => Number(value) > MOST_RESERVED,
    `takes connections that the budget lets the apps have: ${MOST_RESERVED} at most`,
  ],
  session_replication_role: [
    (value) => value === "replica",
    "would switch off every app's foreign keys and triggers: set it in the session that needs it",
  ],
  ssl: [(value) => value === "0", "would let nobody in: rds.force_ssl takes no connection without TLS"],
};

/** What a value would take from every app, or from each deploy, at once; undefined for the rest, which is a reviewer's to weigh. */
export function harmOf(name: string, value: string): string | undefined {
  const [isHarmful, why] = (Object.hasOwn(HARM, name) ? HARM[name] : undefined) ?? [];
  return isHarmful?.(value) ? why : undefined;
}
