import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { PROJECT } from "../../infra/names";
import type { Properties } from "../../local/engine/values";
import type { Differences } from "./answers";
import { FakeEngine } from "./fake-engine";
import { CHECKOUT } from "./process";

const HOST = resolve(CHECKOUT, "node_modules/@pulumi/pulumi/cmd/run");

/** How a program ended in the SDK's own Node host, and what it declared: inputs by `type::name`, secrets opened. */
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
  differences: Differences = {},
): Promise<HostRun> {
  const engine = new FakeEngine(stack, PROJECT, preview, differences);
  const address = await engine.start();
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value]),
  );
  const args = [HOST, "--monitor", address, "--engine", address, "--project", PROJECT, "--stack", stack];
  args.push("--organization", "organization", "--root-directory", CHECKOUT, "--parallel", "16");
  args.push("--pwd", resolve(CHECKOUT, "stacks"), ...(preview ? ["--dry-run"] : []), ".");
  const child = spawn(process.execPath, args, {
    cwd: resolve(CHECKOUT, "stacks"),
    env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config), PULUMI_NODEJS_TYPESCRIPT: "true" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status] = (await once(child, "exit")) as [number | null];
  engine.stop();
  if (engine.problems.length > 0) throw new Error(engine.problems.join("; "));
  return { status, errors: engine.errors, inputs: engine.inputs };
}
