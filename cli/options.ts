import { type Options, wholeOf } from "./arguments";

/** Where the stacks' files are. */
export const CONFIG_DIR = {
  "config-dir": {
    type: "string",
    value: "FOLDER",
    help: "where the Pulumi.<stack>.yaml files are (default: the checkout)",
  },
} as const satisfies Options;

/** Local platform or AWS: commands that ask one of them. */
export const PLACE = {
  platform: {
    type: "string",
    value: "FILE",
    help:
      "the platform.json of another local platform (default: .local/platform.json; where that is not, AWS with the " +
      "ordinary credentials)",
  },
  aws: { type: "boolean", help: "AWS, also while a local platform runs" },
  region: {
    type: "string",
    value: "REGION",
    help: "the AWS region (default: aws:region of the stack's file, then AWS_REGION)",
  },
  ...CONFIG_DIR,
} as const satisfies Options;

/** Commands that connect to Postgres. */
export const ENDPOINT = {
  endpoint: {
    type: "string",
    value: "HOST:PORT",
    help: "where Postgres is reached, such as localhost:6543 through the tunnel",
  },
  "server-name": {
    type: "string",
    value: "NAME",
    help: "on AWS: the instance's address, which its certificate must bear, also behind a tunnel (default: the secret's host)",
  },
  "ca-bundle": {
    type: "string",
    value: "FILE",
    help:
      "on AWS: the RDS CA bundle that the server is verified with (default: adminCaBundle of the stack's file, then " +
      "NODE_EXTRA_CA_CERTS)",
  },
} as const satisfies Options;

/** Commands that work on one app in one environment. */
export const APP_PLACE = {
  stack: {
    type: "string",
    value: "STACK",
    help: "the stack that declares the environment; a mismatch is refused",
  },
  ...PLACE,
  ...ENDPOINT,
} as const satisfies Options;

/** Commands that tell an app's URL. */
export const LIBPQ = {
  libpq: {
    type: "boolean",
    help: "a URL for psql, pg_dump and what else uses libpq, which refuses Prisma's ?schema=",
  },
} as const satisfies Options;

/** Commands that ask before they go on. */
export const YES = { yes: { type: "boolean", help: "go on without asking" } } as const satisfies Options;

/** Commands that run pg_dump or pg_restore. */
export const PG_BIN = {
  "pg-bin": {
    type: "string",
    value: "FOLDER",
    help: "where pg_dump and pg_restore of the server's version are (default: PATH)",
  },
} as const satisfies Options;

/** Commands that wait for locks, at most so long unless told otherwise. */
export function lockTimeout(seconds: number) {
  const help = "how long to wait for a lock that another session holds";
  return {
    "lock-timeout": { type: "string", value: "SECONDS", default: String(seconds), help },
  } as const satisfies Options;
}

/** Seconds to wait for a lock. @throws {UsageError} for less than one, and for over an hour */
export function lockTimeoutOf(values: { readonly "lock-timeout": string }): number {
  return wholeOf("--lock-timeout", values["lock-timeout"], 1, 3600);
}
