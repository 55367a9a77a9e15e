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

/** How a program ended, for people. */
export function endText(program: string, how: Closed["how"]): string {
  return `${program} ended ${typeof how === "number" ? `with status ${how}` : `by ${how}`}`;
}

/** The program ended before there was a tunnel; its own words stand above. */
export function neverOpen(program: string, how: Closed["how"], port: number): MistakeError {
  return new MistakeError(
    `${endText(program, how)} before localhost:${port} answered: mend what it says above`,
  );
}

/** A program that opens a tunnel, at work. */
export interface Opener {
  /** How it ended by itself: its exit status, or the signal that ended it. @throws {MistakeError} when there is no such program */
  readonly closed: Promise<Closed["how"]>;
  /** Waits until somebody answers at its port. @returns false when it has ended before */
  opens(): Promise<boolean>;
  /** Ends it with all that it has started, and says no more of it. */
  stop(): Promise<void>;
}

/**
 * Starts the program. What it prints goes to standard error at once, since it may ask for something; not what it says of
 * being ended.
 * @param port where it will listen
 * @param isApart whether another program will have the terminal: it is no part of what Ctrl-C goes to, asks for nothing, and
 * says what is wrong alone; the rest of what it printed where it ends before it is open
 */
export function startOpener(
  [program, args]: readonly [program: string, args: readonly string[]],
  port: number,
  isApart: boolean,
): Opener {
  const child = spawn(program, args, {
    stdio: [isApart ? "ignore" : "inherit", "pipe", "pipe"],
    detached: isApart,
  });
  let isStopped = false;
  let isClosed = false;
  let hasOpened = false;
  // After the signals that came with it: what it says of Ctrl-C is not told.
  const tell = (chunk: Buffer) => setImmediate(() => isStopped || process.stderr.write(chunk));
  child.stderr.on("data", tell);
  const kept: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void (isApart ? hasOpened || kept.push(chunk) : tell(chunk)));
  const closed = new Promise<Closed["how"]>((done, fail) => {
    child.once("error", (thrown) => {
      const isMissing = codeOf(thrown) === "ENOENT";
      const problem = isMissing
        ? `there is no ${program}: ${INSTALL[program]}`
        : `${program} failed: ${thrown.message}`;
      fail(new MistakeError(problem));
    });
    child.once("close", (status, signal) => {
      // Where it is ended, what it has started has to end as well.
      if (isStopped) return;
      if (!hasOpened) process.stderr.write(Buffer.concat(kept));
      done(status ?? signal);
    });
  }).finally(() => {
    isClosed = true;
  });
  // Whoever waits for it gets the error.
  closed.catch(() => {});
  return {
    closed,
    async opens() {
      while (!isClosed && !isStopped) {
        hasOpened = (await isOpen(port)) && !isStopped && !isClosed;
        if (hasOpened) return true;
        await new Promise((next) => setTimeout(next, LOOK_MS));
      }
      return false;
    },
    stop() {
      isStopped = true;
      return endAll(child);
    },
  };
}

/**
 * Runs the program that opens a tunnel, until it ends or a signal ends it.
 * @param port where it will listen
 * @param onOpen called once somebody answers there
 * @throws {MistakeError} when there is no such program
 */
export async function runOpener(
  command: readonly [program: string, args: readonly string[]],
  port: number,
  onOpen: () => void,
): Promise<Closed> {
  const opener = startOpener(command, port, false);
  let stop = (): void => {};
  // Not its output's end: what has left it may hold that open.
  const stopped = new Promise<Closed>((done) => {
    stop = () => void opener.stop().then(() => done({ how: null, isStopped: true }));
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    void opener.opens().then((isThere) => isThere && onOpen());
    return await Promise.race([stopped, opener.closed.then((how) => ({ how, isStopped: false }))]);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
