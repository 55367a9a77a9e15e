/** Time between two lines. */
const EVERY_MS = 5000;

/** Bytes as a person reads them. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Says every few seconds how far something is; what is done sooner is done silently. */
export class Progress {
  private readonly began = Date.now();
  private readonly timer: NodeJS.Timeout;

  /** @param line what stands now; called when it is time to say it */
  constructor(line: () => string) {
    this.timer = setInterval(() => console.error(`  ${line()}, ${this.seconds} s`), EVERY_MS);
    this.timer.unref();
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return Math.round((Date.now() - this.began) / 1000);
  }

  /** Says no more. */
  stop(): void {
    clearInterval(this.timer);
  }
}
