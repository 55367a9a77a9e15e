import { isLasting } from "./names";

/** Tag with the day on which an ephemeral stack was first deployed, such as `2026-11-24`; `cleanup` reads it. */
export const CREATED_TAG = "created";

/** A tag, and what keeps it as it was. */
export interface AgeLabel {
  readonly tags: Record<string, string>;
  readonly ignoreChanges: string[];
}

/**
 * The label of age of a stack's key. The key comes first and goes last, so a stack that failed halfway has it, too.
 * Later deployments ignore the day: the engine keeps the first one.
 * @returns undefined for a stack that stays
 */
export function ageLabel(stack: string, now: Date): AgeLabel | undefined {
  if (isLasting(stack)) return undefined;
  const day = now.toISOString().slice(0, 10);
  return { tags: { [CREATED_TAG]: day }, ignoreChanges: [`tags.${CREATED_TAG}`] };
}
