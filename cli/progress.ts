import { isRedrawn, LiveLines } from "./live-lines";

/** Time between two lines where they cannot be redrawn. */
const EVERY_MS = 5000;

/** Bytes as a person reads them. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/**
 * Says how far something is: in a line that is redrawn and goes at the end, or, where that cannot be, every few seconds;
 * what is done sooner is then done silently.
 */
export class Progress {
  private readonly began = Date.now();
  private readonly end: () => void;

  /** @param line what stands now; called when it is time to say it */
  constructor(line: () => string) {
    const now = (): string => `  ${line()}, ${this.seconds} s`;
    if (isRedrawn(process.stderr)) {
      const live = new LiveLines(process.stderr, () => [now()]);
      this.end = () => live.stop();
    } else {
      const timer = setInterval(() => console.error(now()), EVERY_MS).unref();
      this.end = () => clearInterval(timer);
    }
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return Math.round((Date.now() - this.began) / 1000);
  }

  /** Says no more. */
  stop(): void {
    this.end();
  }
}
