import type { Line, Options } from "./arguments";
import type { ExitStatus, PassedStatus } from "./exit-status";

/** A command: what it takes, and what it does. */
export interface Command<O extends Options = Options> {
  /** Every option that it takes; `--help` is among them by itself. */
  readonly options: O;
  /** What it looks for, where its status says whether it was found, such as `something blocks`. */
  readonly found?: string;
  /** What else a person has to know, for `--help`: one paragraph. */
  readonly notes?: string;
  /** What could follow its name, such as `wms dev --yes`; empty where nothing has to. */
  readonly example: string;
  /** @throws {MistakeError} for what a person can put right; it is shown as one line, without a stack trace */
  run(line: Line<O>): Promise<ExitStatus | PassedStatus>;
}

/** A command's place in the list of its entry point, which is read without loading the command. */
export interface Listed {
  /** What is typed, such as `reset`. */
  readonly name: string;
  /** What has to follow the name, such as `<app> <environment>`. */
  readonly usage: string;
  /** One sentence on what it does, without a full stop. */
  readonly summary: string;
  /** Loads it, with everything that it needs: by `require`, since Node's own `import()` reads no TypeScript. */
  load(): Promise<Command>;
}

/** What one entry point offers. */
export interface EntryPoint {
  /** What is typed before a command's name, such as `npm run ops --`. */
  readonly typed: string;
  /** In the order in which `--help` lists them. */
  readonly commands: readonly Listed[];
  /** The command that is meant where none is named. */
  readonly fallback?: string;
  /** Options that several commands take. They may stand before the command's name, and `--help` of the whole says them. */
  readonly shared: Options;
}
