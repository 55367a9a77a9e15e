import { MistakeError } from "../../infra/mistake";
import { diffOf } from "./diff";
import { GROUP, type HandlerOf } from "./handler";
import {
  create,
  type Registered,
  readAgain,
  removalsOf,
  removeFromServer,
  replace,
  update,
  type Work,
} from "./operations";
import { type Declaration, ignoring, kept } from "./request";
import type { Resource, State } from "./state";
import type { Step } from "./step";
import { changedNames } from "./values";

/** How a deployment goes about its steps. */
export interface DeploymentOptions {
  /** Only plan: no handler is called and no state written. */
  readonly preview: boolean;
  /** Called with each step when it is done, or planned. */
  readonly onStep?: (step: Step) => void;
}

/** Brings the resources of one stack, one at a time, to what the program declares. */
export class Deployment {
  readonly steps: Step[] = [];
  private readonly declaredUrns = new Set<string>();
  private readonly work: Work;

  constructor(
    private readonly state: State,
    private readonly handlerOf: HandlerOf,
    private readonly options: DeploymentOptions,
  ) {
    const report: Work["report"] = (op, of, diff) => this.step(op, of, diff);
    this.work = { state, handlerOf, preview: options.preview, report };
  }

  /** Takes one resource of the program. */
  async register(declared: Declaration): Promise<Registered> {
    if (this.declaredUrns.has(declared.urn)) throw new MistakeError(`duplicate resource URN ${declared.urn}`);
    this.declaredUrns.add(declared.urn);
    // What hangs on such a thing would have to be made anew with it: a login by IAM, which there is none of here.
    const isAnother =
      (this.state.resources.get(declared.urn)?.trigger ?? declared.trigger) !== declared.trigger;
    if (declared.isMadeAnew || isAnother) {
      const option = isAnother ? "replacementTrigger" : "replaceOnChanges";
      throw new MistakeError(`the local platform does not heed the option ${option}`);
    }
    const handler = declared.custom ? this.handlerOf(declared.type) : GROUP;
    const old = this.known(declared);
    if (old === undefined) {
      const made = declared.importId === "" ? declared : ignoring(declared, undefined);
      return create(this.work, made, handler, "create");
    }
    const wanted = ignoring(declared, old);
    const diff = diffOf(handler, old.inputs, wanted.inputs);
    if (diff.replaces.length > 0) return replace(this.work, wanted, handler, old, diff);
    if (diff.names.length > 0) return update(this.work, wanted, handler, old, diff.names);
    const outputs = this.options.preview ? old.outputs : await readAgain(this.work, handler, old);
    const same = { ...old, ...kept(wanted), outputs };
    if (!this.options.preview && changedNames({ ...old }, { ...same }).length > 0)
      this.state.record({ put: same });
    this.step("same", wanted);
    return { id: old.id, outputs };
  }

  /** The resource as the state has it, under its own URN or under one that it had before. */
  private known({ urn, aliases }: Declaration): Resource | undefined {
    const { resources } = this.state;
    const former = resources.has(urn) ? undefined : aliases.find((alias) => resources.has(alias));
    if (former === undefined) return resources.get(urn);
    if (this.options.preview) {
      this.declaredUrns.add(former);
      return resources.get(former);
    }
    this.state.record({ rename: former, to: urn });
    return resources.get(urn);
  }

  /** Deletes what the program declares no longer, and the old halves of replacements, in reverse order. */
  async finish(): Promise<void> {
    for (const resource of removalsOf(this.state, this.declaredUrns)) {
      const isCondemned = this.state.condemned.includes(resource);
      const { urn, id } = resource;
      if (!this.options.preview) {
        await removeFromServer(this.state, resource, this.handlerOf);
        this.state.record(isCondemned ? { drop: urn, id } : { drop: urn });
        if (!isCondemned && resource.custom && this.handlerOf(resource.type).isRestorable)
          this.state.record({ begin: urn, seed: resource.seed });
      }
      if (!isCondemned) this.step("delete", resource);
    }
    if (this.options.preview) return;
    this.state.save();
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
