import type { Differences } from "../helpers/answers";
import { runHost } from "../helpers/run-host";
import { settingsOf } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

/** How a stack's program ends in the host, and whatever it declared that a pattern is in. */
async function ended(stack: string, pattern: RegExp, differences: Differences) {
  const { error, resources } = await runHost(stack, settingsOf(stack), false, { differences });
  const identities = resources.map(({ identity }) => identity);
  return { error, declared: identities.filter((identity) => pattern.test(identity)).sort() };
}

test.each([
  ["prod", true],
  ["prod", false],
  ["dev", true],
  ["dev", false],
  ["pr-42", true],
])(
  "the official Node host runs %s (preview: %s) and declares what the tests of the stacks hold",
  async (stack, preview) => {
    const { identities } = await runStack(stack);
    const { error, resources } = await runHost(stack, settingsOf(stack), preview);
    expect([error, resources.map(({ identity }) => identity).sort()]).toEqual([undefined, identities]);
  },
);

test("a mistake in the config is shown as its message alone, and nothing is declared", async () => {
  expect(await runHost("dev", { apps: '{"Wms":{}}' }, true)).toEqual({
    error:
      "the config of stack dev has a problem; nothing was declared:\n" +
      "  - portal-db:apps.Wms: bad app name: use lower-case letters, digits and '_', starting with a letter, such as 'wms'",
    resources: [],
  });
});

test("a dev admin's secret that cannot be read is named, without a stack trace, before anything of Postgres", async () => {
  const failures = { "aws:secretsmanager/getSecretVersion:getSecretVersion": "couldn't find resource\nmore" };
  expect(await ended("dev", /postgresql:/, { failures })).toEqual({
    error:
      "the secret portal-db/dev-admin cannot be read: deploy the stack prod first, and use a role that may read it " +
      "(couldn't find resource)",
    declared: [],
  });
});

test("everybody who is still let into the master's database stops prod before the admin does anything", async () => {
  const outputs = { "deployers-public-postgres": { privileges: ["CONNECT", "TEMPORARY"] } };
  expect(await ended("prod", /database-|-login$|-owner$/, { outputs })).toEqual({
    error:
      "everybody still has CONNECT, TEMPORARY on the database postgres, from which a dev admin could drop the project's: " +
      "the master user does not own it. Have its owner run REVOKE ALL ON DATABASE postgres FROM PUBLIC",
    declared: ["postgresql:index/role:Role::deployers-owner"],
  });
});

test("a prod schema that somebody else made before is named, and nobody gets into it", async () => {
  const outputs = { "wms-prod-schema": { owner: "portal_db_owner" } };
  expect(await ended("prod", /::wms-prod-/, { outputs })).toEqual({
    error:
      "the schema wms_prod was there already and is portal_db_owner's, not portal_db_admin's: its owner could change what " +
      "an app runs in it. Find out who made it: npm run ops -- adopt hands over what was there before the stacks, have its owner drop anything else; then deploy with --refresh",
    declared: [
      "postgresql:index/role:Role::wms-prod-owner",
      "postgresql:index/role:Role::wms-prod-reader",
      "postgresql:index/schema:Schema::wms-prod-schema",
    ],
  });
});

test("an instance of Postgres 15.12 is refused before anything of Postgres", async () => {
  const outputs = { instance: { engineVersionActual: "15.12" } };
  expect(await ended("prod", /^postgresql:/, { outputs })).toEqual({
    error:
      "the instance runs Postgres 15, in which a role that makes roles may change every other one: upgrade it to 16 or later first",
    declared: [],
  });
});
