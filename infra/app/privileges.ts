/**
 * Who may do what, as constants. The provider revokes everything first and then grants this list, so an
 * explicit empty list means "revoke all".
 * @see https://www.postgresql.org/docs/17/ddl-priv.html
 */
export const PRIVILEGES = {
  /** Nobody connects, or makes temporary tables, by merely existing. */
  publicOnDatabase: [],
  /** The only way in: members of the connect role. */
  connectRoleOnDatabase: ["CONNECT"],
  /** Postgres 15's own default, held: names resolve, nobody creates. */
  publicOnPublicSchema: ["USAGE"],
  /** Every login may use the extensions' types and functions. */
  connectRoleOnExtensions: ["USAGE"],
  /** `prisma migrate deploy` needs both; it owns what it creates, but not the schema. */
  ownerOnSchema: ["USAGE", "CREATE"],
  readerOnSchema: ["USAGE"],
  readerOnTables: ["SELECT"],
  readerOnSequences: ["SELECT"],
} as const satisfies Record<string, readonly string[]>;
