/** Time between two looks at what stands now. */
const EVERY_MS = 100;
const ESCAPE = "\u001b[";

/** Whether lines can be written anew in place, and somebody is there to see it: no pipe, no dumb terminal, no CI. */
export function isRedrawn({ isTTY }: Pick<NodeJS.WriteStream, "isTTY">): boolean {
  const { CI = "", TERM = "dumb" } = process.env;
  return isTTY === true && TERM !== "dumb" && ["", "0", "false"].includes(CI);
}

/**
 * Lines at the end of the terminal that are written anew in place. Whatever else this process prints meanwhile, on either
 * stream, stands above them and stays whole; so a program that it starts must print by way of it.
 */
export class LiveLines {
  private drawn: readonly string[] = [];
  /** Whether something else stands in the last line, which does not end yet: nothing is drawn behind it. */
  private isMidLine = false;
  private readonly write: (text: string) => boolean;
  private readonly release: readonly (() => void)[];
  private readonly timer: NodeJS.Timeout;

  /** @param lines what stands now; called when it is time to draw it */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly lines: () => readonly string[],
  ) {
    this.write = stream.write.bind(stream);
    this.release = [process.stdout, process.stderr]
      .filter(({ isTTY }) => isTTY)
      .map((one) => this.watch(one));
    this.timer = setInterval(() => this.draw(), EVERY_MS);
    this.timer.unref();
  }

  /** Takes the lines away, and draws no more. */
  stop(): void {
    clearInterval(this.timer);
    this.write(this.erasing());
    this.drawn = [];
    for (const undo of this.release) undo();
  }

  /** Has the lines make room for what a stream gets. @returns what ends that */
  private watch(stream: NodeJS.WriteStream): () => void {
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array, ...more: []) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1");
      if (text !== "") {
        this.write(this.erasing());
        this.drawn = [];
        this.isMidLine = !text.endsWith("\n");
      }
      return write.call(stream, chunk, ...more);
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  }

  private draw(): void {
    if (this.isMidLine) return;
    // The last column is left free: some terminals begin a new line once it is taken.
    const room = this.columns - 1;
    const next = this.lines().map((line) => (line.length > room ? `${line.slice(0, room - 1)}…` : line));
    if (next.join("\n") === this.drawn.join("\n")) return;
    this.write(this.erasing() + next.map((line) => `${line}\n`).join(""));
    this.drawn = next;
  }

  /** What takes away the lines that stand; a terminal that has become narrower broke them. */
  private erasing(): string {
    const rows = this.drawn.reduce(
      (sum, { length }) => sum + Math.max(1, Math.ceil(length / this.columns)),
      0,
    );
    return rows === 0 ? "" : `${ESCAPE}${rows}A\r${ESCAPE}J`;
  }

  private get columns(): number {
    const { columns } = this.stream;
    // A terminal that does not know its size says 0.
    return columns > 0 ? columns : 80;
  }
}
