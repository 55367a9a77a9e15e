import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { settingsOf } from "../mocks/settings";
import { runStack } from "../mocks/stack-run";
import { FakeEngine } from "./fake-engine";

const ROOT = resolve(__dirname, "../..");
const HOST = resolve(ROOT, "node_modules/@pulumi/pulumi/cmd/run");

/** Runs a program in the SDK's own Node host, as the Pulumi CLI does: `main` of Pulumi.yaml is its folder. */
async function runHost(stack: string, settings: Readonly<Record<string, string>>, preview: boolean) {
  const engine = new FakeEngine(stack, preview);
  const address = await engine.start();
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`portal-db:${key}`, value]),
  );
  const args = [HOST, "--monitor", address, "--engine", address, "--project", "portal-db", "--stack", stack];
  args.push("--organization", "organization", "--root-directory", ROOT, "--parallel", "16");
  args.push("--pwd", resolve(ROOT, "stacks"), ...(preview ? ["--dry-run"] : []), ".");
  const child = spawn(process.execPath, args, {
    cwd: resolve(ROOT, "stacks"),
    env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config), PULUMI_NODEJS_TYPESCRIPT: "true" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status] = (await once(child, "exit")) as [number | null];
  engine.stop();
  return { status, errors: engine.errors, identities: [...engine.identities].sort() };
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
    expect(await runHost(stack, settingsOf(stack), preview)).toEqual({ status: 0, errors: [], identities });
  },
);

test("the official Node host shows a mistake in the config as its message alone, and nothing is declared", async () => {
  expect(await runHost("dev", { apps: '{"Wms":{}}' }, true)).toEqual({
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
  expect({ status, errors: errors.sort() }).toEqual({
    status: 32,
    errors: [
      `Error serializing arguments for invoke aws:secretsmanager/getSecretVersion:getSecretVersion: MistakeError: ${missing("adminSecretArn")}`,
      `error serializing property "password": error serializing property "secretId": ${missing("adminSecretArn")}`,
      missing("instanceAddress"),
      missing("instancePort"),
    ],
  });
});
