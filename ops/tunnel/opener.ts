import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
import { codeOf, MistakeError } from "../../infra/mistake";
import { end, markOf } from "../../local/servers/processes";

/** How a program that opens a tunnel ended. */
export interface Closed {
  /** Its exit status, or the signal that ended it. */
  readonly how: number | NodeJS.Signals | null;
  /** Whether a person has ended it. */
  readonly isStopped: boolean;
}

const INSTALL: Readonly<Record<string, string>> = {
  aws: "install the AWS CLI and its Session Manager plugin",
  ssh: "install OpenSSH",
};

/** Time between two looks at a port that nobody listens on yet. */
const LOOK_MS = 100;

/** Whether somebody listens on a port of this machine. */
async function isOpen(port: number): Promise<boolean> {
  for (const host of ["127.0.0.1", "::1"]) {
    const opened = await new Promise<boolean>((done) => {
      const socket = connect({ host, port });
      socket.once("connect", () => done(true)).once("error", () => done(false));
      socket.once("connect", () => socket.destroy());
    });
    if (opened) return true;
  }
  return false;
}

/** What a process has started, and what that has started: `aws` leaves the work to its plugin. */
function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (above: number): number[] =>
    pairs.flatMap(([child = 0, parent]) => (parent === above ? [child, ...below(child)] : []));
  return below(pid);
}

/** Ends a program and all that it has started, and waits until they are gone. */
async function endAll({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const marks = [pid, ...descendantsOf(pid)].map(markOf);
  await Promise.all(marks.map(async (mark) => mark && end(mark)));
}

/**
 * Runs the program that opens a tunnel, until it ends or a signal ends it. What it prints goes to standard error at once,
 * since it may ask for something; not what it says of being ended.
 * @param port where it will listen
 * @param onOpen called once somebody answers there
 * @throws {MistakeError} when there is no such program
 */
export async function runOpener(
  [program, args]: readonly [program: string, args: readonly string[]],
  port: number,
  onOpen: () => void,
): Promise<Closed> {
  const child = spawn(program, args, { stdio: ["inherit", "pipe", "pipe"] });
  let isStopped = false;
  let isClosed = false;
  // After the signals that came with it: what it says of Ctrl-C is not told.
  const tell = (chunk: Buffer) => setImmediate(() => isStopped || process.stderr.write(chunk));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", tell);
  let stop = (): void => {};
  const closed = new Promise<Closed["how"]>((done, fail) => {
    stop = () => {
      isStopped = true;
      // Not its output's end: what has left it may hold that open.
      void endAll(child).then(() => done(null));
    };
    child.once("error", (thrown) => {
      const isMissing = codeOf(thrown) === "ENOENT";
      const problem = isMissing
        ? `there is no ${program}: ${INSTALL[program]}`
        : `${program} failed: ${thrown.message}`;
      fail(new MistakeError(problem));
    });
    child.once("close", (status, signal) => void (isStopped || done(status ?? signal)));
  }).finally(() => {
    isClosed = true;
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  const look = async (): Promise<void> => {
    while (!isClosed && !isStopped) {
      if ((await isOpen(port)) && !isStopped && !isClosed) return onOpen();
      await new Promise((next) => setTimeout(next, LOOK_MS));
    }
  };
  try {
    const [how] = await Promise.all([closed, look()]);
    return { how, isStopped };
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
