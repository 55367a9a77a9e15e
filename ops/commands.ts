import type { EntryPoint } from "../cli/command";
import { APP_PLACE } from "../cli/options";

/** `npm run ops`; `npm run preview`, `npm run review` and `npm run verify` are short names of three of its commands. */
export const OPS: EntryPoint = {
  typed: "npm run ops --",
  shared: APP_PLACE,
  commands: [
    {
      name: "preview",
      usage: "<stack>",
      summary:
        "preview a stack in the engine, under the policy pack, and say what the change does, as review does",
      load: async () => (require("./preview/command") as typeof import("./preview/command")).STACK_PREVIEW,
    },
    {
      name: "review",
      usage: "<preview.json>",
      summary: "say what a preview does to data, access and running apps; - is standard input",
      load: async () => (require("./review/command") as typeof import("./review/command")).REVIEW,
    },
    {
      name: "verify",
      usage: "<stack>",
      summary:
        "log in with each app's secret, read the catalogs, and compare what the server does with what is declared",
      load: async () => (require("./verify/command") as typeof import("./verify/command")).VERIFY,
    },
    {
      name: "inspect",
      usage: "[<app>] <environment>|<stack>",
      summary:
        "show who waits for whom, connections, sizes, dead rows, unused indexes: of one app, or of all of a stack",
      load: async () => (require("./inspect/command") as typeof import("./inspect/command")).INSPECT,
    },
    {
      name: "repair",
      usage: "<stack>",
      summary:
        "put back what a deploy does not see: passwords, settings, memberships and grants that no stack declares",
      load: async () => (require("./repair/command") as typeof import("./repair/command")).REPAIR,
    },
    {
      name: "recover",
      usage: "<stack>",
      summary:
        "mend a stack whose deployment was killed: release the lock, take in what it made, clear the rest",
      load: async () => (require("./recover/command") as typeof import("./recover/command")).RECOVER,
    },
    {
      name: "env",
      usage: "<app> <environment>",
      summary:
        "print the app's line for .env.dev, .env.production or .env.local; --write puts it into a file, mode 0600",
      load: async () => (require("./env/command") as typeof import("./env/command")).ENV,
    },
    {
      name: "check-prisma",
      usage: "FOLDER…",
      summary:
        "check schema.prisma, migrations, source code and .env files of apps against the stacks; touches nothing",
      load: async () =>
        (require("./check-prisma/command") as typeof import("./check-prisma/command")).CHECK_PRISMA,
    },
    {
      name: "tunnel",
      usage: "",
      summary:
        "open localhost:6543 to the instance through SSM or ssh; settings from tunnel.yaml, or options",
      load: async () => (require("./tunnel/command") as typeof import("./tunnel/command")).TUNNEL,
    },
    {
      name: "connect",
      usage: "<app> <environment> [-- psql's own]",
      summary:
        "open psql on an app's schema, through a tunnel of its own: as a person who reads it, or outside prod as the app",
      load: async () => (require("./connect/command") as typeof import("./connect/command")).CONNECT,
    },
    {
      name: "reset",
      usage: "<app> dev|ci|pr_N",
      summary:
        "drop everything in the app's schema, and keep the schema, its grants and default privileges; never prod",
      load: async () => (require("./reset/command") as typeof import("./reset/command")).RESET,
    },
    {
      name: "purge",
      usage: "<app> <environment> --file delete.sql",
      summary:
        "run DELETE and UPDATE statements in one transaction, show the row counts, and commit on confirmation",
      load: async () => (require("./purge/command") as typeof import("./purge/command")).PURGE,
    },
    {
      name: "snapshot",
      usage: "<app> <environment> -o FILE",
      summary: "write one app's schema with its data to a new file, in pg_dump's custom format",
      load: async () =>
        (require("./snapshot/snapshot-command") as typeof import("./snapshot/snapshot-command")).SNAPSHOT,
    },
    {
      name: "restore",
      usage: "FILE <app> <environment>",
      summary:
        "replace what is in the app's schema by a snapshot, also of another environment; prod only when it is " +
        "empty, or with --replace-prod",
      load: async () =>
        (require("./snapshot/restore-command") as typeof import("./snapshot/restore-command")).RESTORE,
    },
    {
      name: "adopt",
      usage: "",
      summary:
        "say what the stacks find in an existing database, what they import and who loses what; --apply runs the " +
        "printed SQL",
      load: async () => (require("./adopt/command") as typeof import("./adopt/command")).ADOPT,
    },
    {
      name: "cleanup",
      usage: "",
      summary: "list ephemeral stacks by age and the commands that destroy the old ones; --remove runs them",
      load: async () => (require("./cleanup/command") as typeof import("./cleanup/command")).CLEANUP,
    },
  ],
};
