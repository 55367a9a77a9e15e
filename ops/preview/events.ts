import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { EventsService, type IEventsServer } from "@pulumi/pulumi/proto/events_grpc_pb";
import type { EventRequest } from "@pulumi/pulumi/proto/events_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** What a rule of the policy pack says of a resource, as the engine's log of events has it. */
export interface Violation {
  readonly resourceUrn?: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
  /** The rule's description, and below it the problem. */
  readonly message: string;
}

/**
 * Listens to the engine's events while it runs, and keeps what the policy pack says. The rest is not even parsed, and
 * nothing goes into a file: debug messages among the events hold passwords.
 * @param use gets the address for the engine's `--event-log`
 */
export async function withViolations<T>(
  use: (address: string) => Promise<T>,
): Promise<readonly [ended: T, violations: readonly Violation[]]> {
  const violations: Violation[] = [];
  const keep = (event: string): void => {
    if (!event.includes('"policyEvent"')) return;
    const { policyEvent } = JSON.parse(event) as { readonly policyEvent?: Violation };
    if (policyEvent !== undefined) violations.push(policyEvent);
  };
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  const handlers: IEventsServer = {
    streamEvents: (call, done) => {
      call.on("data", (request: EventRequest) => keep(request.getEvent()));
      call.on("end", () => done(null, new Empty()));
    },
  };
  server.addService(EventsService, handlers as unknown as UntypedServiceImplementation);
  const port = await new Promise<number>((done, fail) => {
    const bound = (thrown: Error | null, free: number) => (thrown === null ? done(free) : fail(thrown));
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), bound);
  });
  try {
    return [await use(`tcp://127.0.0.1:${port}`), violations];
  } finally {
    server.forceShutdown();
  }
}
