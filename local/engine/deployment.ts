import { randomBytes } from "node:crypto";
import { PersonError } from "../person-error";
import { changedNames } from "./diff";
import type { Handler, Made } from "./handler";
import { GROUP, type HandlerOf } from "./handler-of";
import { callFor, removalsOf, removeFromServer } from "./removal";
import { type Declared, ignoring, kept } from "./request";
import type { Resource } from "./resource";
import type { State } from "./state";
import type { Step } from "./step";
import { opened, type Properties, UNKNOWN_VALUE, withSecrets } from "./values";

/** How a deployment goes about its steps. */
export interface DeploymentOptions {
  /** Only plan: no handler is called and no state written. */
  readonly preview: boolean;
  /** Called with each step when it is done, or planned. */
  readonly onStep?: (step: Step) => void;
}

/** What the program is told about a resource. */
export interface Registered {
  readonly id: string;
  readonly outputs: Properties;
}

/** Brings the resources of one stack, one at a time, to what the program declares. */
export class Deployment {
  readonly steps: Step[] = [];
  private readonly declaredUrns = new Set<string>();

  constructor(
    private readonly state: State,
    private readonly handlerOf: HandlerOf,
    private readonly options: DeploymentOptions,
  ) {}

  /** Takes one resource of the program. */
  async register(declared: Declared): Promise<Registered> {
    if (this.declaredUrns.has(declared.urn)) throw new PersonError(`duplicate resource URN ${declared.urn}`);
    this.declaredUrns.add(declared.urn);
    const handler = declared.custom ? this.handlerOf(declared.type) : GROUP;
    const old = this.state.resources.get(declared.urn);
    if (old === undefined) return this.create(declared, handler, "create");
    const wanted = ignoring(declared, old);
    const diff = changedNames(old.inputs, wanted.inputs, handler.sets);
    const { replaceOn } = handler;
    if (replaceOn === true ? diff.length > 0 : diff.some((key) => replaceOn.includes(key)))
      return this.replace(wanted, handler, old, diff);
    if (diff.length > 0) return this.update(wanted, handler, old, diff);
    const same = { ...old, ...kept(wanted) };
    if (!this.options.preview && changedNames({ ...old }, { ...same }).length > 0)
      this.state.record({ put: same });
    this.step("same", wanted);
    return { id: old.id, outputs: old.outputs };
  }

  /** Deletes what the program declares no longer, and the old halves of replacements, in reverse order. */
  async finish(): Promise<void> {
    for (const resource of removalsOf(this.state, this.declaredUrns)) {
      const isCondemned = this.state.condemned.includes(resource);
      const { urn, id } = resource;
      if (!this.options.preview) {
        await removeFromServer(this.state, resource, this.handlerOf);
        this.state.record(isCondemned ? { drop: urn, id } : { drop: urn });
      }
      if (!isCondemned) this.step("delete", resource);
    }
    if (this.options.preview) return;
    this.state.begun.clear();
    this.state.save();
  }

  private async create(
    declared: Declared,
    handler: Handler,
    op: "create" | "replace",
    diff?: readonly string[],
  ) {
    const { urn, inputs } = declared;
    if (this.options.preview) {
      this.step(op, declared, diff);
      return { id: "", outputs: inputs };
    }
    const seed = this.state.begun.get(urn) ?? randomBytes(8).toString("hex");
    if (handler.home !== undefined) this.state.record({ begin: urn, seed });
    const made = await handler.create(opened(inputs), callFor(this.state, declared, seed));
    const resource = this.resource(declared, made, seed);
    this.state.record({ put: resource, replaces: op === "replace" });
    this.step(op, declared, diff);
    return { id: resource.id, outputs: resource.outputs };
  }

  private async update(declared: Declared, handler: Handler, old: Resource, diff: readonly string[]) {
    if (this.options.preview) {
      this.step("update", declared, diff);
      const unsure = Object.fromEntries(diff.map((key) => [key, declared.inputs[key] ?? UNKNOWN_VALUE]));
      return { id: old.id, outputs: { ...old.outputs, ...unsure } };
    }
    const before = { id: old.id, inputs: opened(old.inputs), outputs: opened(old.outputs) };
    const call = callFor(this.state, declared, old.seed);
    const made = (await handler.update?.(before, opened(declared.inputs), call)) ?? {
      id: old.id,
      outputs: { ...before.outputs, ...opened(declared.inputs) },
    };
    const resource = this.resource(declared, made, old.seed);
    this.state.record({ put: resource });
    this.step("update", declared, diff);
    return { id: resource.id, outputs: resource.outputs };
  }

  private async replace(declared: Declared, handler: Handler, old: Resource, diff: readonly string[]) {
    if (old.protect) {
      throw new PersonError(
        `unable to replace resource "${old.urn}" as it is currently marked for protection`,
      );
    }
    // Two resources cannot have one name at a time, so the old one goes first, as with the official providers.
    const sameName = old.inputs.name !== undefined && !diff.includes("name");
    if ((declared.deleteBeforeReplace || sameName) && !this.options.preview) {
      await removeFromServer(this.state, old, this.handlerOf);
      this.state.record({ drop: old.urn });
    }
    return this.create(declared, handler, "replace", diff);
  }

  private resource(declared: Declared, made: Made, seed: string): Resource {
    const outputs = withSecrets(made.outputs, declared.inputs, declared.secretOutputs);
    return {
      ...kept(declared),
      custom: declared.custom,
      id: made.id,
      inputs: declared.inputs,
      outputs,
      seed,
    };
  }

  private step(
    op: Step["op"],
    of: { urn: string; type: string; name: string },
    diff?: readonly string[],
  ): void {
    const step: Step = {
      op,
      urn: of.urn,
      type: of.type,
      name: of.name,
      ...(diff === undefined ? {} : { diff }),
    };
    this.steps.push(step);
    this.options.onStep?.(step);
  }
}
