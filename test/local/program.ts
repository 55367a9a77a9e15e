import { resolve } from "node:path";

/** The checkout that the tests stand in. */
export const CHECKOUT = resolve(__dirname, "../..");

/** What Node imports to run TypeScript in one process, unlike the tsx command, so that a signal reaches the run itself. */
export const TSX = resolve(CHECKOUT, "node_modules/tsx/dist/loader.mjs");
