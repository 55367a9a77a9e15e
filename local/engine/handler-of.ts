import type { Handler } from "./handler";

/** Finds the handler of a resource type. @throws {MistakeError} that names a type without one */
export type HandlerOf = (type: string) => Handler;

/** Components and the stack itself: nothing to make. */
export const GROUP: Handler = { replaceOn: [], create: async (inputs) => ({ id: "", outputs: inputs }) };
