/** `npm run test:node [-- <version>]`: whether programs, local platform and ops run on another Node, without the whole suite. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../cli/checkout";
import { errorText } from "../cli/lines";
import { freePort } from "../local/servers/ports";

/** The Node versions that `engines` of package.json names, oldest first: the one list of them. */
export function supportedNodes(): readonly string[] {
  const { engines } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  return engines.node.split(" || ");
}

/** Runs a script of this checkout on a Node that npm brings. @returns its exit status */
function onNode(version: string, ...args: string[]): number {
  const command = ["exec", "--yes", "--package", `node@${version}`, "--", "node", ...args];
  console.log(`node ${version}: ${args.join(" ")}`);
  return spawnSync("npm", command, { cwd: CHECKOUT, stdio: "inherit" }).status ?? 1;
}

async function tryOn(version: string): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "portal-db-node-"));
  const main = (file: string, ...args: string[]) => onNode(version, "--require", "tsx/cjs", file, ...args);
  const port = String(await freePort(0));
  try {
    const steps = [
      () => onNode(version, "node_modules/jest/bin/jest.js", "test/host"),
      () => main("local/main.ts", "up", "--dir", dir, "--port", port),
      () => main("ops/main.ts", "verify", "prod", "--platform", join(dir, "platform.json")),
    ];
    // The first that fails ends it.
    return steps.reduce((status, step) => (status === 0 ? step() : status), 0);
  } finally {
    main("local/main.ts", "destroy", "--yes", "--dir", dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function run(): Promise<number> {
  const supported = supportedNodes();
  const version = process.argv[2] ?? supported.at(-1) ?? "";
  if (!supported.includes(version)) {
    console.error(errorText(`Node ${version} is none of ${supported.join(", ")}, which package.json names`));
    return 64;
  }
  if (process.versions.node.split(".")[0] !== version) return tryOn(version);
  console.log(`This is Node ${version}: npm test has run on it`);
  return 0;
}

if (require.main === module) {
  run().then((status) => {
    process.exitCode = status;
  });
}
