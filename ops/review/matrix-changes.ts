import { inputOf, isOn, textOf } from "../../access/declared-resource";
import type { AccessResource } from "../../access/facts";
import { type AccessRow, NO_SCHEMA, type Right } from "../../access/matrix";
import type { AccessChange } from "./finding";

/** Old to new names of what keeps its identity and gets another name. */
export interface Renames {
  readonly roles: ReadonlyMap<string, string>;
  readonly schemas: ReadonlyMap<string, string>;
}

/** The matrix of a change, and what it makes and drops. */
interface ChangedMatrix {
  readonly rows: readonly AccessRow[];
  readonly made: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

/** An app's login that acts as the other one of its owner and its runtime: migrations get a login of their own, or lose it. */
export interface Move {
  readonly login: string;
  readonly from: string;
  readonly to: string;
}

/** Whom each login acts as. */
function acting(resources: readonly AccessResource[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { type, inputs } of resources) {
    const [name, acted] = [textOf(inputs, "name"), textOf(inputs, "assumeRole")];
    if (type !== "postgresql:index/role:Role" || !isOn(inputOf(inputs, "login"))) continue;
    if (name !== undefined && acted !== undefined && acted !== "") found.set(name, acted);
  }
  return found;
}

/** Whether two roles are an app's owner and its runtime, in whichever order. */
function areTwoOfOne(one: string, other: string): boolean {
  const [owner = "", runtime = ""] = [one, other].sort();
  return owner.endsWith("_owner") && runtime === owner.replace(/_owner$/, "_runtime");
}

/** The logins that move in a change. */
export function movesOf(before: readonly AccessResource[], after: readonly AccessResource[]): Move[] {
  const had = acting(before);
  return [...acting(after)].flatMap(([login, to]) => {
    const from = had.get(login);
    return from === undefined || !areTwoOfOne(from, to) ? [] : [{ login, from, to }];
  });
}

const rightsIn = (rows: readonly AccessRow[], role: string, schema: string, side: "before" | "after") =>
  rows.find((row) => row.role === role && row.schema === schema)?.[side] ?? [];

/** What a login may do as the one role and not as the other. */
function movedRights({ login, from, to }: Move, rows: readonly AccessRow[]): AccessChange[] {
  const schemas = new Set(
    rows.filter(({ role }) => role === from || role === to).map(({ schema }) => schema),
  );
  return [...schemas].flatMap((schema) => {
    const [had, has] = [rightsIn(rows, from, schema, "before"), rightsIn(rows, to, schema, "after")];
    const gained = has.filter((right) => !had.includes(right));
    const lost = had.filter((right) => !has.includes(right));
    return [
      ...(gained.length > 0 ? [{ role: login, schema, direction: "gains" as const, rights: gained }] : []),
      ...(lost.length > 0 ? [{ role: login, schema, direction: "loses" as const, rights: lost }] : []),
    ];
  });
}

const cellKey = (role: string, schema: string) => JSON.stringify([role, schema]);

/** Rights of each role on each schema before the change, under their new names. */
function underNewNames(rows: readonly AccessRow[], { roles, schemas }: Renames): Map<string, Set<Right>> {
  const before = new Map<string, Set<Right>>();
  for (const { role, schema, before: rights } of rows) {
    const key = cellKey(roles.get(role) ?? role, schemas.get(schema) ?? schema);
    before.set(key, new Set([...(before.get(key) ?? []), ...rights]));
  }
  return before;
}

/**
 * The rows of the matrix in which somebody gains or loses. Not among them: a new role's rights on a new schema, what
 * went with a dropped role or schema, and the same rights under another name.
 */
export function matrixChanges(
  { rows, made, gone }: ChangedMatrix,
  renames: Renames,
  moves: readonly Move[],
): AccessChange[] {
  const before = underNewNames(rows, renames);
  const oldNames = new Set([...renames.roles.keys(), ...renames.schemas.keys()]);
  const changes: AccessChange[] = moves.flatMap((move) => movedRights(move, rows));
  for (const { role, schema, after } of rows) {
    if (oldNames.has(role) || oldNames.has(schema)) continue;
    // What a login may do by itself is part of what it may do as the role that it acts as.
    const move = moves.find(({ login }) => login === role);
    const acted = (side: "before" | "after") =>
      move === undefined ? [] : rightsIn(rows, side === "before" ? move.from : move.to, schema, side);
    const had = before.get(cellKey(role, schema)) ?? new Set<Right>();
    const gained = after.filter((right) => !had.has(right) && !acted("before").includes(right));
    const isNew = made.has(role) && (made.has(schema) || schema === NO_SCHEMA);
    if (gained.length > 0 && !isNew) changes.push({ role, schema, direction: "gains", rights: gained });
    const lost = [...had].filter((right) => !after.includes(right) && !acted("after").includes(right));
    const isGone = gone.has(role) || gone.has(schema);
    if (lost.length > 0 && !isGone) changes.push({ role, schema, direction: "loses", rights: lost });
  }
  return changes;
}
