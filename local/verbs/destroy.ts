import { rmSync } from "node:fs";
import { type Options, requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT, type ExitStatus, UsageError } from "../../cli/exit-status";
import { interruptible } from "../../cli/interruption";
import { wrapped } from "../../cli/lines";
import { YES } from "../../cli/options";
import { Stages } from "../../cli/stages";
import { MistakeError, messageOf } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { readDeployedApps, readDeployedVisitors } from "../app-secrets";
import { Deployment } from "../engine/deployment";
import { deployedStacks, forgetStacks, type Resource, State } from "../engine/state";
import { PLATFORM, type Platform, platformOf, STACK, stackOf } from "../options";
import { writePgpass } from "../pgpass";
import { isPlatform, noPlatform, type Places } from "../places";
import { startPlatform, stopPlatform } from "../platform";
import { Providers } from "../providers";
import { resultLine } from "../report";
import { withLock } from "../servers/lock";
import { dropCluster } from "../servers/postgres-cluster";
import { installedTools, removeTools } from "../servers/python-tools";
import { stackStage } from "../stack-stage";

const OPTIONS = {
  ...STACK,
  all: { type: "boolean", help: "remove the installed tools too" },
  ...YES,
  ...PLATFORM,
} as const satisfies Options;

/** Whether it was agreed to, from when on something is deleted. */
let isUnderWay = false;

/** What a signal leaves. */
const whatBecame = (): string =>
  isUnderWay ? "what was deleted is gone, and the next destroy goes on from there" : "nothing was changed";

/** What is typed before everything goes. */
const EVERYTHING = "destroy";

/** Deletes everything of a platform, or one stack of it. */
export const DESTROY: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack pr-42",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const stack = stackOf(values);
    const { all, yes } = values;
    if (all && stack !== undefined)
      throw new UsageError("--all removes the tools of all stacks: leave --stack out");
    const platform = platformOf(values);
    const { places } = platform;
    if (isPlatform(places)) {
      return interruptible({ end: whatBecame }, () =>
        withLock(places.lockFile, () =>
          stack === undefined ? destroyAll(platform, all, yes) : destroyStack(platform, stack, yes),
        ),
      );
    }
    console.log(noPlatform(places));
    return all ? destroyTools(places, yes) : EXIT.done;
  },
};

/** Deletes the installed tools alone, where no platform is left. */
async function destroyTools({ toolsDir }: Places, yes: boolean): Promise<ExitStatus> {
  if (installedTools(toolsDir).length === 0) {
    console.log(`There are no tools in ${toolsDir}`);
    return EXIT.done;
  }
  console.log(`The tools in ${toolsDir}\nare deleted`);
  if (!(await isAgreed(EVERYTHING, yes))) return EXIT.failed;
  removeTools(toolsDir);
  console.log("The tools are gone");
  return EXIT.done;
}

/** Deletes one stack through the engine; the servers run on. */
async function destroyStack(platform: Platform, stack: string, yes: boolean): Promise<ExitStatus> {
  const deployed = deployedStacks(platform.places.stateDir);
  if (!deployed.includes(stack)) {
    console.log(wrapped(`${stack} is not deployed; deployed are ${deployed.join(", ") || "none"}`, "", 2));
    return EXIT.done;
  }
  const others = deployed.filter((name) => name !== PROD);
  if (stack === PROD && others.length > 0) {
    throw new MistakeError(
      `prod owns the database of ${others.join(", ")}, too: destroy them first, or everything, without --stack`,
    );
  }
  console.log(
    `The stack ${stack} in ${platform.places.dir}\nis deleted with all of its data, protected or not`,
  );
  if (!(await isAgreed(stack, yes))) return EXIT.failed;
  isUnderWay = true;
  await deleteStacks(platform, [stack]);
  return EXIT.done;
}

/** Deletes the stacks through the engine, in reverse order, then the servers and their data. */
async function destroyAll(platform: Platform, all: boolean, yes: boolean): Promise<ExitStatus> {
  const { places } = platform;
  const found = stacksOf(places);
  console.log(`The platform in ${places.dir}`);
  console.log(wrapped(`is deleted with all of its data, protected or not: ${found.text}`, "", 2));
  if (all) console.log(`and the tools in ${places.toolsDir}`);
  if (!(await isAgreed(EVERYTHING, yes))) return EXIT.failed;
  isUnderWay = true;
  const deleted =
    found.stacks.length === 0 ? Promise.resolve() : deleteStacks(platform, [...found.stacks].reverse());
  // What the engine cannot delete, such as a role that someone made by hand needs, goes with the servers' data.
  await deleted.catch((thrown) => console.log(`${messageOf(thrown)}; it goes with the servers' data`));
  await stopPlatform(places);
  forgetStacks(places.stateDir);
  dropCluster(places);
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
  if (all) removeTools(places.toolsDir);
  const kept = `; the tools are kept in ${places.toolsDir} (--all removes them)`;
  console.log(wrapped(`Nothing is left${all ? "" : kept}`, "", 2));
  return EXIT.done;
}

/** What is deployed; a state that cannot be read keeps nothing from going. */
function stacksOf({ stateDir }: Places): { readonly stacks: readonly string[]; readonly text: string } {
  try {
    const stacks = deployedStacks(stateDir);
    return { stacks, text: stacks.length === 0 ? "no stack" : `the stacks ${stacks.join(", ")}` };
  } catch {
    return { stacks: [], text: "what is deployed cannot be read" };
  }
}

async function deleteStacks({ places, port }: Platform, stacks: readonly string[]): Promise<void> {
  const stages = new Stages();
  const servers = await startPlatform(places, port, stages);
  const providers = new Providers(places, servers);
  try {
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
    const left = [
      await readDeployedApps(providers.aws, places.stateDir),
      await readDeployedVisitors(providers.aws, places.stateDir),
    ];
    writePgpass(places, left.flat());
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
