import { readFileSync } from "node:fs";
import { Client } from "pg";
import { adapterOf } from "../apps/prisma/adapter-factory";
import { openEngine } from "../apps/prisma/schema-engine";

/** How one client fared with one URL: `plain` or `encrypted` when it came in, otherwise why not. */
export interface Tried {
  readonly client: string;
  readonly mode: string;
  readonly outcome: string;
}

const SQL = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
const worded = (ssl: unknown): string => (ssl === true ? "encrypted" : "plain");

const CLIENTS: Record<string, (url: string, schemaFile: string) => Promise<string>> = {
  async "node-pg"(url) {
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ ssl: boolean }>(SQL);
    await client.end();
    return worded(rows[0]?.ssl);
  },
  async "Prisma adapter"(url) {
    const connection = await adapterOf(url).connect();
    try {
      const { rows } = await connection.queryRaw({ sql: SQL, args: [], argTypes: [] });
      return worded(rows[0]?.[0]);
    } finally {
      await connection.dispose();
    }
  },
  async "schema engine"(url, schemaFile) {
    const engine = await openEngine({ url, schemaFile });
    // It says nothing of its connection: that it came in is all that a script can tell, which fails without TLS.
    const script = `DO $$ BEGIN IF NOT (${SQL}) THEN RAISE 'plain'; END IF; END $$`;
    await engine.dbExecute({ datasourceType: { tag: "url", url }, script } as never);
    await engine.stop();
    return "encrypted";
  },
};

/** What was said: the message of a driver error is nested, and the engine's is a text of its own. */
function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as { message: string; cause?: unknown };
  const text = `${message} ${JSON.stringify(cause ?? {})}`;
  // The schema engine (P1010) keeps the reason to itself.
  if (/no pg_hba.conf entry.*no encryption|User was denied access on the database/s.test(text))
    return "refused by the server";
  if (/self-signed certificate|unable to get (local )?issuer|unable to verify/i.test(text))
    return "unknown CA";
  if (/altnames|Hostname\/IP/i.test(text)) return "wrong name";
  return `failed: ${text}`;
}

async function run(): Promise<Tried[]> {
  const urls = JSON.parse(readFileSync(0, "utf8")) as Record<string, string>;
  const tried: Tried[] = [];
  for (const [client, connect] of Object.entries(CLIENTS))
    for (const [mode, url] of Object.entries(urls))
      tried.push({ client, mode, outcome: await connect(url, process.argv[2] ?? "").catch(reasonOf) });
  return tried;
}

run().then((tried) => {
  console.log(JSON.stringify(tried));
  process.exit(0);
});
