import type { Verb } from "../cli/command";
import { ADOPT } from "./adopt/command";
import { CHECK_PRISMA } from "./check-prisma/command";
import { CLEANUP } from "./cleanup/command";
import { ENV } from "./env/command";
import { PURGE } from "./purge/command";
import { RESET } from "./reset/command";
import { RESTORE } from "./snapshot/restore-command";
import { SNAPSHOT } from "./snapshot/snapshot-command";
import { TUNNEL } from "./tunnel/command";

/** Every command, in the order in which `--help` lists them. */
export const VERBS: readonly Verb[] = [
  ENV,
  CHECK_PRISMA,
  TUNNEL,
  RESET,
  PURGE,
  SNAPSHOT,
  RESTORE,
  ADOPT,
  CLEANUP,
];

/** What `--help` prints. */
export function usage(): string {
  const lines = VERBS.flatMap(({ name, usage, summary }) => [`  ${name} ${usage}`, `      ${summary}`]);
  return [
    "npm run ops -- <command> …",
    "",
    ...lines,
    "",
    "Where: the local platform when .local/platform.json is there, otherwise AWS with the ordinary credentials.",
    "  --platform FILE       the platform.json of another local platform",
    "  --aws                 AWS, also while a local platform runs",
    "  --stack <name>        the stack that declares the environment; a mismatch is refused",
    "  --region <region>     of AWS (default: aws:region of the stack's file, then AWS_REGION)",
    "  --config-dir <path>   where the Pulumi.<stack>.yaml files are (default: the checkout)",
    "  --endpoint host:port  where Postgres is reached, such as localhost:6543 through the tunnel",
  ].join("\n");
}
