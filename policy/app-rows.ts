import { appRights } from "../infra/app/access";
import type { Meaning } from "../infra/names";
import type { RightsRow } from "../infra/rights";

/** Settings that together make every row of an app: both logins of each kind, the first one as new and as taken over, and the groups. */
const EVERY_ROLE = { reader: true, credential: 2, connectionLimit: 1 } as const;
const EVERY_FORM = [
  { ...EVERY_ROLE },
  { ...EVERY_ROLE, migrator: true },
  { ...EVERY_ROLE, migrator: false },
  { ...EVERY_ROLE, isAdopted: true },
] as const;

const ROWS_BY_APP = new Map<string, readonly RightsRow[]>();

/**
 * What the rows declare for an app in an environment, in every form that its settings may give them; worked out once,
 * since each step of a preview is held against them.
 */
export function appRows({ app, environment }: Meaning): readonly RightsRow[] {
  const key = JSON.stringify([app, environment]);
  const found = ROWS_BY_APP.get(key);
  if (found !== undefined) return found;
  const rows = EVERY_FORM.flatMap((settings) => appRights(app, environment, settings));
  ROWS_BY_APP.set(key, rows);
  return rows;
}
