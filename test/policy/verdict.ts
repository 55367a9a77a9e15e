import type { DeclaredResource } from "../../access/declared-resource";
import { SAFETY_RULES } from "../../policy/rules";

/** A resource of prod, protected, with nothing declared but what a test gives. */
export function resource(type: string, given: Partial<DeclaredResource> = {}): DeclaredResource {
  return { type, name: "resource", inputs: {}, protect: true, stack: "prod", ...given };
}

/** What every rule that looks at a resource says of it, by the rule's name; those content with it are left out. */
export function verdict(declared: DeclaredResource): Record<string, string> {
  const problems = SAFETY_RULES.filter((rule) => rule.appliesTo(declared.type)).map(
    (rule) => [rule.name, rule.problem(declared)] as const,
  );
  return Object.fromEntries(problems.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The engine's placeholder for a text that is not known yet. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's placeholder for a list that is not known yet. */
export const UNKNOWN_LIST = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";

/** The engine's placeholder for a switch that is not known yet. */
export const UNKNOWN_SWITCH = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";

/** The engine's placeholder for a map that is not known yet. */
export const UNKNOWN_MAP = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";

/** Tags that the stacks put on what belongs to no app. */
export const TAGS = { project: "portal-db", stack: "prod" };
