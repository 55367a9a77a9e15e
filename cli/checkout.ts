import { resolve } from "node:path";

/** The folder of this project: where the stacks' files are, and `.local`, unless a command line says otherwise. */
export const CHECKOUT = resolve(__dirname, "..");
