/** Locks of a table, as `pg_locks` names them, and who waits for each. */
const WAITS = {
  ShareLock: "nobody writes to it",
  ShareRowExclusiveLock: "nobody writes to it",
  AccessExclusiveLock: "nobody reads or writes it",
} as const;

/** One of them. */
export type TableLock = keyof typeof WAITS;

/** A kind of statement that makes others wait for longer than a moment, or fails where there are rows. */
export interface LockRule {
  /** What of it is held meanwhile; undefined where it is not the lock that harms. */
  readonly lock?: TableLock;
  /** What goes on meanwhile, after "while"; without a lock, what happens. */
  readonly harm: string;
  /** What to write instead. */
  readonly instead: string;
}

const APART = "alone in a migration of its own";
/** Prisma's lock is every app's, and who waits for it is waited for by an index: a deadlock. */
const IN_PEACE = `${APART}, while no other app migrates`;
const OLD_VERSION = "what runs until the deploy is through still asks for it, and fails";

/** What a migration is warned of, by what is said of the statement. */
export const LOCK_RULES = {
  index: {
    lock: "ShareLock",
    harm: "the index is built",
    instead: `CREATE INDEX CONCURRENTLY, ${IN_PEACE}`,
  },
  dropIndex: {
    lock: "AccessExclusiveLock",
    harm: "the drop waits for the queries before it",
    instead: `DROP INDEX CONCURRENTLY, ${APART}`,
  },
  reindex: {
    lock: "ShareLock",
    harm: "the index is built anew",
    instead: `REINDEX INDEX CONCURRENTLY, ${IN_PEACE}`,
  },
  notNull: {
    lock: "AccessExclusiveLock",
    harm: "every row is read, and it fails at the first NULL",
    instead:
      "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; in the next migration VALIDATE CONSTRAINT …, then SET NOT NULL and DROP CONSTRAINT",
  },
  required: {
    harm: "it fails as soon as the table has a row",
    instead: "ADD COLUMN with a constant DEFAULT, or without NOT NULL; fill it, then make it NOT NULL",
  },
  type: {
    lock: "AccessExclusiveLock",
    harm: "every row is read, and mostly written anew with its indexes",
    instead: "a new column, filled in pieces; the app reads it, and the old one goes in a later deploy",
  },
  rewrite: {
    lock: "AccessExclusiveLock",
    harm: "every row is written anew with its indexes",
    instead:
      "ADD COLUMN without it, ALTER COLUMN SET DEFAULT, then fill it in pieces (a constant or now() needs none of this)",
  },
  rewriteTable: {
    lock: "AccessExclusiveLock",
    harm: "every row is written anew with its indexes",
    instead: "leave it as it is, or at a time when nobody works",
  },
  foreignKey: {
    lock: "ShareRowExclusiveLock",
    harm: "every row is looked up, nor to the table that it refers to",
    instead: "ADD CONSTRAINT … NOT VALID; in the next migration VALIDATE CONSTRAINT, which lets others work",
  },
  inlineKey: {
    lock: "AccessExclusiveLock",
    harm: "every row is looked up, nor writes to the table that it refers to",
    instead:
      "ADD COLUMN alone, then ADD CONSTRAINT … FOREIGN KEY … NOT VALID; in the next migration VALIDATE CONSTRAINT",
  },
  check: {
    lock: "AccessExclusiveLock",
    harm: "every row is read",
    instead: "ADD CONSTRAINT … NOT VALID; in the next migration VALIDATE CONSTRAINT, which lets others work",
  },
  validate: {
    lock: "AccessExclusiveLock",
    harm: "every row is read, as in the transaction that adds it (with Prisma before 7.4 a file is one)",
    instead: "VALIDATE CONSTRAINT in the next migration",
  },
  unique: {
    lock: "AccessExclusiveLock",
    harm: "its index is built",
    instead: `CREATE UNIQUE INDEX CONCURRENTLY, ${IN_PEACE}; in the next one ADD CONSTRAINT … USING INDEX`,
  },
  exclude: {
    lock: "AccessExclusiveLock",
    harm: "its index is built, for which there is no other way",
    instead: "at a time when nobody works, or on a new table",
  },
  partition: {
    lock: "AccessExclusiveLock",
    harm: "the detaching waits for the queries before it",
    instead: `DETACH PARTITION … CONCURRENTLY, ${APART}`,
  },
  refresh: {
    lock: "AccessExclusiveLock",
    harm: "its query runs",
    instead: "a table that the app fills itself, or at a time when nobody works",
  },
  truncate: {
    lock: "AccessExclusiveLock",
    harm: "the transaction lasts, and the rows are gone",
    instead: "DELETE in pieces, after a snapshot",
  },
  lockTable: {
    harm: "whoever works on the table waits until the migration ends",
    instead: "take it out: each statement takes the lock that it needs",
  },
  rename: {
    harm: OLD_VERSION,
    instead:
      "a new one beside it, filled and read by the app; the old one goes in a later deploy. @map keeps the name",
  },
  drop: {
    harm: `${OLD_VERSION}; its rows are gone`,
    instead: "first deploy the app without it in schema.prisma, then drop it with the next deploy",
  },
} as const satisfies Readonly<Record<string, LockRule>>;

/** Which of them. */
export type LockRuleName = keyof typeof LOCK_RULES;

/** What a person reads of a statement. @param what the statement, such as `CREATE INDEX on "A"` */
export function lockMessage(what: string, name: LockRuleName): string {
  const { lock, harm, instead }: LockRule = LOCK_RULES[name];
  const waits = lock === undefined ? harm : `${WAITS[lock]} while ${harm}`;
  return `${what}: ${waits}. Instead: ${instead}`;
}
