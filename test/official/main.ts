/** `npm run test:engine`: the suite on the official engine. Arguments are jest's. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CHECKOUT, endOf } from "../helpers/process";
import { runOnEngine } from "./run";

const JEST = resolve(CHECKOUT, "node_modules/jest/bin/jest.js");

runOnEngine(async () => {
  const args = [JEST, "--config", resolve(__dirname, "jest.config.js"), ...process.argv.slice(2)];
  const { status } = await endOf(spawn(process.execPath, args, { cwd: CHECKOUT, stdio: "inherit" }));
  return status ?? 1;
});
