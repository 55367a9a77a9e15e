/** A frame that Node 20 and 22 never finish printing in colours, as the SDK's host does: a file right under a scope. */
const ENDLESS = /node_modules[\\/]@[^\\/]+[\\/][^\\/]*$/;

/** What the SDK puts before a mistake for each resource through whose outputs it came. */
const ON_ITS_WAY = /^(?:error serializing property "[^"]*": )+/;

/**
 * Lets the SDK's host say a mistake once, in its own words, when it comes to it unhandled: without the way that it took.
 * And takes the frames out of a trace that source maps put right under `node_modules/@pulumi`: `util.inspect` of
 * Node 20 and 22 loops for ever on them, and the deployment with it.
 */
export function keepMistakesReadable(): void {
  process.prependListener("uncaughtException", shorten);
  process.prependListener("unhandledRejection", shorten);
}

/** Causes of causes that are looked at; some go in circles. */
const DEPTH = 10;

function shorten(thrown: unknown): void {
  let error = thrown;
  for (let depth = 0; depth < DEPTH && error instanceof Error; depth++, error = error.cause) {
    // Some errors do not let their message be set.
    if (ON_ITS_WAY.test(error.message)) error.message = error.message.replace(ON_ITS_WAY, "");
    const lines = error.stack?.split("\n").filter((line) => !ENDLESS.test(line));
    error.stack = lines?.join("\n");
  }
}
