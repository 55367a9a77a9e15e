import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CHECKOUT } from "../helpers/process";

/** How the engine shall end. */
export interface StubRun {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** What it logs as events before it ends. */
  readonly events?: readonly unknown[];
  /** Whether it waits for a signal before it ends. */
  readonly waits?: boolean;
}

/** How it was started. */
interface Started {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

const NAMES = ["PULUMI_EXPERIMENTAL", "PULUMI_SKIP_CHECKPOINTS", "PULUMI_DEBUG_COMMANDS"];

/** Programs on PATH in place of `pulumi`: it ends as it is told, notes how it was started, and logs events. */
export class StubPulumi {
  constructor(private readonly folder: string) {}

  /** PATH with it in front. */
  get path(): string {
    return `${this.folder}${delimiter}${process.env.PATH}`;
  }

  /** Tells how it ends from now on. */
  set({ stdout = "", stderr = "", status = 0, events = [], waits = false }: StubRun): void {
    const program = `#!${process.execPath}
const { writeFileSync } = require("node:fs");
const load = (name) => require(${JSON.stringify(join(CHECKOUT, "node_modules"))} + "/" + name);
const { credentials } = load("@grpc/grpc-js");
const { EventsClient } = load("@pulumi/pulumi/proto/events_grpc_pb");
const { EventRequest } = load("@pulumi/pulumi/proto/events_pb");
const args = process.argv.slice(2);
const env = Object.fromEntries(${JSON.stringify(NAMES)}.map((name) => [name, process.env[name]]));
writeFileSync(${JSON.stringify(this.notes)}, JSON.stringify({ args, env, folder: process.cwd() }));
process.stderr.write(${JSON.stringify(stderr)});
const end = () => process.stdout.write(${JSON.stringify(stdout)}, () => process.exit(${status}));
const address = args[args.indexOf("--event-log") + 1].replace("tcp://", "");
const stream = new EventsClient(address, credentials.createInsecure()).streamEvents((lost) => {
  if (lost) throw lost;
  if (!${waits}) return end();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
  console.error("waiting");
  setInterval(() => {}, 1000);
});
for (const event of ${JSON.stringify(events)}) {
  const request = new EventRequest();
  request.setEvent(JSON.stringify(event) + "\\n");
  stream.write(request);
}
stream.end();
`;
    const file = join(this.folder, "pulumi");
    writeFileSync(file, program);
    chmodSync(file, 0o755);
  }

  /** How it was started; undefined when it was not. The address of the events is `EVENTS`. */
  started():
    | { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
    | undefined {
    if (!existsSync(this.notes)) return undefined;
    const noted: Started = JSON.parse(readFileSync(this.notes, "utf8"));
    return { ...noted, args: noted.args.map((word) => word.replace(/^tcp:\/\/127\.0\.0\.1:\d+$/, "EVENTS")) };
  }

  private get notes(): string {
    return join(this.folder, "started.json");
  }
}
