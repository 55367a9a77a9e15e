/** Connections that no login limit may use: superuser's and RDS's own slots, the admin, a person with psql. */
export const ADMIN_RESERVE = 20;

/** A stack's share when its file sets none. */
export const DEFAULT_CONNECTION_SHARE = 40;

/** A login's limit when its app sets none. */
export const DEFAULT_CONNECTION_LIMIT = 10;

/**
 * Connections of a login for migrations: `prisma migrate deploy` holds one, with its lock in the same; one is for a
 * person or a command beside it, and one may be a killed deploy's, which the server has not noticed yet.
 */
export const MIGRATOR_CONNECTION_LIMIT = 3;

/** A person's or a tool's limit when its line sets none. */
export const DEFAULT_VISITOR_CONNECTIONS = 2;

/** Memory of an instance by size, in GiB, for `db.m*` and `db.r*`; `large` is the first. */
const LARGE_GIB: Record<string, number> = { m: 8, r: 16, x: 32 };
const SIZE_FACTOR: Record<string, number> = {
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
  "24xlarge": 48,
};
const BURSTABLE_GIB: Record<string, number> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/** RDS keeps part of the memory for itself, so that its formula starts from less than the class's size. */
const USABLE_SHARE = 0.9;
const BYTES_PER_CONNECTION = 9_531_392;
const GIB = 1024 ** 3;

/**
 * Memory of an instance class in GiB, or undefined for a class that this table does not know.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function memoryGib(instanceClass: string): number | undefined {
  const match = /^db\.([a-z])\d[a-z]*\.([a-z0-9]+)$/.exec(instanceClass);
  const [, family, size] = match ?? [];
  if (family === undefined || size === undefined) return undefined;
  if (family === "t") return BURSTABLE_GIB[size];
  const large = LARGE_GIB[family];
  const factor = SIZE_FACTOR[size];
  return large === undefined || factor === undefined ? undefined : large * factor;
}

/** Bytes of memory that RDS's formulas go by; undefined for an unknown class. */
export function usableMemory(instanceClass: string): number | undefined {
  const gib = memoryGib(instanceClass);
  return gib === undefined ? undefined : gib * GIB * USABLE_SHARE;
}

/** RDS's own `max_connections`, as a parameter group says it. */
export const DEFAULT_MAX_CONNECTIONS = `LEAST({DBInstanceClassMemory/${BYTES_PER_CONNECTION}},5000)`;

/**
 * The `max_connections` to count on: {@link DEFAULT_MAX_CONNECTIONS} over nine tenths of the class's memory; undefined
 * for an unknown class.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function maxConnections(instanceClass: string): number | undefined {
  const memory = usableMemory(instanceClass);
  return memory === undefined ? undefined : Math.min(Math.floor(memory / BYTES_PER_CONNECTION), 5000);
}
