import { spawn } from "node:child_process";
import { WITHOUT_CHECKPOINTS } from "../ops/preview/engine";
import { endOf } from "../test/helpers/process";
import { EngineProject } from "../test/official/project";
import { PeakMemory, type Peaks } from "./peak-memory";

/** What is timed of dev, in this order: from nothing to nothing again. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  preview: ["preview"],
  up: ["up", "--yes", "--skip-preview"],
  "preview, no change": ["preview", "--expect-no-changes"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** One command of the official engine on dev. */
export interface EngineRun {
  readonly apps: number;
  readonly command: string;
  readonly seconds: number;
  readonly peaks: Peaks;
}

/** Times dev on the official engine with each number of apps, on a prod with one. */
export async function* timeEngine(appCounts: readonly number[]): AsyncGenerator<EngineRun> {
  const project = await EngineProject.make();
  try {
    project.platform.configure("prod", { apps: { app1: {} } });
    await project.up("prod");
    for (const apps of appCounts) {
      const names = Array.from({ length: apps }, (_, index) => [`app${index + 1}`, { connectionLimit: 1 }]);
      project.platform.configure("dev", { apps: Object.fromEntries(names), connectionShare: "300" });
      for (const [command, args] of Object.entries(COMMANDS))
        yield { apps, command, ...(await timed(project, args)) };
    }
  } finally {
    await project.remove();
  }
}

/** Runs a command; a preview without checkpoints, as `npm run preview` does. */
async function timed({ platform, env }: EngineProject, args: readonly string[]) {
  const isPreview = args[0] === "preview";
  const start = process.hrtime.bigint();
  const child = spawn("pulumi", [...args, "--stack", "dev", "--non-interactive", "--color", "never"], {
    cwd: platform.dir,
    env: { ...env, ...(isPreview ? WITHOUT_CHECKPOINTS : {}) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const memory = new PeakMemory(child.pid ?? 0);
  const { status, stdout, stderr } = await endOf(child);
  const peaks = memory.stop();
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, peaks };
}
