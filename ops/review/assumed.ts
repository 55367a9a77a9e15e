import { appRights } from "../../infra/app/access";
import { parseStackConfig } from "../../infra/config/config";
import { ConfigError } from "../../infra/config/parse";
import { declaredApps } from "../../infra/config/shape";
import { settingsOf } from "../../infra/config/stack-file";
import { databaseRights } from "../../infra/database/access";
import { PROD } from "../../infra/names";
import type { RightsRow } from "../../infra/rights";
import type { Preview } from "./preview";
import { HIDDEN } from "./secret-values";

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** What the stack's apps declare by the settings in the preview; nothing when those cannot be read. */
function appsOf({ stack, config }: Preview): RightsRow[] {
  const settings = settingsOf(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, asText(value)])),
  );
  const hidden = Object.keys(settings).filter((key) => settings[key]?.includes(HIDDEN));
  for (const key of hidden) delete settings[key];
  try {
    return declaredApps(parseStackConfig(stack, settings, { hidden })).flatMap(
      ({ app, environment, settings: own }) => appRights(app, environment, own),
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
export function assumedResources(preview: Preview): RightsRow[] {
  const { resources, hidden, stack } = preview;
  const shown = new Set(resources.map(({ type, name }) => `${type}::${name}`));
  const isHidden = ({ type, name }: RightsRow) => !shown.has(`${type}::${name}`);
  const ofDatabase = stack === PROD && hidden === 0 ? [] : databaseRights([]);
  return [...ofDatabase, ...(hidden === 0 ? [] : appsOf(preview))].filter(isHidden);
}
