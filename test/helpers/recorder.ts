import { type Answers, Monitor } from "../../local/engine/monitor";
import type { Declaration } from "../../local/engine/request";
import { type Properties, secret } from "../../local/engine/values";
import { MockedWorld } from "./answers";
import { type Recorded, recordedOf } from "./recorded";

/** What answers a program in place of providers and AWS: records what it declares, and notes what nobody mocked. */
export class Recorder implements Answers {
  /** Every resource that was declared, components too, in order; the stack itself is not among them. */
  readonly resources: Recorded[] = [];
  /** Functions that were called, as their token and inputs. */
  readonly invokes: (readonly [token: string, inputs: Properties])[] = [];

  constructor(private readonly world = new MockedWorld()) {}

  /** What was asked for and is not mocked. */
  get problems(): readonly string[] {
    return this.world.problems;
  }

  /** The engine's end of a program that is recorded. */
  monitor(stack: string, project: string): Monitor {
    return new Monitor(stack, project, this);
  }

  async register(declared: Declaration): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const { type, name, inputs, custom, secretOutputs } = declared;
    if (type !== "pulumi:pulumi:Stack") this.resources.push(recordedOf(declared));
    const { id, outputs } = custom ? this.world.make(type, name, inputs) : { id: "", outputs: {} };
    const made: Properties = { ...inputs, ...outputs };
    for (const key of secretOutputs) if (key in made) made[key] = secret(made[key]);
    return { id, outputs: made };
  }

  async invoke(token: string, inputs: Properties): Promise<Properties> {
    const answer = this.world.call(token, inputs);
    this.invokes.push([token, inputs]);
    return answer;
  }
}
