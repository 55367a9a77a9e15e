import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type AppSecretValue, databaseUrl, SSL_MODES } from "../../infra/app/database-url";
import { runScript } from "../helpers/process";
import { runHost } from "../helpers/run-host";
import { settingsOf } from "../helpers/settings";
import { TlsServer } from "./tls-server";
import type { Tried } from "./try-clients";

jest.setTimeout(120_000);

const CLIENTS = ["node-pg", "Prisma adapter", "schema engine"] as const;

let server: TlsServer;
let secret: AppSecretValue & { readonly DATABASE_URL: string };

beforeAll(async () => {
  server = await TlsServer.start();
  secret = await deployedSecret(`localhost:${server.port}`);
  await server.admit(secret);
});

afterAll(() => server?.remove());

/** What prod, with its committed settings, gives AWS as the secret of wms. */
async function deployedSecret(appEndpoint: string): Promise<typeof secret> {
  const { error, resources } = await runHost("prod", settingsOf("prod", { appEndpoint }), false);
  expect(error).toBeUndefined();
  const version = resources.find(({ name }) => name === "wms-prod-secret-value");
  return JSON.parse(String(version?.inputs.secretString)) as typeof secret;
}

/** The URL of prod's secret, those of the design's other modes, and what a person may write instead. */
function urls(): Record<string, string> {
  const made = SSL_MODES.map((sslmode) => [sslmode, databaseUrl({ ...secret, sslmode })] as const);
  const [bare = ""] = secret.DATABASE_URL.split("&");
  return {
    ...Object.fromEntries(made),
    "verify-full": secret.DATABASE_URL,
    "(none)": bare,
    "bare require": `${bare}&sslmode=require`,
  };
}

/** Every client with every URL, in a process that has this CA setting. @returns outcome by mode */
async function outcomes(caFile: string | undefined): Promise<Record<string, string>> {
  const env: Record<string, string> =
    caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: server.file(caFile) };
  const schemaFile = resolve(__dirname, "../apps/wms/schema.prisma");
  const script = resolve(__dirname, "try-clients.ts");
  const { stdout, stderr } = await runScript(script, [schemaFile], env, JSON.stringify(urls()));
  // The bare `require` is among them on purpose. pg's next major version gives it libpq's meaning, and says so once.
  const said = [...stderr.matchAll(/Warning: (.*)/g)].map(([, text]) => text);
  expect(said).toEqual([
    "SECURITY WARNING: The SSL modes 'prefer', 'require', and 'verify-ca' are treated as aliases for 'verify-full'.",
  ]);
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

test("prod's secret says verify-full, and names no CA: that is the client's environment's to do", () => {
  const { searchParams } = new URL(secret.DATABASE_URL);
  expect(Object.fromEntries(searchParams)).toEqual({ schema: "wms_prod", sslmode: "verify-full" });
});

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
