import type { Client } from "pg";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { until } from "../../local/servers/processes";

/** How long a statement that was sent before the kill may take, in milliseconds. */
const WAIT_MS = 30_000;

interface Busy {
  readonly pid: number;
  readonly application: string;
}

const BUSY = `
  SELECT pid, application_name AS application FROM pg_stat_activity
  WHERE usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle'`;

/**
 * Waits for what the killed deployment has sent: its provider outlives it by the statement that is at work, and what
 * that makes would be missed.
 * @throws {MistakeError} that names the session which does not end
 */
export async function waitForDeployer(client: Client, deployer: string, wait = WAIT_MS): Promise<void> {
  let busy: readonly Busy[] = [];
  const isQuiet = await until(wait, async () => {
    busy = (await client.query<Busy>(BUSY)).rows;
    return busy.length === 0;
  });
  if (isQuiet === true) return;
  const [{ pid = 0, application = "" } = {}] = busy;
  throw new MistakeError(
    `a session of ${deployer} is at work (pid ${pid}, ${printable(application)}), perhaps the killed deployment's: wait ` +
      `until it has ended, or end it with SELECT pg_terminate_backend(${pid})`,
  );
}
