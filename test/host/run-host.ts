import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Properties } from "../mocks/wire";
import { FakeEngine } from "./fake-engine";

const ROOT = resolve(__dirname, "../..");
const HOST = resolve(ROOT, "node_modules/@pulumi/pulumi/cmd/run");

/** How a program ended in the SDK's own Node host, and what it declared: inputs by `type::name`. */
export interface HostRun {
  readonly status: number | null;
  readonly errors: readonly string[];
  readonly inputs: ReadonlyMap<string, Properties>;
}

/** Runs a program in the SDK's own Node host, as the Pulumi CLI does: `main` of Pulumi.yaml is its folder. */
export async function runHost(
  stack: string,
  settings: Readonly<Record<string, string>>,
  preview: boolean,
): Promise<HostRun> {
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
  return { status, errors: engine.errors, inputs: engine.inputs };
}
