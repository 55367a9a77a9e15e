import { MistakeError } from "../../infra/mistake";

/** An object of a preview whose form nobody has checked yet. */
export type Json = Record<string, unknown>;

const HOW = "make it with: pulumi preview --json --show-sames > preview.json";

/** The error of a preview that is not of the engine's form; `what` names the place, never a value of it. */
export const badShape = (what: string) =>
  new MistakeError(`the preview is not what pulumi prints: ${what}; ${HOW}`);

/** Whether a value is an object, neither null nor a list. */
export const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that is an object, otherwise an empty one. */
export const mapOf = (value: unknown): Json => (isMap(value) ? value : {});

/** The strings of a list; none where there is no list. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
