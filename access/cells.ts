import { printable } from "../infra/printable";
import { type AccessResource, accessFacts, PUBLIC } from "./facts";
import { accessMatrix, effectiveRights, NO_SCHEMA, RIGHTS, type Right, withGroups } from "./matrix";

/** What a role could do past the matrix, and no role of the project may. */
export const POWERS = [
  "superuser",
  "create roles",
  "create databases",
  "replication",
  "bypass row security",
  "create schemas",
  "temporary tables",
  "drop",
  "administer",
] as const;

/** What a cell is about. `act as`, `assume` (by itself, at login) and `administer` stand at a role, `drop` at a schema, what is server-wide at {@link NO_SCHEMA}. */
export type CellRight = Right | (typeof POWERS)[number] | "log in" | "act as" | "assume";

/** What a server says of a cell; `untold` where there is nothing to try it on. */
export type Found = "yes" | "partly" | "no" | "untold";

/** One role, one place (a schema, a role, or {@link NO_SCHEMA}), one right, and what was found. */
export interface FoundCell {
  readonly role: string;
  readonly place: string;
  readonly right: CellRight;
  readonly found: Found;
}

/** A cell where the server and the declaration differ. */
export interface Difference extends FoundCell {
  readonly declared: "yes" | "no";
}

/** What is declared of any cell. */
export interface DeclaredAccess {
  holds(role: string, place: string, right: CellRight): boolean;
  /** The role, and every role that it is declared a member of. */
  groupsOf(role: string): ReadonlySet<string>;
  /** Whether a login's sessions are to act as another role by themselves. */
  assumes(login: string): boolean;
  /** Roles that are declared. */
  readonly roles: ReadonlySet<string>;
  /** Schemas that are declared. */
  readonly schemas: ReadonlySet<string>;
}

const isMatrixRight = (right: CellRight): right is Right => RIGHTS.some((one) => one === right);

/** Reads what resources declare, in a form that can be held against a server cell by cell. */
export function declaredAccess(resources: readonly AccessResource[]): DeclaredAccess {
  const facts = accessFacts(resources);
  const matrix = accessMatrix(resources);
  const groupsOf = (role: string) => withGroups(role, facts);
  return {
    groupsOf,
    assumes: (login) => [...groupsOf(login)].some((role) => facts.assumed.has(role)),
    roles: new Set(facts.memberships.keys()),
    schemas: facts.schemas,
    holds: (role, place, right) => {
      if (right === "log in") return facts.logins.has(role);
      if (right === "assume") {
        return facts.logins.has(role) && facts.assumed.has(place) && groupsOf(role).has(place);
      }
      if (right === "act as") return groupsOf(role).has(place);
      return isMatrixRight(right) && effectiveRights(matrix, role, place).has(right);
    },
  };
}

/**
 * The cells that differ, each once: what a role may do only because PUBLIC, a group of it or its being a superuser
 * differs in the same way is left out, so that one wrong grant is one line.
 */
export function differences(declared: DeclaredAccess, found: readonly FoundCell[]): Difference[] {
  const differing = new Map<string, Difference>();
  const keyOf = (role: string, { place, right, found: what }: FoundCell) =>
    JSON.stringify([role, place, right, what]);
  for (const cell of found) {
    const wanted = declared.holds(cell.role, cell.place, cell.right) ? "yes" : "no";
    if (cell.found === "untold" || cell.found === wanted) continue;
    differing.set(keyOf(cell.role, cell), { ...cell, declared: wanted });
  }
  const isEcho = (one: Difference) => {
    const sources = [PUBLIC, ...declared.groupsOf(one.role)].filter((role) => role !== one.role);
    if (sources.some((role) => differing.has(keyOf(role, one)))) return true;
    const superuser = { ...one, place: NO_SCHEMA, right: "superuser" as const, found: "yes" as const };
    return one.found !== "no" && one.right !== "superuser" && differing.has(keyOf(one.role, superuser));
  };
  return [...differing.values()].filter((one) => !isEcho(one)).sort(compareDifferences);
}

/** Sorts by role, place and right. */
export function compareDifferences(a: Difference, b: Difference): number {
  const key = ({ role, place, right }: Difference) => `${role} ${place} ${right}`;
  return key(a) < key(b) ? -1 : 1;
}

/** A differing cell in one line, e.g. `portal_wms_dev: use on auth_dev: declared no, found yes`. */
export function differenceLine({ role, place, right, declared, found }: Difference): string {
  const what = place === NO_SCHEMA ? right : `${right} on ${place}`;
  return printable(`${role}: ${what}: declared ${declared}, found ${found}`);
}
