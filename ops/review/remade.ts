import type { Cause, Risk } from "./finding";
import { type Kind, kindOfResource } from "./kind";
import type { PreviewedResource } from "./resource";

/** What was in it is gone, too; of other kinds, the thing itself is all that there was. */
const HOLDING: readonly Kind[] = ["instance", "database", "schema", "secret"];

/** What a reader has to know to be gone; of the rest, its row of the class table says enough. */
const MISSED: readonly Kind[] = [...HOLDING, "key", "role", "login", "extension"];

/** Whether somebody took it away by hand, as a refresh found, and the deploy makes it anew. */
export const isRemade = ({ op, steps }: PreviewedResource): boolean =>
  op === "create" && steps[0] === "refresh";

/** Whether a deploy that drops it would have left it where it is, and would not any more: the engine calls that the same. */
export const isLetGo = ({ before, after }: PreviewedResource): boolean =>
  before?.retainOnDelete === true && after?.retainOnDelete === false;

/** What would not stay any more is as good as unprotected. */
export function byLetGo(resource: PreviewedResource): (Cause & { readonly risk: Risk })[] {
  if (!isLetGo(resource)) return [];
  const meaning = "would not stay any more, with what is in it, when a deploy drops it";
  return [{ kind: "table", risk: "interrupts", meaning, changes: [] }];
}

/** What is gone already: the deploy loses nothing more, but apps notice, or have noticed. */
export function byLoss(resource: PreviewedResource): (Cause & { readonly risk: Risk })[] {
  const kind = kindOfResource(resource);
  if (!isRemade(resource) || !MISSED.includes(kind)) return [];
  const meaning = `is gone already, and is made anew${HOLDING.includes(kind) ? ", empty" : ""}`;
  return [{ kind: "table", risk: "interrupts", meaning, changes: [] }];
}
