import { columnsOf, wrapped } from "./lines";
import { isRedrawn, LiveLines } from "./live-lines";

/** Width of the titles, so that what is said of each begins below the other. */
const TITLE = "AWS emulator  ".length;

/** One part of a long command, which has a line of its own. */
export class Stage {
  private readonly began = Date.now();
  private text = "";

  /** @param said takes what cannot be redrawn; undefined where the line is */
  constructor(
    private readonly title: string,
    private readonly said: ((line: string) => void) | undefined,
    private readonly ended: (stage: Stage) => void,
  ) {}

  /** Says how far it is. @param isLong whether it may take long from here: a log says it, too, before it is done */
  readonly say = (text: string, isLong = false): void => {
    this.text = text;
    if (isLong) this.said?.(this.line);
  };

  /** What stands now, with the seconds once there are some. */
  get line(): string {
    const seconds = Math.round((Date.now() - this.began) / 1000);
    const parts = [this.text, seconds === 0 ? "" : `${seconds} s`].filter((part) => part !== "");
    return `${this.title.padEnd(TITLE - 2)}  ${parts.join(", ")}`;
  }

  /** Ends it. @param text what stands there for good */
  end(text: string): void {
    this.text = text;
    this.ended(this);
  }

  /** Ends it, since it failed; what it had come to stays. */
  fail(): void {
    this.end(this.text === "" ? "failed" : `failed: ${this.text}`);
  }
}

/**
 * The parts of a long command, several of which may be under way at once: each is one line, redrawn in a terminal while it
 * is under way; elsewhere it is said when it is done, and when it begins what may take long.
 */
export class Stages {
  private readonly active: Stage[] = [];
  private readonly isRedrawn: boolean;
  private live: LiveLines | undefined;

  /** @param stream where the lines go: for a command that prints nothing but its result, standard error */
  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    this.isRedrawn = isRedrawn(stream);
  }

  /** Begins one. */
  begin(title: string): Stage {
    const said = this.isRedrawn ? undefined : (line: string) => this.write(line);
    const stage = new Stage(title, said, (ended) => this.end(ended));
    this.active.push(stage);
    if (this.isRedrawn) this.live ??= new LiveLines(this.stream, () => this.active.map(({ line }) => line));
    return stage;
  }

  /** Runs one from its beginning to its end. @param done what is said of its result */
  async run<T>(title: string, work: (stage: Stage) => Promise<T>, done: (result: T) => string): Promise<T> {
    const stage = this.begin(title);
    try {
      const result = await work(stage);
      stage.end(done(result));
      return result;
    } catch (thrown) {
      stage.fail();
      throw thrown;
    }
  }

  private end(stage: Stage): void {
    this.active.splice(this.active.indexOf(stage), 1);
    if (this.active.length === 0) {
      this.live?.stop();
      this.live = undefined;
    }
    this.write(stage.line);
  }

  private write(line: string): void {
    const text = wrapped(line, "", TITLE, columnsOf(this.stream));
    if (this.stream === process.stdout) console.log(text);
    else console.error(text);
  }
}
