import { Client, escapeLiteral as literal } from "pg";
import { scramVerifier } from "../../infra/scram-verifier";
import { TestPlatform } from "../helpers/platform";

jest.setTimeout(60_000);

let platform: TestPlatform;
beforeAll(async () => {
  platform = await TestPlatform.make();
  await platform.startPostgres();
  await platform.asSuperuser("CREATE ROLE app LOGIN", "postgres");
});
afterAll(() => platform.remove());

/** Whether the server lets the role in with a password. */
async function opens(password: string): Promise<boolean> {
  const server = { host: "localhost", port: platform.port, database: "postgres" };
  const client = new Client({ ...server, user: "app", password });
  try {
    await client.connect();
    return true;
  } catch (thrown) {
    if ((thrown as { code?: string }).code === "28P01") return false;
    throw thrown;
  } finally {
    await client.end();
  }
}

test.each([
  "Generated0123456789Generated0123",
  "Back\\slash'quote\"and$dollar",
  " spaces around ",
  "pässwörd",
  "пароль",
  "no\u00a0break",
  "soft\u00adhyphen",
  "ﬁ ligature, Ⅸ",
  "😀",
])("the server that stores the verifier of %j lets its client in, and nobody else", async (password) => {
  const verifier = await scramVerifier("app", password);
  await platform.asSuperuser(`ALTER ROLE app PASSWORD ${literal(verifier)}`, "postgres");
  const stored = "SELECT rolpassword AS stored FROM pg_authid WHERE rolname = 'app'";
  expect(await platform.asSuperuser(stored, "postgres")).toEqual([{ stored: verifier }]);
  expect([await opens(password), await opens(`${password}x`), await opens(verifier)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a verifier is the same each time, and another one for another role or password", async () => {
  const made = [
    await scramVerifier("app", "one"),
    await scramVerifier("app", "one"),
    await scramVerifier("app", "two"),
    await scramVerifier("other", "one"),
  ];
  const salts = made.map((verifier) => verifier.split("$")[1]);
  expect(made[1]).toBe(made[0]);
  expect(new Set(salts).size).toBe(3);
});
