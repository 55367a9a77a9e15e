/** What happens to a resource, over all of its steps. From the mildest to the gravest. */
export const OPERATIONS = [
  "same",
  "refresh",
  "read",
  "import",
  "create",
  "update",
  "unknown",
  "delete",
  "replace",
] as const;

/** One of them. */
export type Operation = (typeof OPERATIONS)[number];

/** The engine's own words. */
const BY_STEP: Readonly<Record<string, Operation>> = {
  same: "same",
  refresh: "refresh",
  read: "read",
  import: "import",
  create: "create",
  update: "update",
  delete: "delete",
  discard: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "read-replacement": "replace",
  "import-replacement": "replace",
  "discard-replaced": "replace",
  "remove-pending-replace": "replace",
};

/** What a step's `op` means; a word that a later engine may have is `unknown`, never `same`. */
export function operationOf(op: string): Operation {
  return Object.hasOwn(BY_STEP, op) ? (BY_STEP[op] ?? "unknown") : "unknown";
}

/** The graver of what two steps of one resource do; a resource that is made and deleted is replaced. */
export function merged(a: Operation, b: Operation): Operation {
  const both = [a, b];
  if (both.includes("create") && both.includes("delete")) return "replace";
  return OPERATIONS.indexOf(a) > OPERATIONS.indexOf(b) ? a : b;
}
