import { PROJECT } from "./names";

/** Tags that the stacks set themselves; an app's extra tags cannot replace them. */
export const OWN_TAG_KEYS = ["project", "stack", "app", "environment"] as const;

/** What a resource belongs to. */
export interface TagScope {
  readonly stack: string;
  readonly app?: string;
  readonly environment?: string;
}

/**
 * The tags of one AWS resource.
 * @param extra further tags from the app's config; they never win over the project's own
 */
export function tagsOf(
  scope: TagScope,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...extra,
    project: PROJECT,
    stack: scope.stack,
    ...(scope.app === undefined ? {} : { app: scope.app }),
    ...(scope.environment === undefined ? {} : { environment: scope.environment }),
  };
}
