import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { readLine } from "../../cli/arguments";
import type { Verb } from "../../cli/command";
import { UsageError } from "../../cli/usage-error";
import { codeOf, MistakeError } from "../../infra/mistake";
import { type TunnelSettings, tunnelSettings } from "./settings";

const CHECKOUT = resolve(__dirname, "../..");

const FLAGS = {
  config: { type: "string" },
  stack: { type: "string" },
  via: { type: "string" },
  target: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  "remote-port": { type: "string" },
  region: { type: "string" },
  profile: { type: "string" },
} as const;

/** The program and its arguments; no shell reads them. */
export function tunnelCommand(settings: TunnelSettings): readonly [program: string, args: readonly string[]] {
  const { via, target, host, port, remotePort, region, profile } = settings;
  if (via === "ssh") {
    const forward = `127.0.0.1:${port}:${host}:${remotePort}`;
    const alive = ["-o", "ExitOnForwardFailure=yes", "-o", "ServerAliveInterval=30"];
    return ["ssh", ["-N", ...alive, "-L", forward, "--", target]];
  }
  const parameters = { host: [host], portNumber: [String(remotePort)], localPortNumber: [String(port)] };
  return [
    "aws",
    [
      ...["ssm", "start-session", "--target", target],
      ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
      ...["--parameters", JSON.stringify(parameters)],
      ...(region === undefined ? [] : ["--region", region]),
      ...(profile === undefined ? [] : ["--profile", profile]),
    ],
  ];
}

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

const INSTALL: Readonly<Record<string, string>> = {
  aws: "install the AWS CLI and its Session Manager plugin",
  ssh: "install OpenSSH",
};

/** Opens the way to the private instance, until it is interrupted. */
export const TUNNEL: Verb = {
  name: "tunnel",
  usage:
    "[--stack prod] [--via ssm|ssh] [--target ID] [--host ADDRESS] [--port 6543] [--remote-port 5432] [--config FILE]",
  summary: "open localhost:6543 to the instance through SSM or ssh; settings from tunnel.yaml, or options",
  async run(args) {
    const { values, positionals } = readLine("tunnel", args, FLAGS);
    if (positionals.length > 0) throw new UsageError("tunnel takes options alone");
    const { config, "remote-port": remotePort, ...options } = values;
    const file = resolve(config ?? resolve(CHECKOUT, "tunnel.yaml"));
    const settings = tunnelSettings(file, config !== undefined, { ...options, remotePort });
    await requireFree(settings.port);
    const [program, programArgs] = tunnelCommand(settings);
    const { host, remotePort: behind, target } = settings;
    console.log(
      `localhost:${settings.port} leads to ${host}:${behind} through ${target} (${program}); Ctrl-C closes it`,
    );
    const child = spawn(program, programArgs, { stdio: "inherit" });
    let isStopped = false;
    const stop = (signal: NodeJS.Signals): void => {
      isStopped = true;
      child.kill(signal);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    const status = await new Promise<number | null>((done, fail) => {
      child.once("error", (thrown) => {
        const isMissing = codeOf(thrown) === "ENOENT";
        fail(
          new MistakeError(
            isMissing
              ? `there is no ${program}: ${INSTALL[program]}`
              : `${program} failed: ${thrown.message}`,
          ),
        );
      });
      child.once("close", done);
    });
    if (isStopped) return 0;
    throw new MistakeError(`${program} ended with status ${status}: the tunnel is closed`);
  },
};
