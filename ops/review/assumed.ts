import { appResources, databaseResources, type NamedAccessResource } from "../../infra/access-declared";
import { parseBorrowerConfig } from "../../infra/config";
import { ConfigError, OWNER_STACK } from "../../infra/config-parse";
import { deployments } from "../../infra/config-rules";
import { PROJECT } from "../../infra/names";
import type { Preview } from "./preview";

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** What the stack's apps declare by the settings in the preview; nothing when those cannot be read. */
function appsOf({ stack, config }: Preview): NamedAccessResource[] {
  const apps = config[`${PROJECT}:apps`];
  const environments = config[`${PROJECT}:environments`];
  if (apps === undefined) return [];
  try {
    const settings = parseBorrowerConfig(stack, {
      apps: asText(apps),
      ...(environments === undefined ? {} : { environments: asText(environments) }),
      // The most there is: connections are none of the matrix's business.
      connectionShare: "5000",
    });
    return [...deployments(settings.apps, settings.environments)].flatMap(
      ({ app, environment, settings: own }) => appResources(app, environment, own),
    );
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
