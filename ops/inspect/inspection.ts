import type { Indexes } from "./indexes";
import type { Login } from "./logins";
import type { ServerView } from "./look";
import type { InspectedPart } from "./scope";
import type { Sequence } from "./sequences";
import type { CacheHits, Prepared, Slot } from "./server";
import type { Lock, ServerSession } from "./sessions";
import type { Table } from "./tables";

/** A session with what it holds in the schemas that are looked at. */
export interface OpenSession extends ServerSession {
  /** Such as `AccessExclusiveLock on wms_prod.orders`. */
  readonly locks: readonly string[];
}

/** A session that waits for a lock, and those that it waits for. */
export interface Wait extends OpenSession {
  /** The lock that it waits for, as Postgres calls it. */
  readonly mode: string;
  /** What it is on. */
  readonly on: string;
  /** Null where it has only just begun. */
  readonly waitingSeconds: number | null;
  readonly behind: readonly OpenSession[];
  /** Transactions without a session, prepared for two-phase commit, that it waits for. */
  readonly behindPrepared: boolean;
  /** Pids of the server's own processes that it waits for, such as autovacuum. */
  readonly behindServer: readonly number[];
}

/** One login's connections. */
export interface LoginUse {
  readonly login: string;
  readonly schemas: readonly string[];
  readonly used: number;
  /** Null where the server sets none. */
  readonly limit: number | null;
  /** Those at work; null, as the two below, where nobody may see what they do. */
  readonly active: number | null;
  readonly idle: number | null;
  readonly idleInTransaction: number | null;
}

/** Connections, against everything that limits them. */
export interface Connections {
  readonly logins: readonly LoginUse[];
  /** Of all logins of the stack. */
  readonly usedOfStack: number;
  /** Null where no file here says it. */
  readonly shareOfStack: number | null;
  /** Of everybody, this inspection aside. */
  readonly used: number;
  readonly max: number;
  /** Of them, those that no login of an app gets. */
  readonly reserved: number;
  readonly databaseLimit: number | null;
}

/** Size of one schema. */
export interface SchemaSize {
  readonly schema: string;
  readonly tables: number;
  readonly totalBytes: number;
}

/** What is printed: with `--json` as it stands here, which scripts rely on. */
export interface Inspection {
  readonly stack: string;
  readonly place: string;
  /** `host:port/database`. */
  readonly server: string;
  readonly version: string;
  readonly at: string;
  readonly schemas: readonly SchemaSize[];
  readonly notSeen: readonly string[];
  readonly waits: readonly Wait[];
  readonly transactions: readonly OpenSession[];
  readonly prepared: readonly Prepared[];
  readonly connections: Connections;
  readonly tables: readonly Table[];
  readonly indexes: Indexes & { readonly statisticsSince: string | null };
  readonly sequences: readonly Sequence[];
  readonly cache: readonly CacheHits[];
  readonly slots: readonly Slot[];
  readonly database: {
    readonly bytes: number;
    readonly isAutovacuumOn: boolean;
    readonly ageTransactions: number;
    readonly ageMultixacts: number;
    readonly freezeAtTransactions: number;
  };
}

/** What a lock is on, for people. */
function placeOfLock({ schema, relation, type, advisory }: Lock): string {
  if (relation !== null) return `${schema}.${relation}`;
  if (type === "advisory") return `advisory lock ${advisory}`;
  if (type === "transactionid") return "a row that another transaction has changed";
  if (type === "virtualxid") return "the end of other transactions";
  return type === "object" ? "a role, a schema or another object" : `a lock of type ${type}`;
}

const byTransaction = (a: ServerSession, b: ServerSession): number =>
  (b.transactionSeconds ?? -1) - (a.transactionSeconds ?? -1) ||
  (b.ageTransactions ?? -1) - (a.ageTransactions ?? -1) ||
  a.pid - b.pid;

/** The fullest first. */
const byUse = (a: LoginUse, b: LoginUse): number =>
  b.used / (b.limit ?? Infinity) - a.used / (a.limit ?? Infinity) ||
  b.used - a.used ||
  (a.login < b.login ? -1 : 1);

