import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { CHECKOUT } from "../cli/checkout";

const PORT = "16543";

/** Seconds of each run of the embedded platform with one number of apps. */
export interface PlatformRuns {
  readonly apps: number;
  /** The AWS emulator is installed first; undefined where it was not measured. */
  readonly cold: number | undefined;
  readonly first: number;
  readonly second: number;
  readonly oneMoreApp: number;
}

/** Stack files with the first so many of app1, app2, …; shares are raised to fit them. */
function writeStackFiles(folder: string, apps: number): void {
  copyFileSync(join(CHECKOUT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  for (const stack of ["prod", "dev"]) {
    const file = `Pulumi.${stack}.yaml`;
    const content = parse(readFileSync(join(CHECKOUT, file), "utf8")) as { config: Record<string, unknown> };
    content.config["portal-db:apps"] = Object.fromEntries(
      Array.from({ length: apps }, (_, index) => [`app${index + 1}`, { connectionLimit: 1 }]),
    );
    content.config["portal-db:connectionShare"] = "300";
    writeFileSync(join(folder, file), stringify(content));
  }
}

/** Runs the platform's command and takes its time as a whole process, in seconds. */
function seconds(folder: string, tools: string, ...words: readonly string[]): number {
  const options = [
    "--dir",
    join(folder, "platform"),
    "--config-dir",
    folder,
    "--tools-dir",
    tools,
    "--port",
    PORT,
  ];
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, ["--require", "tsx/cjs", "local/main.ts", ...words, ...options], {
    cwd: CHECKOUT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/**
 * Times the embedded platform in a folder of its own: prod with one environment and dev with two.
 * @param cold whether to install the AWS emulator anew, too
 */
export function timePlatform(apps: number, cold: boolean): PlatformRuns {
  const folder = mkdtempSync(join(tmpdir(), "portal-db-bench-"));
  // As root, Postgres runs as another user, who has to get in.
  chmodSync(folder, 0o755);
  const shared = join(CHECKOUT, ".local", "tools");
  try {
    writeStackFiles(folder, apps);
    const run = (tools = shared) => seconds(folder, tools, "up");
    const destroy = (tools = shared) => seconds(folder, tools, "destroy", "--yes");
    let coldSeconds: number | undefined;
    if (cold) {
      coldSeconds = run(join(folder, "tools"));
      destroy(join(folder, "tools"));
    }
    const first = run();
    const second = run();
    writeStackFiles(folder, apps + 1);
    const oneMoreApp = run();
    destroy();
    return { apps, cold: coldSeconds, first, second, oneMoreApp };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
