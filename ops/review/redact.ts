import type { Review } from "./review";
import type { SecretValues } from "./secret-values";

function clean(value: unknown, secrets: SecretValues): unknown {
  if (typeof value === "string") return secrets.redact(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item, secrets)]));
}

/** The review without any secret of its preview, in whatever text it stands. */
export function redacted(review: Review, secrets: SecretValues): Review {
  return clean(review, secrets) as Review;
}