function useOf({ login, schemas, limit }: Login, sessions: readonly ServerSession[]): LoginUse {
  const own = sessions.filter((one) => one.login === login);
  const isSeen = own.every((one) => one.isSeen);
  const inState = (pattern: RegExp) =>
    isSeen ? own.filter(({ state }) => pattern.test(state ?? "")).length : null;
  return {
    login,
    schemas,
    used: own.length,
    limit,
    active: inState(/^(active|fastpath function call)$/),
    idle: inState(/^idle$/),
    idleInTransaction: inState(/^idle in transaction/),
  };
}

/** Puts together what belongs together, the worst first. */
export function inspectionOf(scope: InspectedPart, server: string, looked: ServerView): Inspection {
  const { state, roles, sessions, locks, sequences, tables, indexes, slots, prepared, cache } = looked;
  const lookedAt = new Set(looked.schemas);
  const logins = roles.logins.filter(({ schemas }) => schemas.some((schema) => lookedAt.has(schema)));
  const ownLogins = new Set(logins.map(({ login }) => login));
  const byPid = new Map(sessions.map((one) => [one.pid, one]));
  const holder = (session: ServerSession): OpenSession => ({
    ...session,
    locks: locks
      .filter(
        ({ pid, isGranted, schema }) =>
          pid === session.pid && isGranted && schema !== null && lookedAt.has(schema),
      )
      .map((lock) => `${lock.mode} on ${placeOfLock(lock)}`),
  });
  const isOwn = (one: OpenSession): boolean => ownLogins.has(one.login) || one.locks.length > 0;

  const waits = locks
    .filter(({ isGranted }) => !isGranted)
    .flatMap((lock): Wait[] => {
      const session = byPid.get(lock.pid ?? -1);
      if (session === undefined) return [];
      const behind = lock.blockers.flatMap((pid) => byPid.get(pid) ?? []).map(holder);
      const { mode, waitingSeconds, schema, blockers, serverBlockers: behindServer } = lock;
      const wait = { ...holder(session), mode, on: placeOfLock(lock), waitingSeconds };
      const isHere = schema !== null && lookedAt.has(schema);
      if (!isHere && ![wait, ...behind].some(isOwn)) return [];
      return [{ ...wait, behind, behindPrepared: blockers.includes(0), behindServer }];
    });

  const open = sessions
    .map(holder)
    .filter((one) => one.transactionSeconds !== null || one.ageTransactions !== null || one.locks.length > 0);
  const oldest = Math.max(...open.map(({ ageTransactions }) => ageTransactions ?? -1));
  const transactions = open
    // Whoever keeps dead rows of everybody is named, whosever session it is.
    .filter((one) => isOwn(one) || (one.ageTransactions === oldest && oldest >= 0));

  const ofStack = new Set(scope.ofStack.map(({ schema }) => schema));
  const usedOfStack = roles.logins
    .filter(({ schemas }) => schemas.some((schema) => ofStack.has(schema)))
    .reduce((sum, { login }) => sum + sessions.filter((one) => one.login === login).length, 0);

  return {
    stack: scope.stack,
    place: scope.place.name,
    server,
    version: state.version,
    at: state.at,
    schemas: looked.schemas
      .map((schema) => {
        const own = tables.filter((one) => one.schema === schema);
        return { schema, tables: own.length, totalBytes: own.reduce((sum, one) => sum + one.totalBytes, 0) };
      })
      .sort((a, b) => b.totalBytes - a.totalBytes || (a.schema < b.schema ? -1 : 1)),
    notSeen: looked.notSeen,
    waits,
    transactions: transactions.sort(byTransaction),
    prepared,
    connections: {
      logins: logins.map((one) => useOf(one, sessions)).sort(byUse),
      usedOfStack,
      shareOfStack: scope.share ?? null,
      used: sessions.length,
      max: state.maxConnections,
      reserved: state.reservedConnections,
      databaseLimit: state.databaseLimit,
    },
    tables,
    indexes: { ...indexes, statisticsSince: state.statisticsSince },
    sequences,
    cache,
    slots,
    database: {
      bytes: state.databaseBytes,
      isAutovacuumOn: state.isAutovacuumOn,
      ageTransactions: state.ageTransactions,
      ageMultixacts: state.ageMultixacts,
      freezeAtTransactions: state.freezeAtTransactions,
    },
  };
}
