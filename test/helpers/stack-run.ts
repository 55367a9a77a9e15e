import * as pulumi from "@pulumi/pulumi";
import { PROJECT } from "../../infra/names";
import type { Properties } from "../../local/engine/values";
import { declareStack } from "../../stacks/program";
import { CHECKOUT } from "./process";
import type { Recorded } from "./recorded";
import { Recorder } from "./recorder";
import { type Overrides, settingsOf } from "./settings";

/** Everything that a program declared. */
export class StackRun {
  /** @param outputs of the stack; secrets are wrapped */
  constructor(
    private readonly recorder: Recorder,
    readonly outputs: Properties,
  ) {}

  /** Components and resources in order of declaration. */
  get resources(): readonly Recorded[] {
    return this.recorder.resources;
  }

  /** Functions that were called, as their token and inputs. */
  get invokes(): readonly (readonly [token: string, inputs: Properties])[] {
    return this.recorder.invokes;
  }

  /** Identities of all components and resources, sorted. */
  get identities(): string[] {
    return this.resources.map(({ identity }) => identity).sort();
  }

  /** The same under their parents; those of no component stand under `stack`. */
  get identitiesByParent(): Record<string, string[]> {
    const byParent: Record<string, string[]> = {};
    for (const identity of this.identities) {
      const { parent = "" } = this.resources.find((r) => r.identity === identity) ?? {};
      const key = parent.startsWith("pulumi:pulumi:Stack::") ? "stack" : parent;
      byParent[key] = [...(byParent[key] ?? []), identity];
    }
    return byParent;
  }

  /** What a function says of every custom resource, by logical name; those of which it says undefined are left out. */
  byName<T>(of: (resource: Recorded) => T | undefined): Record<string, T> {
    const entries = this.resources.filter((r) => r.custom).map((r) => [r.name, of(r)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
  }

  /** Resources of a type, sorted by name. */
  ofType(type: string): Recorded[] {
    return this.resources.filter((r) => r.type === type).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The one resource of a logical name; components do not count. @throws when there is not exactly one */
  the(name: string): Recorded {
    const [found, another] = this.resources.filter((r) => r.custom && r.name === name);
    if (found === undefined || another !== undefined) throw new Error(`not exactly one resource ${name}`);
    return found;
  }
}

/**
 * Runs what a function declares in this process, with answers in place of providers and AWS.
 * @throws what the function throws, or an error that lists every type and function that nobody mocked
 */
export async function runProgram(
  stack: string,
  settings: Readonly<Record<string, string>>,
  declare: () => Promise<Record<string, unknown>> | Record<string, unknown>,
): Promise<StackRun> {
  const recorder = new Recorder();
  const monitor = recorder.monitor(stack, PROJECT);
  const address = await monitor.listen();
  // One resource at a time, so that they come in the same order each time.
  pulumi.runtime.resetOptions(PROJECT, stack, 1, address, address, false, "organization");
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value])),
  );
  let thrown: unknown;
  // A program that throws is caught here: the SDK would leave promises behind that reject with no one to handle them.
  const declareOnce = async () => {
    try {
      return await declare();
    } catch (error) {
      thrown = error;
      return {};
    }
  };
  await pulumi.runtime.runInPulumiStack(declareOnce);
  await pulumi.runtime.disconnect();
  await monitor.close();
  if (thrown !== undefined) throw thrown;
  if (recorder.problems.length > 0) throw new Error(recorder.problems.join("; "));
  return new StackRun(recorder, monitor.outputs);
}

/** Runs by stack and what was replaced. */
const runs = new Map<string, Promise<StackRun>>();

/**
 * Runs a stack's program with its committed settings and some replaced: once in a test file, since the same settings
 * declare the same. What it gives cannot be changed.
 */
export function runStack(stack: string, overrides: Overrides = {}): Promise<StackRun> {
  const key = JSON.stringify([stack, overrides]);
  const known = runs.get(key);
  if (known !== undefined) return known;
  const run = runProgram(stack, settingsOf(stack, overrides), () => declareStack(stack, CHECKOUT)).then(
    frozen,
  );
  runs.set(key, run);
  return run;
}

/** Freezes what the cases of a file share, so that none changes what another one sees. */
function frozen(run: StackRun): StackRun {
  for (const part of [run.resources, run.outputs, run.invokes]) freeze(part);
  return run;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
