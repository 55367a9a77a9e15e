import { createServer } from "node:net";
import { resolve } from "node:path";
import { type Options, requireNoMore } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { printLine } from "../../cli/lines";
import { codeOf, MistakeError } from "../../infra/mistake";
import { endText, neverOpen, runOpener } from "./opener";
import { tunnelCommand, tunnelSettings } from "./settings";

const OPTIONS = {
  stack: { type: "string", value: "STACK", help: "take what is not said from the outputs of this stack" },
  via: { type: "string", value: "ssm|ssh", help: "how the tunnel is opened (default ssm)" },
  target: {
    type: "string",
    value: "MACHINE",
    help: "what can reach the instance: an instance id for ssm; user@host, or a Host of ~/.ssh/config, for ssh",
  },
  host: { type: "string", value: "ADDRESS", help: "the address of the RDS instance" },
  "remote-port": { type: "string", value: "NUMBER", help: "the port of the RDS instance (default 5432)" },
  port: { type: "string", value: "NUMBER", help: "the port on this machine (default 6543)" },
  region: { type: "string", value: "REGION", help: "the AWS region, for ssm (default: the aws CLI's)" },
  profile: { type: "string", value: "NAME", help: "a profile of the aws CLI, for ssm" },
  config: {
    type: "string",
    value: "FILE",
    help: "a YAML file of these settings (default: tunnel.yaml, where it is)",
  },
} as const satisfies Options;

/** @throws {MistakeError} when somebody listens on the port of either loopback address, such as the local platform */
async function requireFree(port: number): Promise<void> {
  for (const address of ["127.0.0.1", "::1"]) {
    await new Promise<void>((done, fail) => {
      const server = createServer();
      server.once("error", (thrown) => {
        // A machine without IPv6 has nobody on ::1.
        if (["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(codeOf(thrown) ?? "")) return done();
        const hint =
          "stop what listens there (the local platform: npm run local -- down), or choose another --port";
        fail(new MistakeError(`port ${port} is taken (${codeOf(thrown)}): ${hint}`));
      });
      server.listen({ port, host: address, exclusive: true }, () => server.close(() => done()));
    });
  }
}

/** Opens the way to the private instance, until it is interrupted. */
export const TUNNEL: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack prod",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { config, "remote-port": remotePort, ...options } = values;
    const file = resolve(config ?? resolve(CHECKOUT, "tunnel.yaml"));
    const settings = tunnelSettings(file, config !== undefined, { ...options, remotePort });
    await requireFree(settings.port);
    const { port, host, remotePort: behind, target } = settings;
    const command = tunnelCommand(settings);
    const [program] = command;
    let isOpen = false;
    const { how, isStopped } = await runOpener(command, port, () => {
      isOpen = true;
      printLine(
        `localhost:${port} leads to ${host}:${behind} through ${target} (${program}); Ctrl-C closes it`,
      );
    });
    if (isStopped) return isOpen ? EXIT.done : EXIT.failed;
    throw isOpen
      ? new MistakeError(`${endText(program, how)}: the tunnel is closed`)
      : neverOpen(program, how, port);
  },
};
