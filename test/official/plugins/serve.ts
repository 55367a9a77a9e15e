import type { ServiceDefinition } from "@grpc/grpc-js";
import { LoopbackServer, type Methods } from "../../../local/engine/loopback-server";

/**
 * Serves a plugin's service as the Pulumi CLI expects it: the first line that it prints is its port. It ends when the CLI
 * does, whose end of standard input closes then, or it would outlive a CLI that was killed.
 * @param idle what is under way; a plugin finishes it, as the official ones do
 */
export async function servePlugin(
  service: ServiceDefinition,
  methods: Methods,
  idle: () => Promise<unknown>,
): Promise<void> {
  process.stdin.resume();
  process.stdin.once("close", () => idle().finally(() => process.exit(0)));
  const server = new LoopbackServer();
  // What is not among the methods is UNIMPLEMENTED to whoever calls it: the CLI knows how to go on then.
  server.add(service, methods);
  const address = await server.listen();
  process.stdout.write(`${address.split(":").at(-1)}\n`);
}
