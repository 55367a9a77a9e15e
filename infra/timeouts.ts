/** How long sessions of a login may take, in seconds; 0 is no limit of its own: the instance's holds then. */
export interface Timeouts {
  /** After which a statement is cancelled. */
  readonly statementTimeout: number;
  /** After which a session that does nothing inside a transaction is ended: it keeps dead rows and locks of every app. */
  readonly idleInTransactionTimeout: number;
}

/** What a login is for. */
export type Purpose = "app and migrations" | "app" | "migrations" | "reading" | "deploying";

/**
 * What holds where nobody says otherwise. An index on a large table takes hours, so that whatever migrates has no limit
 * of its statements. A migration sends one statement after the other, and Prisma holds no transaction open meanwhile; its
 * interactive transactions end after 5 s. A deployer's statements change catalogs alone, and a person types some.
 */
const DEFAULTS: Readonly<Record<Purpose, Timeouts>> = {
  "app and migrations": { statementTimeout: 0, idleInTransactionTimeout: 60 },
  app: { statementTimeout: 300, idleInTransactionTimeout: 60 },
  migrations: { statementTimeout: 0, idleInTransactionTimeout: 60 },
  reading: { statementTimeout: 300, idleInTransactionTimeout: 60 },
  deploying: { statementTimeout: 3600, idleInTransactionTimeout: 300 },
};

/** The most seconds that the server takes: it counts milliseconds in 32 bits. */
export const MOST_TIMEOUT_SECONDS = 2_147_483;

/** Settings of Postgres, by the provider's names for them. */
export const TIMEOUT_SETTINGS = {
  statementTimeout: "statement_timeout",
  idleInTransactionSessionTimeout: "idle_in_transaction_session_timeout",
} as const;

/**
 * The limits of a login, by what it is for.
 * @param own what the stack's file says; a migration has no limit of its statements, whatever holds for the app
 */
export function timeoutsOf(
  purpose: Purpose,
  own: { [key in keyof Timeouts]?: number | undefined } = {},
): Timeouts {
  const { statementTimeout, idleInTransactionTimeout } = DEFAULTS[purpose];
  return {
    statementTimeout:
      purpose === "migrations" ? statementTimeout : (own.statementTimeout ?? statementTimeout),
    idleInTransactionTimeout: own.idleInTransactionTimeout ?? idleInTransactionTimeout,
  };
}

/** Limits as inputs of a role, in milliseconds. None is left out: the provider takes a setting away for it, and sets no 0. */
export function timeoutInputs({
  statementTimeout,
  idleInTransactionTimeout,
}: Timeouts): Partial<Record<keyof typeof TIMEOUT_SETTINGS, number>> {
  return {
    ...(statementTimeout === 0 ? {} : { statementTimeout: statementTimeout * 1000 }),
    ...(idleInTransactionTimeout === 0
      ? {}
      : { idleInTransactionSessionTimeout: idleInTransactionTimeout * 1000 }),
  };
}
