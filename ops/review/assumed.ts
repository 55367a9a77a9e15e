import { databaseResources, type NamedAccessResource } from "../../access/declared";
import { declaredApps, resourcesOfApps } from "../../access/stack";
import { ConfigError, OWNER_STACK } from "../../infra/config/parse";
import type { Preview } from "./preview";

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** What the stack's apps declare by the settings in the preview; nothing when those cannot be read. */
function appsOf({ stack, config }: Preview): NamedAccessResource[] {
  try {
    const texts = Object.entries(config).map(([key, value]) => [key, asText(value)] as const);
    return resourcesOfApps(declaredApps(stack, Object.fromEntries(texts)));
  } catch (thrown) {
    if (thrown instanceof ConfigError) return [];
    throw thrown;
  }
}

/**
 * What the preview does not show and yet decides access: unchanged resources of the stack, which a preview
 * leaves out without `--show-sames`, and what the prod stack grants on the whole database.
 * They stand on both sides of the matrix.
 */
export function assumedResources(preview: Preview): NamedAccessResource[] {
  const { resources, hidden, stack } = preview;
  const shown = new Set(resources.map(({ type, name }) => `${type}::${name}`));
  const isHidden = ({ type, name }: NamedAccessResource) => !shown.has(`${type}::${name}`);
  const ofDatabase = stack === OWNER_STACK && hidden === 0 ? [] : databaseResources();
  return [...ofDatabase, ...(hidden === 0 ? [] : appsOf(preview))].filter(isHidden);
}
