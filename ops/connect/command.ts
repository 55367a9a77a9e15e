import { resolve } from "node:path";
import type { Options } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { UsageError } from "../../cli/exit-status";
import { interruptible } from "../../cli/interruption";
import { wrapped } from "../../cli/lines";
import { APP_PLACE } from "../../cli/options";
import type { DeclaredVisitor } from "../../infra/config/people";
import { PROD } from "../../infra/names";
import { freePort } from "../../local/servers/ports";
import { type AppDeployment, deploymentOf } from "../app/deployment";
import { libpqEnvironment } from "../app/libpq";
import { neverOpen, type Opener, startOpener } from "../tunnel/opener";
import { type TunnelSettings, tunnelCommand, tunnelSettings } from "../tunnel/settings";
import { entranceOf } from "./login";
import { readerNamed, readersText } from "./people";
import { findPsql, Psql } from "./psql";

const OPTIONS = {
  as: { type: "string", value: "PERSON", help: "who reads, by a line of the stack's people; needed in prod" },
  "read-write": { type: "boolean", help: "let the session write, where its role may" },
  config: {
    type: "string",
    value: "FILE",
    help: "on AWS: a YAML file of the tunnel's settings (default: tunnel.yaml, where it is, then stack prod's outputs)",
  },
  ...APP_PLACE,
} as const satisfies Options;

/** @returns undefined for the app itself. @throws {UsageError} in prod, where nobody works as an app */
function whoIs(deployment: AppDeployment, name: string | undefined): DeclaredVisitor | undefined {
  if (name !== undefined) return readerNamed(deployment, name);
  if (deployment.environment !== PROD) return undefined;
  throw new UsageError(
    `in prod psql is for people, not for the app: say --as <person>; ${readersText(deployment)}`,
  );
}

/** How the tunnel is opened; undefined where none is needed. */
async function tunnelOf(
  { place }: AppDeployment,
  config: string | undefined,
): Promise<TunnelSettings | undefined> {
  if (place.platformDir !== undefined || place.endpoint !== undefined) return undefined;
  const file = resolve(config ?? resolve(CHECKOUT, "tunnel.yaml"));
  const port = String(await freePort(0));
  return tunnelSettings(file, config !== undefined, { port, region: place.region }, PROD);
}

async function openTunnel(settings: TunnelSettings, started: (opener: Opener) => void): Promise<void> {
  const command = tunnelCommand(settings);
  const opener = startOpener(command, settings.port, true);
  started(opener);
  if (!(await opener.opens())) throw neverOpen(command[0], await opener.closed, settings.port);
}

/** Settings of the session, which outrank those of the role: what it sees, and whether it may change it. */
function sessionOptions({ names }: AppDeployment, isReadWrite: boolean): string {
  const readOnly = isReadWrite ? "off" : "on";
  return `-c search_path=${names.schema} -c default_transaction_read_only=${readOnly}`;
}

/** Opens psql on an app's schema, through a tunnel of its own. */
export const CONNECT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "Opens the tunnel by itself where it asks nothing, unless --endpoint names one that is open, and closes it after psql. " +
    "As a person it reads the password from that person's secret, or with iam: true has the AWS CLI sign a token; outside " +
    "prod without --as it is the app. Sessions are read-only, with names of the app's schema alone. What stands behind a " +
    "further -- is psql's own, such as -- -c 'SELECT 1'. Once psql runs, Ctrl-C and the exit status are psql's.",
  example: "wms prod --as anna",
  async run({ values, positionals, passed }) {
    const own = positionals.slice(0, positionals.length - passed.length);
    const deployment = deploymentOf("connect", own, values);
    const person = whoIs(deployment, values.as);
    const { place, names } = deployment;
    const program = await findPsql(place);
    let opener: Opener | undefined;
    const psql = new Psql();
    const underWay = { end: () => "psql was not started", settle: async () => opener?.stop() };
    try {
      const env = await interruptible(underWay, async () => {
        const tunnel = await tunnelOf(deployment, values.config);
        if (tunnel !== undefined)
          await openTunnel(tunnel, (one) => {
            opener = one;
          });
        const { args, proof } = await entranceOf(deployment, person, tunnel);
        const options = sessionOptions(deployment, values["read-write"]);
        const ofLibpq = await libpqEnvironment({ ...args, options, keepsLimits: true }, proof);
        // For a person; a script reads psql's own output alone.
        if (process.stdin.isTTY)
          console.error(
            wrapped(
              `psql as ${args.user} in ${names.schema} on ${place.name}, ${
                values["read-write"] ? "which may write" : "read-only"
              }; \\q ends it`,
            ),
          );
        // pg_dump's output is to be the same everywhere; a person reads in a language.
        const { LC_ALL } = process.env;
        psql.hold();
        return { ...ofLibpq, LC_ALL };
      });
      return await psql.run(program, passed, env);
    } finally {
      await opener?.stop();
      psql.release();
    }
  },
};
