/** `npm run test:engine`: the suite on the official engine. Arguments are jest's. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { MistakeError } from "../../infra/mistake";
import { CHECKOUT, endOf } from "../helpers/process";
import { type EngineTools, prepareTools, toolsEnv, toolsText } from "./tools";

const JEST = resolve(CHECKOUT, "node_modules/jest/bin/jest.js");

async function suite(tools: EngineTools): Promise<number> {
  console.log(toolsText(tools));
  const args = [JEST, "--config", resolve(__dirname, "jest.config.js"), ...process.argv.slice(2)];
  const env = { ...process.env, ...toolsEnv(tools) };
  const ended = await endOf(spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: "inherit" }));
  return ended.status ?? 1;
}

async function main(): Promise<number> {
  const tools = await prepareTools();
  // An interrupt from the terminal ends the suite, which clears up after itself; this process waits for it, and then does so, too.
  process.on("SIGINT", () => {});
  try {
    return await suite(tools);
  } finally {
    rmSync(tools.folder, { recursive: true, force: true });
  }
}

main().then(
  (status) => process.exit(status),
  (thrown: unknown) => {
    console.error(thrown instanceof MistakeError ? `error: ${thrown.message}` : thrown);
    process.exit(1);
  },
);
