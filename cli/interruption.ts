import { EXIT } from "./exit-status";

/** Work that a signal may end, and what becomes of it then. */
export interface UnderWay {
  /**
   * Ends it.
   * @param told what has been said of the parts of it
   * @returns what became of the data, such as `nothing was changed`; undefined where there is no more to say
   */
  readonly end: (told: readonly string[]) => Promise<string | undefined> | string | undefined;
  /** What it is doing where it cannot be taken back any more: the first signal is told so, and it goes on to its end. */
  readonly pastReturn?: () => string | undefined;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Two within this time are one: npm hands on what the terminal has sent to everybody. */
const TWICE_MS = 500;

/** From the outermost to the innermost. */
const underWay = new Set<UnderWay>();
let isEnding = false;
let lastMs = 0;
let isWarned = false;

/**
 * Does work so that whoever ends it by a signal is told what became of the data. Errors that follow from the end are
 * not told: there is one message, and the status of what was not done.
 */
export async function interruptible<T>(one: UnderWay, work: () => Promise<T>): Promise<T> {
  if (underWay.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  underWay.add(one);
  try {
    return await work();
  } finally {
    // The process ends with the message; nothing comes before it.
    if (isEnding) await new Promise(() => {});
    underWay.delete(one);
    if (underWay.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

async function onSignal(signal: NodeJS.Signals): Promise<void> {
  const isSame = Date.now() - lastMs < TWICE_MS;
  lastMs = Date.now();
  if (isSame) return;
  if (isEnding) process.exit(EXIT.failed);
  const past = [...underWay].map(({ pastReturn }) => pastReturn?.()).find((what) => what !== undefined);
  if (past !== undefined && !isWarned) {
    isWarned = true;
    console.error(`${signal} comes too late: ${past}`);
    return;
  }
  isEnding = true;
  const told: string[] = [];
  for (const { end } of [...underWay].reverse()) {
    const what = await end(told);
    if (what !== undefined) told.push(what);
  }
  console.error(`error: ended by ${signal}; ${told.join("; ")}`);
  process.exit(EXIT.failed);
}
