import { isChanged } from "../../access/matrix";
import { EXIT } from "../../cli/exit-status";
import type { Review } from "./review";

/** Status that the command ends with: something is found when it blocks and was not let through. */
export function exitStatusOf({ verdict }: Pick<Review, "verdict">): typeof EXIT.done | typeof EXIT.found {
  return verdict === "blocks" ? EXIT.found : EXIT.done;
}

/** The review as JSON, nothing cut. */
export function toJson(review: Review): string {
  const { access, ...rest } = review;
  const rows = access.map((row) => ({ ...row, changed: isChanged(row) }));
  return `${JSON.stringify({ ...rest, exitStatus: exitStatusOf(review), access: rows }, null, 2)}\n`;
}
