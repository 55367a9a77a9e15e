import { Client } from "pg";
import { codeOf } from "../../infra/mistake";

/** Somebody with a leaked URL: holds what a login can hold, and comes back as soon as a session is ended. */
export class Intruder {
  /** What each login that was refused was told. */
  readonly refusals = new Set<string>();
  private readonly client: Promise<void>;
  private isOver = false;

  /**
   * @param url whose password leaked
   * @param moves what each session does first; the transaction that it opens stays open
   */
  constructor(
    private readonly url: string,
    private readonly moves: readonly string[],
    private readonly onHeld: () => void,
  ) {
    this.client = this.comeBack();
  }

  /** Stops it. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.client;
  }

  private async comeBack(): Promise<void> {
    while (!this.isOver) {
      const client = new Client({ connectionString: this.url, application_name: "intruder" });
      const ended = new Promise<void>((done) => client.once("end", done));
      client.on("error", () => {});
      try {
        await client.connect();
        for (const sql of this.moves) await client.query(sql);
        this.onHeld();
        await ended;
      } catch (thrown) {
        this.refusals.add(codeOf(thrown) ?? "lost");
        await client.end().catch(() => {});
      }
    }
  }
}
