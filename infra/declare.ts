/** A resource class, with the arguments of its constructor. */
type ResourceClass<A extends unknown[], R> = new (...args: A) => R;

/**
 * Constructs a resource without the stack traces that the SDK takes of each one and maps through source
 * maps: most of a preview's time. An error that the constructor throws keeps the trace of its caller.
 * @see docs/decisions/0004-resources-without-traces.md
 */
export function declare<A extends unknown[], R>(Resource: ResourceClass<A, R>, ...args: A): R {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new Resource(...args);
  } catch (error) {
    Error.stackTraceLimit = limit;
    if (error instanceof Error) Error.captureStackTrace(error, declare);
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
