import { runHost } from "../helpers/run-host";
import { settingsOf } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

/** The same without inputs. */
async function outlineOf(stack: string, settings: Readonly<Record<string, string>>, preview: boolean) {
  const { status, errors, inputs } = await runHost(stack, settings, preview);
  return { status, errors, identities: [...inputs.keys()].sort() };
}

test.each([
  ["prod", true],
  ["prod", false],
  ["dev", true],
  ["dev", false],
  ["pr-42", true],
])(
  "the official Node host runs %s (preview: %s) and declares what the mock tests hold",
  async (stack, preview) => {
    const { identities } = await runStack(stack);
    expect(await outlineOf(stack, settingsOf(stack), preview)).toEqual({ status: 0, errors: [], identities });
  },
);

test("the official Node host shows a mistake in the config as its message alone, and nothing is declared", async () => {
  expect(await outlineOf("dev", { apps: '{"Wms":{}}' }, true)).toEqual({
    status: 32,
    errors: [
      "the config of stack dev has a problem; nothing was declared:\n" +
        "  - portal-db:apps.Wms: bad app name: use lower-case letters, digits and '_', starting with a letter, such as 'wms'",
    ],
    identities: [],
  });
});

test("outputs that a prod stack does not have yet are named, without a stack trace", async () => {
  const settings = settingsOf("dev", { prodStack: "new/portal-db/prod" });
  const { status, errors } = await runHost("dev", settings, true);
  const missing = (name: string) => `the stack new/portal-db/prod has no output ${name}; deploy it first`;
  expect({ status, errors: [...errors].sort() }).toEqual({
    status: 32,
    errors: [
      `Error serializing arguments for invoke aws:secretsmanager/getSecretVersion:getSecretVersion: MistakeError: ${missing("adminSecretArn")}`,
      `error serializing property "password": error serializing property "secretId": ${missing("adminSecretArn")}`,
      missing("instanceAddress"),
      missing("instancePort"),
    ],
  });
});

test("a prod stack that has the instance alone is named, before anything of Postgres", async () => {
  const { status, errors, inputs } = await runHost(
    "dev",
    settingsOf("dev", { prodStack: "begun/portal-db/prod" }),
    true,
  );
  const alone =
    "the stack begun/portal-db/prod declares the instance alone; set instanceOnly to false once it can be reached, and deploy it first";
  expect(status).toBe(32);
  expect(errors.filter((error) => !error.includes(alone))).toEqual([]);
  expect([...inputs.keys()].filter((identity) => identity.startsWith("postgresql:"))).toEqual([]);
});
