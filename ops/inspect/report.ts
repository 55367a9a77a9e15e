import { sessionText } from "../../access/lock-holders";
import { wrapped } from "../../cli/lines";
import { table } from "../../cli/table";
import { printable } from "../../infra/printable";
import type { Inspection, OpenSession, Wait } from "./inspection";
import { relationSections } from "./relation-sections";
import { leftOut, type Section, sentence } from "./section";
import { type StandOut, standsOut } from "./stand-out";
import { countOf, durationText } from "./units";

/** More of a statement, or of the locks that a session has, is not shown to people. */
const MOST_SIGNS = 160;
const MOST_LOCKS = 3;
/** A younger transaction keeps no dead rows to speak of. */
const TOLD_TRANSACTIONS = 1000;

/** For people. @param top so many rows of each list */
export function inspectionReport(inspection: Inspection, login: string, top: number): string {
  const { schemas, stack, place, server, version, at, notSeen } = inspection;
  const [only] = schemas;
  const what =
    schemas.length === 1
      ? `${only?.schema} of stack ${stack}`
      : `${schemas.length} schemas of stack ${stack}`;
  const sections: readonly Section[] = [
    [
      sentence(`${what} on ${place} (${server}, as ${login})`, "", 2),
      sentence(`Postgres ${version}, ${at.replace("T", " ").replace("Z", " UTC")}`, "", 2),
    ],
    standOutSection(standsOut(inspection)),
    ...(notSeen.length === 0 ? [] : [["Not seen:", ...notSeen.map((one) => sentence(one))]]),
    waitSection(inspection.waits, top),
    transactionSection(inspection, top),
    ...(inspection.prepared.length === 0 ? [] : [preparedSection(inspection, top)]),
    connectionSection(inspection, top),
    ...relationSections(inspection, top),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function standOutSection(found: readonly StandOut[]): Section {
  if (found.length === 0) return ["Nothing stands out."];
  return ["Look at first:", ...found.map(({ text }) => wrapped(text, "  ", 6))];
}

/** What it does, and what it has. */
function detailsOf({ isSeen, query, locks }: OpenSession): string[] {
  const more = locks.length > MOST_LOCKS ? ` and ${locks.length - MOST_LOCKS} more` : "";
  const signs = query === null ? [] : [...query];
  const cut = signs.length > MOST_SIGNS ? `${signs.slice(0, MOST_SIGNS).join("")}…` : query;
  return [
    ...(locks.length === 0
      ? []
      : [sentence(`has ${locks.slice(0, MOST_LOCKS).join(", ")}${more}`, "      ", 8)]),
    ...(cut === null ? [] : [sentence(cut, "      ", 8)]),
    ...(isSeen ? [] : [sentence("what it does is not shown to this deployer", "      ", 8)]),
  ];
}

const stateText = ({ state, transactionSeconds }: OpenSession): string =>
  [
    ...(state === null ? [] : [state]),
    ...(transactionSeconds === null ? [] : [`open for ${durationText(transactionSeconds)}`]),
  ].join(", ");

/** @param isTold whether what it does stands above already */
function holderLines(one: OpenSession, before = "", isTold = false): string[] {
  const { ageTransactions } = one;
  const isOld = ageTransactions !== null && ageTransactions >= TOLD_TRANSACTIONS;
  const age = isOld ? `, ${countOf(ageTransactions)} transactions old` : "";
  const first = sentence(`${before}${sessionText(one, stateText(one) || undefined)}${age}`);
  return [first, ...(isTold ? [] : detailsOf(one))];
}

function waitSection(waits: readonly Wait[], top: number): Section {
  if (waits.length === 0) return ["Nothing waits for a lock."];
  const lines = waits.slice(0, top).flatMap((one) => {
    const since = one.waitingSeconds === null ? "" : ` ${durationText(one.waitingSeconds)}`;
    return [
      sentence(`${sessionText(one)} has waited${since} for ${one.mode} on ${one.on}`),
      ...detailsOf(one),
      ...one.behind.flatMap((other) => holderLines(other, "behind ")),
      ...one.behindServer.map((pid) =>
        sentence(`behind pid ${pid}, which is the server itself, such as autovacuum`),
      ),
      ...(one.behindPrepared ? [sentence("behind a prepared transaction")] : []),
    ];
  });
  return ["Waiting for a lock, the longest first:", ...lines, ...leftOut(top, waits.length, "that wait")];
}

function transactionSection({ transactions, waits }: Inspection, top: number): Section {
  const told = new Set(
    waits.slice(0, top).flatMap(({ pid, behind }) => [pid, ...behind.map((one) => one.pid)]),
  );
  if (transactions.length === 0) return ["No session has a transaction open."];
  return [
    "Open transactions, the longest first:",
    ...transactions.slice(0, top).flatMap((one) => holderLines(one, "", told.has(one.pid))),
    ...leftOut(top, transactions.length, "transactions"),
  ];
}

function preparedSection({ prepared }: Inspection, top: number): Section {
  const rows = prepared.map(({ name, login, preparedSeconds, ageTransactions }) => [
    printable(name),
    printable(login),
    durationText(preparedSeconds),
    countOf(ageTransactions),
  ]);
  return [
    wrapped("Prepared transactions, which keep their locks until COMMIT PREPARED or ROLLBACK PREPARED:"),
    table(["name", "role", "waits for", "transactions old"], rows.slice(0, top)),
    ...leftOut(top, rows.length, "of them"),
  ];
}

function connectionSection({ connections }: Inspection, top: number): Section {
  const { logins, usedOfStack, shareOfStack, used, max, reserved } = connections;
  const number = (of: number | null) => (of === null ? "not seen" : String(of));
  const rows = logins.map((one) => [
    printable(one.login),
    String(one.used),
    one.limit === null ? "none" : String(one.limit),
    ...[one.active, one.idle, one.idleInTransaction].map(number),
  ]);
  const ofStack =
    shareOfStack === null ? "" : `The stack's logins have ${usedOfStack} of ${shareOfStack}; the`;
  return [
    "Connections, the fullest first:",
    table(["login", "used", "limit", "active", "idle", "idle in transaction"], rows.slice(0, top)),
    ...leftOut(top, rows.length, "logins"),
    wrapped(
      `${ofStack || "The"} server has ${used} of ${max}, of which ${reserved} are kept from apps.`,
      "  ",
    ),
  ];
}
