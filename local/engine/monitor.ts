import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { MistakeError, messageOf } from "../../infra/mistake";
import type { Deployment } from "./deployment";
import { declaredBy } from "./request";
import type { Properties } from "./values";

/** What the SDK reads from an answer. */
type Answer = (
  error: (Error & { details?: string }) | null,
  reply?: Readonly<Record<string, () => unknown>>,
) => void;

/** Answers what a program asks besides declaring resources. */
export interface Lookups {
  /** Result of a provider's function. @throws {MistakeError} that names one it does not know */
  invoke(token: string, inputs: Properties): Promise<Properties>;
}

const struct = (properties: Properties) => ({ toJavaScript: () => properties });

/** The engine's end of the SDK: takes requests one after another, and none after the first failure. */
export class Monitor {
  /** The first failure, naming its resource. */
  private failure: Error | undefined;
  /** The stack's outputs, secrets wrapped. */
  outputs: Properties = {};
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly stack: string,
    private readonly project: string,
    private readonly deployment: Deployment,
    private readonly lookups: Lookups,
  ) {}

  readonly registerResource = (request: RegisterResourceRequest, answer: Answer): void => {
    const declared = declaredBy(request, this.stack, this.project);
    this.queue(answer, `${declared.type} ${declared.name}`, async () => {
      const { id, outputs } = await this.deployment.register(declared);
      return {
        getUrn: () => declared.urn,
        getId: () => id,
        getObject: () => struct(outputs),
        getPropertydependenciesMap: () => undefined,
        getResult: () => 0,
      };
    });
  };

  readonly readResource = (request: ReadResourceRequest, answer: Answer): void => {
    const type = request.getType();
    this.queue(answer, `${type} ${request.getName()}`, async () => {
      throw new MistakeError(`reading an existing ${type} is not something the local platform can do`);
    });
  };

  readonly invoke = (request: ResourceInvokeRequest, answer: Answer): void => {
    this.queue(answer, request.getTok(), async () => {
      const inputs = (request.getArgs()?.toJavaScript() ?? {}) as Properties;
      const result = await this.lookups.invoke(request.getTok(), inputs);
      return { getReturn: () => struct(result), getFailuresList: () => [] };
    });
  };

  readonly registerResourceOutputs = (request: RegisterResourceOutputsRequest, answer: Answer): void => {
    if (request.getUrn().includes("::pulumi:pulumi:Stack::")) {
      this.outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Properties;
    }
    answer(null, {});
  };

  /**
   * Takes no further request, and waits for the one at work.
   * @returns the first failure of a resource, or else the program's own
   */
  async stop(ownFailure: Error): Promise<Error> {
    this.failure ??= ownFailure;
    await this.last;
    return this.failure;
  }

  private queue(
    answer: Answer,
    what: string,
    work: () => Promise<Readonly<Record<string, () => unknown>>>,
  ): void {
    this.last = this.last.then(async () => {
      try {
        if (this.failure !== undefined) throw this.failure;
        answer(null, await work());
      } catch (thrown) {
        this.failure ??= new MistakeError(`${what} failed: ${messageOf(thrown)}`);
        answer(Object.assign(new Error(this.failure.message), { details: this.failure.message }));
      }
    });
  }
}
