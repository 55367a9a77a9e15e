import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { type Options, requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { Stages } from "../../cli/stages";
import { MistakeError, messageOf } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { readDeployedApps } from "../app-secrets";
import { Deployment } from "../engine/deployment";
import { deployedStacks, type Resource, State } from "../engine/state";
import { PLATFORM, type Platform, platformOf, STACK, stackOf } from "../options";
import { writePgpass } from "../pgpass";
import type { Places } from "../places";
import { startPlatform, stopPlatform } from "../platform";
import { Providers } from "../providers";
import { resultLine } from "../report";
import { withLock } from "../servers/lock";
import { stackStage } from "../stack-stage";

const OPTIONS = {
  ...STACK,
  all: { type: "boolean", help: "remove the installed tools too" },
  ...PLATFORM,
} as const satisfies Options;

/** Deletes everything of a platform, or one stack of it. */
export const DESTROY: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack pr-42",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    await destroy(platformOf(values), stackOf(values), values.all);
    return EXIT.done;
  },
};

/** Deletes the stacks through the engine, in reverse order, then the servers and their data. */
async function destroy(platform: Platform, stack: string | undefined, isAll: boolean): Promise<void> {
  const { places } = platform;
  if (!isPlatform(places)) {
    console.log(`There is no platform in ${places.dir}`);
    if (isAll) rmSync(places.toolsDir, { recursive: true, force: true });
    return;
  }
  await withLock(places.lockFile, async () => {
    const deployed = deployedStacks(places.stateDir);
    const others = deployed.filter((name) => name !== PROD);
    if (stack === PROD && others.length > 0) {
      throw new MistakeError(
        `prod owns the database of ${others.join(", ")}, too: destroy them first, or everything, without --stack`,
      );
    }
    const stacks = deployed.filter((name) => stack === undefined || name === stack);
    const deleted = stacks.length === 0 ? Promise.resolve() : deleteStacks(platform, [...stacks].reverse());
    if (stack !== undefined) return deleted;
    // What the engine cannot delete, such as a role that someone made by hand needs, goes with the servers' data.
    await deleted.catch((thrown) => console.log(`${messageOf(thrown)}; it goes with the servers' data`));
    await stopPlatform(places);
    for (const gone of [
      places.clusterDir,
      places.stateDir,
      places.serversFile,
      places.emulatorLog,
      places.passFile,
    ]) {
      rmSync(gone, { recursive: true, force: true });
    }
    if (places.serverHome !== places.dir) rmSync(places.serverHome, { recursive: true, force: true });
    if (isAll) rmSync(places.toolsDir, { recursive: true, force: true });
    console.log(
      `Nothing is left${isAll ? "" : `; the tools are kept in ${places.toolsDir} (--all removes them)`}`,
    );
  });
}

/** Whether a folder holds what a platform leaves, however far it came: another one's files are nobody's to delete. */
function isPlatform({ stateDir, serversFile, emulatorFile, clusterDir }: Places): boolean {
  const superuser = resolve(stateDir, "superuser");
  const known = [
    superuser,
    serversFile,
    emulatorFile,
    resolve(clusterDir, "data"),
    resolve(clusterDir, "data.new"),
  ];
  return deployedStacks(stateDir).length > 0 || known.some((path) => existsSync(path));
}

async function deleteStacks({ places, port }: Platform, stacks: readonly string[]): Promise<void> {
  const stages = new Stages();
  const servers = await startPlatform(places, port, stages);
  const providers = new Providers(places, servers);
  try {
    console.log("This platform is a throw-away: protected resources are deleted, too");
    for (const stack of stacks) {
      const state = State.read(places.stateDir, stack);
      for (const resource of state.resources.values())
        state.resources.set(resource.urn, unprotected(resource));
      const { onBegin, onStep, onEnd } = stackStage(stages, stack, state.resources.size, "deleting");
      const deployment = new Deployment(state, providers.handlerOf, { preview: false, onStep });
      onBegin();
      await deployment.finish().finally(() => onEnd(state.isEmpty));
      state.remove();
      console.log(resultLine({ stack, steps: deployment.steps, outputs: {} }));
    }
    writePgpass(places, await readDeployedApps(providers.aws, places.stateDir));
  } finally {
    await providers.close();
  }
}

/** Takes off everything that keeps a resource, or its name, from going. */
function unprotected(resource: Resource): Resource {
  const loose = { dropCascade: true, recoveryWindowInDays: 0, deletionProtection: false };
  const inputs = { ...resource.inputs };
  for (const [key, value] of Object.entries(loose)) {
    if (key in inputs || (key === "dropCascade" && resource.type.endsWith(":Schema"))) inputs[key] = value;
  }
  return { ...resource, protect: false, inputs };
}
