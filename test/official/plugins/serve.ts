import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { messageOf } from "../../../infra/mistake";

/** As the CLI's own limit: a large stack's state is one message. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** Answers one call; what it throws is the caller's error, in its words alone. */
export function answering<Q, A>(answerOf: (request: Q) => Promise<A>): handleUnaryCall<Q, A> {
  return (call, done) => {
    answerOf(call.request).then(
      (answer) => done(null, answer),
      (thrown: unknown) => done({ code: status.UNKNOWN, details: messageOf(thrown) }),
    );
  };
}

/**
 * Serves a plugin's service as the Pulumi CLI expects it: on a loopback port, which is the first line that it prints. It
 * ends when the CLI does, whose end of standard input closes then, or it would outlive a CLI that was killed.
 * @param idle what is under way; a plugin finishes it, as the official ones do
 */
export function servePlugin(
  service: ServiceDefinition,
  answers: UntypedServiceImplementation,
  idle: () => Promise<unknown>,
): void {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  // What is not among the answers is UNIMPLEMENTED to whoever calls it: the CLI knows how to go on then.
  server.addService(service, answers);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (problem, port) => {
    if (problem !== null) throw problem;
    process.stdout.write(`${port}\n`);
  });
  process.stdin.resume();
  process.stdin.once("close", () => idle().finally(() => process.exit(0)));
}
