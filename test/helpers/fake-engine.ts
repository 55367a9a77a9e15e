import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  type LogRequest,
  LogSeverity,
  type SetRootResourceRequest,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { messageOf } from "../../infra/mistake";
import { urnOf } from "../../local/engine/request";
import { opened, type Properties } from "../../local/engine/values";
import { type Differences, MockedWorld } from "./answers";

const FEATURES = ["secrets", "resourceReferences", "outputValues"];

const struct = (properties: Properties) =>
  Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);

/** Answers one call. */
function unary<Q, A>(answerOf: (request: Q) => A): handleUnaryCall<Q, A> {
  return (call, done) => {
    try {
      done(null, answerOf(call.request));
    } catch (thrown) {
      done({ code: status.UNKNOWN, details: messageOf(thrown) });
    }
  };
}

/** The engine's two services on a loopback port, for the SDK's own Node host; it makes nothing. */
export class FakeEngine {
  /** What every resource was given, secrets opened, by `type::name`; the stack itself is not among them. */
  readonly inputs = new Map<string, Properties>();
  /** What the host logged as an error. */
  readonly errors: string[] = [];
  private rootUrn = "";
  private readonly world: MockedWorld;
  private readonly server = new Server();

  constructor(
    private readonly stack: string,
    private readonly project: string,
    preview: boolean,
    differences: Differences,
  ) {
    this.world = new MockedWorld(preview, differences);
    this.serve(ResourceMonitorService, {
      supportsFeature: unary((request: SupportsFeatureRequest) =>
        new SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
      ),
      registerResource: unary(this.register),
      registerResourceOutputs: unary(() => new Empty()),
      invoke: unary((request: ResourceInvokeRequest) => {
        const inputs = (request.getArgs()?.toJavaScript() ?? {}) as Properties;
        return new InvokeResponse().setReturn(struct(this.world.call(request.getTok(), inputs)));
      }),
      signalAndWaitForShutdown: unary(() => new Empty()),
    });
    this.serve(EngineService, {
      log: unary((request: LogRequest) => {
        if (request.getSeverity() === LogSeverity.ERROR) this.errors.push(request.getMessage());
        return new Empty();
      }),
      getRootResource: unary(() => new GetRootResourceResponse().setUrn(this.rootUrn)),
      setRootResource: unary((request: SetRootResourceRequest) => {
        this.rootUrn = request.getUrn();
        return new SetRootResourceResponse();
      }),
    });
  }

  /** @returns where it listens */
  start(): Promise<string> {
    return new Promise((done, fail) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? done(`127.0.0.1:${port}`) : fail(error),
      );
    });
  }

  /** What was asked for and is not mocked. */
  get problems(): readonly string[] {
    return this.world.problems;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private readonly register = (request: RegisterResourceRequest): RegisterResourceResponse => {
    const [type, name] = [request.getType(), request.getName()];
    const wire = (request.getObject()?.toJavaScript() ?? {}) as Properties;
    const identity = `${type}::${name}`;
    if (this.inputs.has(identity)) throw new Error(`duplicate resource ${identity}`);
    if (type !== "pulumi:pulumi:Stack") this.inputs.set(identity, opened(wire));
    const { id, outputs } = request.getCustom() ? this.world.make(type, name, wire) : { id: "", outputs: {} };
    return new RegisterResourceResponse()
      .setUrn(urnOf(this.stack, this.project, request.getParent(), type, name))
      .setId(id)
      .setObject(struct({ ...wire, ...outputs }));
  };

  private serve(service: ServiceDefinition, answers: UntypedServiceImplementation): void {
    const unexpected = (name: string) =>
      unary(() => {
        throw new Error(`the host called ${name}, which nobody expects`);
      });
    const all = Object.keys(service).map((name) => [name, answers[name] ?? unexpected(name)]);
    this.server.addService(service, Object.fromEntries(all) as UntypedServiceImplementation);
  }
}
