/** A frame that Node 20 and 22 never finish printing in colours, as the SDK's host does: a file right under a scope. */
const ENDLESS = /node_modules[\\/]@[^\\/]+[\\/][^\\/]*$/;

/**
 * Takes the frames that the SDK's source maps put right under `node_modules/@pulumi` out of what goes unhandled, before
 * its host prints it: `util.inspect` of Node 20 and 22 loops for ever on them, and the deployment with it.
 */
export function keepTracesPrintable(): void {
  process.prependListener("uncaughtException", shorten);
  process.prependListener("unhandledRejection", shorten);
}

function shorten(thrown: unknown): void {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const lines = error.stack?.split("\n").filter((line) => !ENDLESS.test(line));
    error.stack = lines?.join("\n");
  }
}
