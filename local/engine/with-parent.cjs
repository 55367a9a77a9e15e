/**
 * Loaded into the SDK's host before the program: ends it where whoever started it is gone, killed, say. The SDK would wait
 * for the answers for ever, or report without end that none comes.
 */
const parent = Number(process.env.PORTAL_DB_PARENT);

setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();
