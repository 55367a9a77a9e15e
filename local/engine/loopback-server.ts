import {
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { messageOf } from "../../infra/mistake";

/** What answers a call: the reply to a request. An error of it is the caller's, by its message alone. */
// biome-ignore lint/suspicious/noExplicitAny: each method has message types of its own, which the service knows.
type Method = (request: any) => unknown;

/** Answers to a service's methods, by their names. */
export type Methods = Readonly<Record<string, Method>>;

/** As much as the SDK and the CLI let a message have: a large stack's is over gRPC's own four megabytes. */
const MESSAGE_BYTES = 400 * 1024 * 1024;

/** Services of Pulumi's protocol on a loopback port. What a service knows and nobody answers is "unimplemented". */
export class LoopbackServer {
  private readonly server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES,
    "grpc.max_send_message_length": MESSAGE_BYTES,
  });

  /** Answers some methods of a service. */
  add(service: ServiceDefinition, methods: Methods): void {
    const missing = (name: string) => () => {
      throw Object.assign(new Error(`${name} is not answered here`), { code: status.UNIMPLEMENTED });
    };
    const handlers = Object.entries(service).map(([name, { responseStream }]) => {
      const method = methods[name] ?? missing(name);
      return [name, responseStream ? empty(method) : unary(method)];
    });
    this.server.addService(service, Object.fromEntries(handlers) as UntypedServiceImplementation);
  }

  /** @returns where it listens, as `host:port` */
  listen(): Promise<string> {
    return new Promise((done, fail) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? done(`127.0.0.1:${port}`) : fail(error),
      );
    });
  }

  /** Ends every connection. */
  close(): void {
    this.server.forceShutdown();
  }
}

type Done = (error: Partial<ServiceError> | null, reply?: unknown) => void;

async function answer(method: Method, request: unknown, done: Done): Promise<void> {
  try {
    done(null, await method(request));
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "number";
    done({ code: code ? (thrown as ServiceError).code : status.UNKNOWN, details: messageOf(thrown) });
  }
}

function unary(method: Method): UntypedServiceImplementation[string] {
  return (call: { readonly request: unknown }, done: Done) => answer(method, call.request, done);
}

/** A stream of replies has none, and ends when the work is done: nothing here is said on the way. */
function empty(method: Method): UntypedServiceImplementation[string] {
  return (call: ServerWritableStream<unknown, unknown>) =>
    answer(method, call.request, (error) => (error === null ? call.end() : call.emit("error", error)));
}
