import type { Condition } from "./conditions";
import type { Risk } from "./finding";
import type { Kind } from "./kind";
import type { PreviewOperation } from "./resource";

/** What a change means: its class, and what follows the name of the resource in a sentence. */
export type Outcome = readonly [risk: Risk, meaning: string];

/**
 * `by access`: rights that are added widen access, rights that go narrow it, or end a login's work. `by parameter`: each
 * of a group's parameters by itself. A list: the first case whose condition holds.
 */
type Decision =
  | "by access"
  | "by parameter"
  | Outcome
  | readonly [...cases: (readonly [Condition, ...Outcome])[], otherwise: readonly ["otherwise", ...Outcome]];

/** One row: of these kinds, what these operations (and of an update, these properties) mean, in which stacks. */
export type ClassRow = readonly [
  kinds: readonly Kind[] | "any",
  operations: readonly PreviewOperation[],
  where: "prod" | "elsewhere" | "anywhere",
  keys: readonly string[] | "any",
  decision: Decision,
];

/** Operations after which what was there is gone. */
export const GONE = ["delete", "replace"] as const;
/** Operations after which something is there that the stack had not. */
export const MADE = ["create", "import"] as const;
/** A change in place. */
export const UPDATE = ["update"] as const;
/** Properties that are nothing but a text for people. */
export const TEXTS = ["tags", "tagsAll", "description"];
