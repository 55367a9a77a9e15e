import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { appSecretValue, SSL_MODES } from "../../infra/database-url";
import { runScript } from "./run-script";
import { LOGIN, TlsServer } from "./tls-server";
import type { Tried } from "./try-clients";

jest.setTimeout(120_000);

const PASSWORD = "Letters0nly";
const CLIENTS = ["node-pg", "Prisma adapter", "schema engine"] as const;

let server: TlsServer;

beforeAll(async () => {
  server = await TlsServer.start(PASSWORD);
});

afterAll(() => server?.remove());

/** The URLs of the design, and what a person may write instead. */
function urls(): Record<string, string> {
  const parts = {
    host: "localhost",
    port: server.port,
    username: LOGIN,
    password: PASSWORD,
    schema: "wms_prod",
  };
  const made = SSL_MODES.map(
    (sslmode) => [sslmode, appSecretValue({ ...parts, sslmode }).DATABASE_URL] as const,
  );
  const [bare = ""] = made.map(([, url]) => url.split("&")[0] ?? "");
  return { ...Object.fromEntries(made), "(none)": bare, "bare require": `${bare}&sslmode=require` };
}

/** Every client with every URL, in a process that has this CA setting. @returns outcome by mode */
async function outcomes(caFile: string | undefined): Promise<Record<string, string>> {
  const env: Record<string, string> =
    caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: server.file(caFile) };
  const schemaFile = resolve(__dirname, "../apps/wms/schema.prisma");
  const script = resolve(__dirname, "try-clients.ts");
  const { stdout, stderr } = await runScript(script, [schemaFile], env, JSON.stringify(urls()));
  expect(stderr).toBe("");
  const tried = JSON.parse(stdout) as Tried[];
  // All of them connect through node-pg, so they agree.
  const [first, ...others] = CLIENTS.map((name) =>
    Object.fromEntries(
      tried.filter(({ client }) => client === name).map(({ mode, outcome }) => [mode, outcome]),
    ),
  );
  for (const other of others) expect(other).toEqual(first);
  return first ?? {};
}

const REFUSED = "refused by the server";

test("prod's URL verifies the server with the documented CA setting; what is not encrypted is refused", async () => {
  expect(await outcomes("global-bundle.pem")).toEqual(documented(1));
  expect(documented(1)).toMatchObject({ "verify-full": "encrypted", disable: REFUSED, "(none)": REFUSED });
});

test.each([
  ["another CA", "wrong-bundle.pem"],
  ["no CA setting", undefined],
])("with %s prod's URL fails, and only the tunnel's mode comes in unverified", async (_, caFile) => {
  expect(await outcomes(caFile)).toEqual(documented(2));
  expect(documented(2)).toMatchObject({ "verify-full": "unknown CA", require: "encrypted" });
});

test("a certificate for another name is refused by verify-full, whoever signed it", async () => {
  await server.present("other.example.com");
  expect(await outcomes("global-bundle.pem")).toEqual(documented(3));
  expect(documented(3)).toMatchObject({ "verify-full": "wrong name" });
});

/** A column of the table in docs/tls.md, by mode. */
function documented(column: number): Record<string, string> {
  const rows = readFileSync(resolve(__dirname, "../../docs/tls.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("sslmode"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return Object.fromEntries(rows.map((cells) => [modeOf(cells[1] ?? ""), cells[column + 1] ?? ""]));
}

/** The mode that a row's first cell writes out. */
function modeOf(cell: string): string {
  if (cell === "no `sslmode`") return "(none)";
  if (cell === "`sslmode=require`") return "bare require";
  return /sslmode=([a-z-]+)/.exec(cell)?.[1] ?? cell;
}
