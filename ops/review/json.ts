import { isChanged } from "../../access/matrix";
import type { Review } from "./review";

/** Status that the command ends with: 0, or 2 when something blocks and was not let through. */
export function exitStatusOf({ verdict }: Pick<Review, "verdict">): 0 | 2 {
  return verdict === "blocks" ? 2 : 0;
}

/** The review as JSON, nothing cut. */
export function toJson(review: Review): string {
  const { access, ...rest } = review;
  const rows = access.map((row) => ({ ...row, changed: isChanged(row) }));
  return `${JSON.stringify({ ...rest, exitStatus: exitStatusOf(review), access: rows }, null, 2)}\n`;
}
