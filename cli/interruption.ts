import { EXIT } from "./exit-status";
import { errorText } from "./lines";

/** Work that a signal may end, and what becomes of it then. */
export interface UnderWay {
  /**
   * Ends it at once: what it is doing may still come back, but changes no data any more.
   * @param told what has been said of the parts of it
   * @returns what became of the data, such as `nothing was changed`; undefined where there is no more to say
   */
  readonly end: (told: readonly string[]) => string | undefined;
  /** What is put in order before the process ends; a second signal does not wait for it. */
  readonly settle?: () => Promise<unknown>;
  /** What it is doing where it cannot be taken back any more: the first signal is told so, and it goes on to its end. */
  readonly pastReturn?: () => string | undefined;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Two within this time are one: npm hands on what the terminal has sent to everybody. */
const TWICE_MS = 500;

/** From the outermost to the innermost. */
const underWay = new Set<UnderWay>();
/** What is said in the end, from the signal on that ends the work. */
let lastWords: string | undefined;
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
    await goOn();
    underWay.delete(one);
    if (underWay.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

/**
 * Comes back unless a signal has ended the work. Stands before what changes data for good: what was said to be taken back
 * must not happen after all.
 */
export async function goOn(): Promise<void> {
  if (lastWords !== undefined) await new Promise(() => {});
}

async function onSignal(signal: NodeJS.Signals): Promise<void> {
  const isSame = Date.now() - lastMs < TWICE_MS;
  lastMs = Date.now();
  if (isSame) return;
  if (lastWords !== undefined) return leave(lastWords);
  const past = [...underWay].map(({ pastReturn }) => pastReturn?.()).find((what) => what !== undefined);
  if (past !== undefined && !isWarned) {
    isWarned = true;
    console.error(`${signal} comes too late: ${past}`);
    return;
  }
  const ended = [...underWay].reverse();
  const told: string[] = [];
  for (const { end } of ended) {
    const what = end(told);
    if (what !== undefined) told.push(what);
  }
  lastWords = errorText(`ended by ${signal}; ${told.join("; ")}`);
  for (const { settle } of ended) await settle?.();
  leave(lastWords);
}

function leave(words: string): never {
  console.error(words);
  process.exit(EXIT.failed);
}
