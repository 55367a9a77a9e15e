import * as pulumi from "@pulumi/pulumi";
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { urnOf } from "../../local/engine/request";
import { type Properties, secret } from "../../local/engine/values";
import { MockedWorld } from "./answers";
import { identityOf, type Recorded, recordedOf } from "./recorded";

type Reply = (error: Error | null, reply: Readonly<Record<string, () => unknown>>) => void;

const struct = (properties: Properties) => ({ toJavaScript: () => properties });

/** The engine's end of the SDK: records what a program declares, and fails on what nobody mocked. */
export class Recorder {
  /** Every resource that was declared, components too, in order; the stack itself is not among them. */
  readonly resources: Recorded[] = [];
  /** Functions that were called, as their token and inputs. */
  readonly invokes: (readonly [token: string, inputs: Properties])[] = [];
  /** The stack's outputs; secrets are wrapped. */
  outputs: Properties = {};
  private readonly world = new MockedWorld();

  constructor(
    private readonly stack: string,
    private readonly project: string,
  ) {}

  /** What was asked for and is not mocked. */
  get problems(): readonly string[] {
    return this.world.problems;
  }

  /** Makes the SDK of this process talk to the recorder. */
  async connect(preview = false): Promise<void> {
    const unused = () => {
      throw new Error("the recorder answers by itself");
    };
    const mocks = { newResource: unused, call: unused };
    await pulumi.runtime.setMocks(mocks, this.project, this.stack, preview, "organization");
    const { registerResource, readResource, invoke, registerResourceOutputs } = this;
    const monitor: object = pulumi.runtime.getMonitor() ?? {};
    Object.assign(monitor, { registerResource, readResource, invoke, registerResourceOutputs });
  }

  private readonly registerResource = (request: RegisterResourceRequest, reply: Reply): void => {
    const [type, name] = [request.getType(), request.getName()];
    const wire = (request.getObject()?.toJavaScript() ?? {}) as Properties;
    if (type !== "pulumi:pulumi:Stack") this.resources.push(recordedOf(request));
    const { id, outputs } = request.getCustom() ? this.world.make(type, name, wire) : { id: "", outputs: {} };
    const made: Properties = { ...wire, ...outputs };
    for (const key of request.getAdditionalsecretoutputsList()) {
      if (key in made) made[key] = secret(made[key]);
    }
    reply(null, {
      getUrn: () => urnOf(this.stack, this.project, request.getParent(), type, name),
      getId: () => id,
      getObject: () => struct(made),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
    });
  };

  private readonly readResource = (request: ReadResourceRequest, reply: Reply): void => {
    this.world.problems.push(`reading ${request.getType()} ${request.getId()} is not mocked`);
    reply(null, { getUrn: () => "", getProperties: () => struct({}) });
  };

  private readonly invoke = (request: ResourceInvokeRequest, reply: Reply): void => {
    const token = request.getTok();
    const inputs = (request.getArgs()?.toJavaScript() ?? {}) as Properties;
    const answer = this.world.call(token, inputs);
    this.invokes.push([token, inputs]);
    reply(null, { getReturn: () => struct(answer), getFailuresList: () => [] });
  };

  private readonly registerResourceOutputs = (
    request: RegisterResourceOutputsRequest,
    reply: Reply,
  ): void => {
    if (identityOf(request.getUrn()).startsWith("pulumi:pulumi:Stack::")) {
      this.outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Properties;
    }
    reply(null, {});
  };
}
