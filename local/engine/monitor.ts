import { stripVTControlCharacters } from "node:util";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type ReadResourceRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  ResourceInvokeResponse,
  type SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { MistakeError, messageOf } from "../../infra/mistake";
import { LoopbackServer } from "./loopback-server";
import type { Registered } from "./operations";
import { type Declaration, declaredBy } from "./request";
import { fromWire, type Properties, toWire } from "./values";

/** What answers a program: where its resources go, and what it looks up. */
export interface Answers {
  /** Takes a resource. An error stops the program. */
  register(declared: Declaration): Promise<Registered>;
  /** Result of a provider's function. An error is the program's to handle. */
  invoke(token: string, inputs: Properties): Promise<Properties>;
}

/** What the SDK asks for by name before it uses it; that secrets are kept as such is all that is done here. */
const FEATURES = ["secrets"];

/**
 * The engine's end of one program: its services `ResourceMonitor` and `Engine` (pulumi/pulumi, `proto/pulumi`), as the
 * Pulumi CLI serves them. Requests are taken one after another, and none after the first failure.
 */
export class Monitor {
  /** The stack's outputs, secrets wrapped. */
  outputs: Properties = {};
  /** What the program and its host logged as errors. */
  readonly errors: string[] = [];
  /** The first failure, naming its resource. */
  failure: Error | undefined;
  /** Called at the first failure. */
  onFailure: () => void = () => {};
  private readonly server = new LoopbackServer();
  private last: Promise<unknown>;

  /** @param after what has to end well before the first request is taken */
  constructor(
    private readonly stack: string,
    private readonly project: string,
    private readonly answers: Answers,
    after: Promise<unknown> = Promise.resolve(),
  ) {
    this.last = after.catch((thrown) => this.fail(thrown));
    this.server.add(ResourceMonitorService, {
      supportsFeature: (request: SupportsFeatureRequest) =>
        new SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
      registerResource: (request: RegisterResourceRequest) => this.queued(() => this.register(request)),
      registerResourceOutputs: (request: RegisterResourceOutputsRequest) => this.takeOutputs(request),
      readResource: (request: ReadResourceRequest) => this.queued(() => this.refuseRead(request)),
      invoke: (request: ResourceInvokeRequest) => this.queued(() => this.invoke(request)),
      signalAndWaitForShutdown: () => new Empty(),
    });
    this.server.add(EngineService, {
      log: (request: LogRequest) => this.log(request),
      setRootResource: () => new SetRootResourceResponse(),
    });
  }

  /** @returns where it listens */
  listen(): Promise<string> {
    return this.server.listen();
  }

  /** Takes no further request, and waits for the one at work. */
  async close(): Promise<void> {
    this.failure ??= new MistakeError(`the program of ${this.stack} has ended`);
    await this.last;
    this.server.close();
  }

  private async register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    try {
      const declared = declaredBy(request, this.stack, this.project);
      const { id, outputs } = await this.answers.register(declared);
      return new RegisterResourceResponse().setUrn(declared.urn).setId(id).setObject(toWire(outputs));
    } catch (thrown) {
      const what = `${request.getType()} ${request.getName()}`;
      throw this.fail(new MistakeError(`${what} failed: ${messageOf(thrown)}`));
    }
  }

  private refuseRead(request: ReadResourceRequest): never {
    const what = `${request.getType()} ${request.getName()}`;
    throw this.fail(
      new MistakeError(`${what} failed: reading what exists is not something the local platform can do`),
    );
  }

  private async invoke(request: ResourceInvokeRequest): Promise<ResourceInvokeResponse> {
    const result = await this.answers.invoke(request.getTok(), fromWire(request.getArgs()));
    return new ResourceInvokeResponse().setReturn(toWire(result));
  }

  private takeOutputs(request: RegisterResourceOutputsRequest): Empty {
    if (request.getUrn().includes("::pulumi:pulumi:Stack::")) this.outputs = fromWire(request.getOutputs());
    return new Empty();
  }

  private log(request: LogRequest): Empty {
    const [severity, message] = [request.getSeverity(), stripVTControlCharacters(request.getMessage())];
    if (severity === LogSeverity.ERROR) this.errors.push(message);
    else if (severity !== LogSeverity.DEBUG) console.error(message);
    return new Empty();
  }

  private fail(thrown: unknown): Error {
    if (this.failure === undefined) {
      this.failure = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
      this.onFailure();
    }
    return this.failure;
  }

  private queued<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.last.then(() => {
      if (this.failure !== undefined) throw this.failure;
      return work();
    });
    this.last = done.catch(() => {});
    return done;
  }
}
