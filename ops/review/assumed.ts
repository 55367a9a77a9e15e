import { appRights } from "../../infra/app/access";
import { parseBorrowerConfig } from "../../infra/config/config";
import { ConfigError } from "../../infra/config/parse";
import { declaredVisitors, withoutIam } from "../../infra/config/people";
import { declaredApps } from "../../infra/config/shape";
import { databaseRights, deployerRights } from "../../infra/database/access";
import { PROD } from "../../infra/names";
import { visitorRights } from "../../infra/people/access";
import type { RightsRow } from "../../infra/rights";
import { type Preview, settingsIn } from "./preview";

/** The most that the setting takes: how many connections there may be decides no right. */
const MOST_CONNECTIONS = "5000";

/** What the stack's apps declare by the settings in the preview; nothing when those cannot be read. */
function appsOf(preview: Preview): RightsRow[] {
  const { stack } = preview;
  // Only what decides access: the program has held the rest, of which a preview may show nothing but "[secret]".
  const { apps, environments, people, tools } = settingsIn(preview);
  const visitors = { people: withoutIam(people), tools: withoutIam(tools) };
  const given = Object.entries({ apps, environments, ...visitors }).filter(
    ([, value]) => value !== undefined,
  );
  const settings = { ...Object.fromEntries(given), connectionShare: MOST_CONNECTIONS } as Record<
    string,
    string
  >;
  try {
    const config = parseBorrowerConfig(stack, settings);
    return [
      ...declaredApps(config).flatMap(({ app, environment, settings: own }) =>
        appRights(app, environment, own),
      ),
      ...declaredVisitors(config).flatMap(visitorRights),
    ];
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
  const ofDatabase = stack === PROD && hidden === 0 ? [] : [...deployerRights([]), ...databaseRights([])];
  return [...ofDatabase, ...(hidden === 0 ? [] : appsOf(preview))].filter(isHidden);
}
