/**
 * Stands in for Prisma's native schema engine, a download: the same engine as WebAssembly, behind the native one's command line. Prisma's
 * own CLI starts it where `PRISMA_SCHEMA_ENGINE_BINARY` names it, writes a request a line, and reads an answer a line.
 * @see https://github.com/prisma/prisma-engines/tree/main/schema-engine
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Engine, openEngine } from "../apps/prisma/schema-engine";

interface Request {
  readonly id: number;
  readonly method: keyof Engine;
  readonly params: never;
}

const { values, positionals } = parseArgs({
  options: { datamodels: { type: "string", multiple: true }, datasource: { type: "string" } },
  allowPositionals: true,
});

let opened: Promise<Engine> | undefined;

/** Opens the engine with the first request: the CLI's own errors come before that. */
function open(): Promise<Engine> {
  const { url, shadowDatabaseUrl: shadowUrl } = JSON.parse(values.datasource ?? "{}") as {
    url: string;
    shadowDatabaseUrl?: string;
  };
  const [schemaFile = ""] = values.datamodels ?? [];
  opened ??= openEngine({ url, schemaFile, shadowUrl });
  return opened;
}

async function answer({ id, method, params }: Request): Promise<object> {
  try {
    const engine = await open();
    const result = await (engine[method] as (given: never) => unknown)(params);
    return { jsonrpc: "2.0", id, result: result ?? null };
  } catch (thrown) {
    const { message, code } = thrown as { readonly message: string; readonly code?: string };
    const data = { is_panic: false, message, error_code: code };
    return { jsonrpc: "2.0", id, error: { code: 4466, message: "An error happened", data } };
  }
}

/** Prisma 7's engine, which this is, refuses the url that Prisma 6 has in the schema: it is in the arguments, too. */
const withoutUrl = (key: string, value: unknown): unknown =>
  key === "content" && typeof value === "string" ? value.replace(/^ *url *=.*$/m, "") : value;

// `cli can-connect-to-database`: whoever cannot hears it from the first request.
if (positionals[0] === "cli") process.exit(0);
createInterface({ input: process.stdin })
  .on("line", async (line) =>
    console.log(JSON.stringify(await answer(JSON.parse(line, withoutUrl) as Request))),
  )
  .on("close", () => process.exit(0));
