import type { Difference } from "./cells";
import { NO_SCHEMA } from "./matrix";

/** A differing cell in one line, e.g. `portal_wms_dev: use on auth_dev: declared no, found yes`. */
export function differenceLine({ role, place, right, declared, found }: Difference): string {
  const what = place === NO_SCHEMA ? right : `${right} on ${place}`;
  return `${role}: ${what}: declared ${declared}, found ${found}`;
}
