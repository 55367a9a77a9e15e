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

test("a dev admin's secret that cannot be read is named, without a stack trace, before anything of Postgres", async () => {
  const { status, errors, inputs } = await runHost("dev", settingsOf("dev"), true, {
    failures: { "aws:secretsmanager/getSecretVersion:getSecretVersion": "couldn't find resource\nmore" },
  });
  expect(status).toBe(32);
  const message =
    "the secret portal-db/dev-admin cannot be read: deploy the stack prod first, and use a role that may read it";
  expect(errors.filter((error) => !error.includes(message))).toEqual([]);
  expect([...inputs.keys()].filter((identity) => identity.startsWith("postgresql:"))).toEqual([]);
});

test("everybody who is still let into the master's database stops prod before the admin does anything", async () => {
  const { status, errors, inputs } = await runHost("prod", settingsOf("prod"), false, {
    outputs: { "deployers-public-postgres": { privileges: ["CONNECT", "TEMPORARY"] } },
  });
  expect(status).toBe(32);
  const message =
    "everybody still has CONNECT, TEMPORARY on the database postgres, from which a dev admin could drop the project's: " +
    "the master user does not own it. Have its owner run REVOKE ALL ON DATABASE postgres FROM PUBLIC";
  expect(errors.filter((error) => !error.includes(message))).toEqual([]);
  expect([...inputs.keys()].filter((identity) => /database-|-login$|-owner$/.test(identity)).sort()).toEqual([
    "postgresql:index/role:Role::deployers-owner",
  ]);
});

test("a prod schema that somebody else made before is named, and nobody gets into it", async () => {
  const { status, errors, inputs } = await runHost("prod", settingsOf("prod"), false, {
    outputs: { "wms-prod-schema": { owner: "portal_db_owner" } },
  });
  expect(status).toBe(32);
  const message =
    "the schema wms_prod was there already and is portal_db_owner's, not portal_db_admin's: its owner could change what " +
    "an app runs in it. Find out who made it: npm run ops -- adopt hands over what was there before the stacks, have its owner drop anything else; then deploy with --refresh";
  expect(errors.filter((error) => !error.includes(message))).toEqual([]);
  expect([...inputs.keys()].filter((identity) => /::wms-prod-/.test(identity)).sort()).toEqual([
    "postgresql:index/role:Role::wms-prod-owner",
    "postgresql:index/role:Role::wms-prod-reader",
    "postgresql:index/schema:Schema::wms-prod-schema",
  ]);
});

test.each([["15.12", "15"]])(
  "an instance of Postgres %s is refused before anything of Postgres",
  async (actual, major) => {
    const { status, errors, inputs } = await runHost("prod", settingsOf("prod"), false, {
      outputs: { instance: { engineVersionActual: actual } },
    });
    expect(status).toBe(32);
    const message = `the instance runs Postgres ${major}, in which a role that makes roles may change every other one: upgrade it to 16 or later first`;
    expect(errors.filter((error) => !error.includes(message))).toEqual([]);
    expect([...inputs.keys()].filter((identity) => identity.startsWith("postgresql:"))).toEqual([]);
  },
);
