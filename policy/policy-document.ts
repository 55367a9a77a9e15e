import { UNKNOWN } from "../access/declared-resource";

/** One statement of an IAM policy document, whose form nobody has checked. */
export type Statement = Readonly<Record<string, unknown>>;

/** A value that may stand alone or in a list. */
export const valuesOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Statements of a document, given as text or as an object; undefined when it is neither. */
export function statementsIn(policy: unknown): Statement[] | undefined {
  let document = policy;
  try {
    if (typeof policy === "string") document = JSON.parse(policy);
  } catch {
    return undefined;
  }
  if (typeof document !== "object" || document === null) return undefined;
  const statements = valuesOf((document as Statement).Statement);
  return statements.map((one) =>
    // What is no statement, or not known yet, allows whatever there is.
    typeof one === "object" && one !== null ? (one as Statement) : { Effect: "Allow", Action: UNKNOWN },
  );
}

/** Whether a statement allows; what is neither Allow nor Deny is taken for Allow. */
export const isAllow = ({ Effect }: Statement): boolean => Effect !== "Deny";

/** Whom a document's statements allow something: each principal as it is written, `*` for everybody. */
export function principalsIn(statements: readonly Statement[]): { kind: string; who: unknown }[] {
  return statements.filter(isAllow).flatMap(({ Principal, NotPrincipal }) => {
    if (NotPrincipal !== undefined || Principal === undefined || Principal === UNKNOWN)
      return [{ kind: "AWS", who: Principal === UNKNOWN ? UNKNOWN : "*" }];
    if (typeof Principal !== "object" || Principal === null) return [{ kind: "AWS", who: Principal }];
    return Object.entries(Principal).flatMap(([kind, who]) =>
      valuesOf(who).map((one) => ({ kind, who: one })),
    );
  });
}
