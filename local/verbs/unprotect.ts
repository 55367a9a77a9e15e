import type { Options } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT, UsageError } from "../../cli/exit-status";
import { YES } from "../../cli/options";
import { MistakeError } from "../../infra/mistake";
import { namesOf, PROJECT } from "../../infra/names";
import { deployedStacks, type Resource, State } from "../engine/state";
import { PLATFORM, platformOf, STACK, stackOf } from "../options";
import { isPlatform, noPlatform } from "../places";
import { withLock } from "../servers/lock";

const OPTIONS = {
  ...STACK,
  all: { type: "boolean", help: "everything of the stack that --stack names" },
  ...YES,
  ...PLATFORM,
} as const satisfies Options;

/** What is unprotected: resources by URN, an app in an environment, or all of a stack. */
type Wanted =
  | { readonly urns: readonly string[] }
  | { readonly app: string; readonly environment: string }
  | { readonly all: true };

/** Takes the protection off resources, in the state alone, as `pulumi state unprotect` does. */
export const UNPROTECT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  notes:
    "Nothing is deleted. The next up deletes what its stack's file does not declare any more, and protects again " +
    "what it does. On AWS `npx pulumi state unprotect` does it, by URN; docs/runbook.md has the order in which an " +
    "app is removed.",
  example: "wms prod",
  async run({ values, positionals }) {
    const wanted = wantedOf(positionals, values.all);
    const named = stackOf(values);
    if ("all" in wanted && named === undefined)
      throw new UsageError("--all needs --stack, such as --stack prod");
    const { places } = platformOf(values);
    // The lock would make the folder.
    if (!isPlatform(places)) throw new MistakeError(noPlatform(places));
    return withLock(places.lockFile, async () => {
      const stack =
        named === undefined ? stackWith(wanted, places.stateDir) : deployedOne(named, places.stateDir);
      const state = State.read(places.stateDir, stack);
      const found = resourcesOf(wanted, stack, state).filter(({ protect }) => protect);
      if (found.length === 0) {
        console.log(`Nothing of it is protected in ${stack}`);
        return EXIT.done;
      }
      console.log(`The protection of these is taken off, in the state of ${stack} alone:`);
      for (const { urn } of found) console.log(`  ${urn}`);
      if (!(await isAgreed(stack, values.yes))) return EXIT.failed;
      for (const resource of found) state.record({ put: { ...resource, protect: false } });
      console.log("Done; an up whose file still declares them protects them again. On AWS it is");
      console.log(
        [`npx pulumi state unprotect --stack ${stack}`, ...found.map(({ urn }) => `'${urn}'`)].join(
          " \\\n  ",
        ),
      );
      return EXIT.done;
    });
  },
};

function wantedOf(words: readonly string[], all: boolean): Wanted {
  if (all && words.length === 0) return { all };
  if (!all && words.length > 0 && words.every((word) => word.startsWith("urn:"))) return { urns: words };
  const [app, environment, ...more] = words;
  if (!all && app !== undefined && environment !== undefined && more.length === 0)
    return { app, environment };
  throw new UsageError("usage: unprotect <urn>…, or <app> <environment>, or --all --stack <stack>");
}

/** A stack that is named. @throws {MistakeError} when it is not deployed */
function deployedOne(stack: string, stateDir: string): string {
  const deployed = deployedStacks(stateDir);
  if (deployed.includes(stack)) return stack;
  throw new MistakeError(`${stack} is not deployed: deployed are ${deployed.join(", ") || "no stacks"}`);
}

/** The stack that has what is wanted. @throws {MistakeError} when none has */
function stackWith(wanted: Wanted, stateDir: string): string {
  const deployed = deployedStacks(stateDir);
  const isIn = (stack: string): boolean => {
    const { resources } = State.read(stateDir, stack);
    return "urns" in wanted
      ? wanted.urns.some((urn) => resources.has(urn))
      : "app" in wanted && resources.has(componentUrn(stack, wanted));
  };
  const found = deployed.find(isIn);
  if (found !== undefined) return found;
  const what = "app" in wanted ? `no ${wanted.app} in ${wanted.environment}` : "no such resource";
  throw new MistakeError(`there is ${what}: deployed are ${deployed.join(", ") || "no stacks"}`);
}

/** Type of what groups an app's resources. */
const APP = "portal-db:index:AppSchema";

function componentUrn(
  stack: string,
  { app, environment }: { readonly app: string; readonly environment: string },
) {
  return `urn:pulumi:${stack}::${PROJECT}::${APP}::${namesOf(app, environment).component}`;
}

/** @throws {MistakeError} for what the stack does not have */
function resourcesOf(wanted: Wanted, stack: string, { resources }: State): readonly Resource[] {
  if ("all" in wanted) return [...resources.values()];
  const urns = "urns" in wanted ? wanted.urns : [componentUrn(stack, wanted)];
  const unknown = urns.filter((urn) => !resources.has(urn));
  if (unknown.length > 0) {
    const what =
      "app" in wanted ? `${wanted.app} in ${wanted.environment}` : `resource ${unknown.join(", ")}`;
    throw new MistakeError(`${stack} has no ${what}`);
  }
  if ("urns" in wanted) return [...resources.values()].filter(({ urn }) => urns.includes(urn));
  return [...resources.values()].filter(
    ({ type, urn, needs }) =>
      urn.includes(`::${APP}$${type}::`) && needs.some((needed) => urns.includes(needed)),
  );
}
