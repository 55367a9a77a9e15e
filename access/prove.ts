import type { Client } from "pg";
import { codeOf, isLost, MistakeError, messageOf } from "../infra/mistake";
import { type AppNames, rolesOf } from "../infra/names";
import type { VisitorNames } from "../infra/people/names";
import { attemptedCells, cellsOfVisitor } from "./attempts";
import { catalogCells } from "./catalog";
import {
  compareDifferences,
  type DeclaredAccess,
  type Difference,
  differences,
  type FoundCell,
} from "./cells";
import { PUBLIC } from "./facts";

/** Logins that are proven at a time. */
const AT_A_TIME = 4;

/** An app in an environment, and how to log in as it. */
export interface ProvableApp {
  readonly names: AppNames;
  /** What its sessions are to act as. */
  readonly role: string;
  /** Logs in with the app's present secret, or its migrations'; undefined where these hold all of their connections. */
  logIn(): Promise<{ readonly client: Client; readonly login: string } | undefined>;
}

/** A person or a tool, and how to log in as it. */
export interface ProvableVisitor {
  readonly visitor: VisitorNames;
  /** Logs in with its present secret; undefined where it holds all of its connections by itself. */
  logIn(): Promise<{ readonly client: Client; readonly login: string } | undefined>;
}

type Provable = ProvableApp | ProvableVisitor;

/** An app's schema, or who reads. */
const placeOf = (one: Provable): string => ("names" in one ? one.names.schema : one.visitor.login);

/** One app in one environment, or a person or a tool, tried. */
interface ProvenApp {
  /** The app's schema, or those that the person or the tool reads. */
  readonly schema: string;
  readonly login: string;
  readonly probed: Probed;
}

/** What logging in as each app showed. */
export interface Proof {
  readonly apps: readonly ProvenApp[];
  /** Cells that differ from what is declared, each once, whichever sessions saw it. */
  readonly differences: readonly Difference[];
  /** Why an app could not be tried: no secret, no login, no connection. Sorted, without passwords. */
  readonly failures: readonly string[];
}

/** Logs in as everybody and holds what the server lets the roles do against what is declared. */
export async function prove(everybody: readonly Provable[], declared: DeclaredAccess): Promise<Proof> {
  // The logins of one schema one after the other: what each tries there, the other would wait for.
  const byPlace = new Map<string, Provable[]>();
  for (const one of everybody) byPlace.set(placeOf(one), [...(byPlace.get(placeOf(one)) ?? []), one]);
  const waiting = [...byPlace.values()];
  const proven: ProvenApp[] = [];
  const failures: string[] = [];
  const tryOne = async (one: Provable): Promise<void> => {
    try {
      const tried = await proveOne(one, declared);
      if (tried !== undefined) proven.push(tried);
    } catch (thrown) {
      // What a person can mend, and what the server or the network says; anything else is a defect.
      if (!(thrown instanceof MistakeError) && codeOf(thrown) === undefined && !isLost(thrown)) throw thrown;
      failures.push(`${placeOf(one)}: ${messageOf(thrown)}`);
    }
  };
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      for (const one of next) await tryOne(one);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const byCell = new Map<string, Difference>();
  for (const { probed } of proven) {
    for (const one of probed.differences) byCell.set(JSON.stringify(Object.values(one)), one);
  }
  return {
    apps: proven.sort((a, b) => (`${a.schema} ${a.login}` < `${b.schema} ${b.login}` ? -1 : 1)),
    differences: [...byCell.values()].sort(compareDifferences),
    failures: failures.sort(),
  };
}

async function proveOne(one: Provable, declared: DeclaredAccess): Promise<ProvenApp | undefined> {
  const session = await one.logIn();
  if (session === undefined) return undefined;
  const { client, login } = session;
  try {
    if ("names" in one) {
      const { names, role } = one;
      return { schema: names.schema, login, probed: await probe(client, { login, role, names }, declared) };
    }
    const read = [...declared.schemas].filter((schema) => declared.holds(login, schema, "read"));
    return { schema: read.join(", "), login, probed: await probeVisitor(client, login, declared) };
  } finally {
    await client.end().catch(() => {});
  }
}

/** What a login was tried for, and where the server differs from what is declared. */
interface Probed {
  readonly cells: number;
  readonly roles: readonly string[];
  readonly schemas: readonly string[];
  readonly differences: readonly Difference[];
}

/** Cells of declared roles and schemas that the server does not have: nobody may do anything there. */
function absentCells(
  declared: DeclaredAccess,
  roles: readonly string[],
  found: readonly FoundCell[],
): FoundCell[] {
  const known = new Set(found.map(({ role, place, right }) => JSON.stringify([role, place, right])));
  const places = [...declared.schemas, ...roles.flatMap((role) => [...declared.groupsOf(role)])];
  const cells = roles.flatMap((role) =>
    [...new Set(places)].flatMap((place) =>
      (["use", "create", "act as"] as const).map((right) => ({ role, place, right, found: "no" as const })),
    ),
  );
  const present = new Set(found.map(({ role }) => role));
  // What everybody may do says nothing about a role that is not there.
  return cells.filter(
    ({ role, place, right }) =>
      role !== place &&
      !known.has(JSON.stringify([role, place, right])) &&
      (present.has(role) || !declared.holds(PUBLIC, place, right)),
  );
}

/**
 * The same for a person or a tool: what it is let do by statements, in a transaction that may write, and what the catalog
 * says of it and PUBLIC. Everything is rolled back.
 */
async function probeVisitor(client: Client, login: string, declared: DeclaredAccess): Promise<Probed> {
  // Its sessions are read-only by themselves, which is no right: whoever has the login may begin another transaction.
  await client.query("BEGIN READ WRITE");
  try {
    await client.query("SET LOCAL lock_timeout = '5s'; SET LOCAL client_min_messages = error");
    const tried = await cellsOfVisitor(client, login);
    const found = await catalogCells(client, [login, PUBLIC]);
    const all = [...tried.cells, ...found, ...absentCells(declared, [login], found)];
    return {
      cells: all.length,
      roles: [login],
      schemas: tried.schemas,
      differences: differences(declared, all),
    };
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}

/**
 * Holds the server against the declaration, cell by cell, for one app's roles: what the login is let do by statements,
 * and what the catalog says of each role of the app and of PUBLIC. Everything is rolled back.
 * @param client logged in as the app, acting as it by itself, or as its migrations
 */
export async function probe(
  client: Client,
  { login, role, names }: { readonly login: string } & Pick<ProvableApp, "role" | "names">,
  declared: DeclaredAccess,
): Promise<Probed> {
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL lock_timeout = '5s'; SET LOCAL client_min_messages = error");
    const tried = await attemptedCells(client, { login, role, names });
    const roles = [...new Set([login, ...rolesOf(names)])];
    const found = await catalogCells(client, [...roles, PUBLIC]);
    const present = new Set(found.map(({ role }) => role));
    const looked = roles.filter((role) => present.has(role) || declared.roles.has(role));
    // What a login that existed before acts as changes with the hand-over; it has its owner's rights either way.
    const told = tried.cells.filter(({ role, right }) => right !== "assume" || declared.assumes(role));
    const all = [...told, ...found, ...absentCells(declared, looked, found)];
    return {
      cells: all.length,
      roles: looked,
      schemas: tried.schemas,
      differences: differences(declared, all),
    };
  } finally {
    await client.query("ROLLBACK").catch(() => {});
  }
}
