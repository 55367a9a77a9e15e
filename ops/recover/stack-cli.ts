import { spawn } from "node:child_process";
import { parsedJson } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { cliNotStarted } from "../app/pulumi-cli";

/** What a run of the CLI ended with. */
interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The official CLI on one stack: what it reads and writes is the stack's state, in whatever backend it is logged in to. */
export class StackCli {
  /** The last run; it ends whether it succeeds or not. */
  private running: Promise<unknown> = Promise.resolve();

  /** @param folder where the project is, or a folder inside it */
  constructor(
    private readonly stack: string,
    private readonly folder: string,
  ) {}

  /** Where the CLI is logged in: a bucket, a folder or Pulumi Cloud. */
  async backend(): Promise<string> {
    const said = await this.succeed(["whoami", "--verbose", "--json"]);
    return (Object(parsedJson(said)) as { url?: string }).url ?? "";
  }

  /** The state as text, its secrets encrypted; or in plain, never to be printed or written. */
  export(secrets: "encrypted" | "plain" = "encrypted"): Promise<string> {
    const shown = secrets === "plain" ? ["--show-secrets"] : [];
    return this.succeed(["stack", "export", ...shown, "--stack", this.stack]);
  }

  /** Puts a state in place of the stack's in one write. @throws {MistakeError} when the stack is locked */
  async import(state: string): Promise<void> {
    await this.succeed(["stack", "import", "--stack", this.stack], state);
  }

  /** Deletes every lock of the stack, whoever holds it. */
  async unlock(): Promise<void> {
    await this.succeed(["cancel", "--yes", "--stack", this.stack]);
  }

  /**
   * What a command is told that needs the lock. No command of the CLI shows a lock; to give a stack the name that it has
   * takes the lock, is refused for the name, and changes nothing.
   */
  async lockRefusal(): Promise<string> {
    const { stderr } = await this.run(["stack", "rename", this.stack, "--stack", this.stack]);
    return stderr;
  }

  /** Waits until no run is under way: one that is cut off may leave the lock that it took. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async succeed(args: readonly string[], input?: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(args, input);
    if (status === 0) return stdout;
    const said = stderr.replace(/^warning: .*\n/gm, "").trim();
    throw new MistakeError(`pulumi ${args.join(" ")} ended with ${status}: ${said.replace(/^error: /, "")}`);
  }

  private run(args: readonly string[], input = ""): Promise<Ran> {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      stdio: "pipe",
      // A group of its own, which Ctrl-C does not reach.
      detached: true,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        printed[name] += chunk;
      });
    // One that ends early does not read it all; its status says why.
    child.stdin.on("error", () => {}).end(input);
    const ran = new Promise<Ran>((done, fail) => {
      child.once("error", (thrown) => fail(cliNotStarted(thrown)));
      child.once("close", (status) => done({ status, ...printed }));
    });
    this.running = ran.catch(() => {});
    return ran;
  }
}
