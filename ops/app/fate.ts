import { type Client, Connection } from "pg";
import { goOn, type UnderWay } from "../../cli/interruption";

/** What has become of the transaction of a session. */
type Fate = "none" | "open" | "committing" | "committed";

const fateByClient = new WeakMap<Client, Fate>();

/** Begins a transaction. @param sql another form of BEGIN */
export async function begin(client: Client, sql = "BEGIN"): Promise<void> {
  await goOn();
  fateByClient.set(client, "open");
  await client.query(sql);
}

/** Commits it. @throws what the server says against it; where the connection is lost, nobody knows */
export async function commit(client: Client): Promise<void> {
  await goOn();
  fateByClient.set(client, "committing");
  const { command } = await client.query("COMMIT");
  // A transaction in which something failed is rolled back by COMMIT, and that is no error of it.
  if (command !== "COMMIT") throw new Error("the server rolled it back");
  fateByClient.set(client, "committed");
}

/** Takes it back, also where the connection is lost. */
export async function rollBack(client: Client): Promise<void> {
  await client.query("ROLLBACK").catch(() => {});
  // A commit that was sent, and whose answer did not come, nobody can take back.
  if (fateByClient.get(client) === "open") fateByClient.set(client, "none");
}

/** A session that a signal may end. @param get it is not there before it is opened */
export function sessionUnderWay(get: () => Client | undefined): UnderWay {
  const fate = (): Fate => {
    const client = get();
    return (client && fateByClient.get(client)) ?? "none";
  };
  let cancelled: Promise<void> | undefined;
  return {
    end: (told) => {
      const client = get();
      const found = fate();
      if (client !== undefined && (found === "none" || found === "open")) cancelled = breakOff(client);
      if (found === "open") return "rolled back: nothing was changed";
      if (found === "committed") return "what it has said was done, and is committed";
      if (found === "committing") return "whether it was committed is not known: look";
      return told.length > 0 ? undefined : "nothing was changed";
    },
    settle: async () => cancelled,
    pastReturn: () => (fate() === "committing" ? "it is being committed" : undefined),
  };
}

/** So long the server may take to hear of it. */
const CANCEL_MS = 2000;

/** What the types of node-postgres leave out: whose session it is, and how a cancel is sent. */
interface Known {
  readonly processID: number;
  readonly secretKey: number;
  readonly ssl: false | object;
}
interface Messenger extends Connection {
  connect(port: number, host: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/**
 * Ends a session with what it is doing: nothing is sent on it any more. By itself the server goes on with a statement,
 * and holds its locks, until it has something to send, so that a cancel is sent, as psql does on Ctrl-C.
 */
async function breakOff(client: Client): Promise<void> {
  const { processID, secretKey, ssl } = client as unknown as Known;
  client.connection.stream.destroy();
  const messenger = new Connection({ ssl: ssl || undefined }) as Messenger;
  const cancel = () => messenger.cancel(processID, secretKey);
  await new Promise<void>((done) => {
    // The server closes it when it has understood; the change is taken back however this ends.
    for (const event of ["error", "end"]) messenger.on(event, () => done());
    messenger.once("connect", ssl ? () => messenger.requestSsl() : cancel);
    messenger.once("sslconnect", cancel);
    setTimeout(done, CANCEL_MS).unref();
    messenger.connect(client.port, client.host);
  });
  messenger.stream.destroy();
}
