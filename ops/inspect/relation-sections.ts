import { wrapped } from "../../cli/lines";
import { table } from "../../cli/table";
import { printable } from "../../infra/printable";
import type { Index } from "./indexes";
import type { Inspection } from "./inspection";
import { leftOut, type Section } from "./section";
import type { Table } from "./tables";
import { bytesText, countOf, durationText } from "./units";

/** Sequences that are not so far are not worth a line. */
const SEQUENCE_PERCENT = 50;

/** Tables, indexes, sequences, and what all apps of the server share. */
export function relationSections(inspection: Inspection, top: number): Section[] {
  // A schema's name in front of everything makes the lines of one schema long for nothing.
  const isOne = inspection.schemas.length === 1;
  const named = ({ schema }: { readonly schema: string }, name: string): string =>
    printable(isOne ? name : `${schema}.${name}`);
  const parts = { inspection, top, named };
  return [
    sizeSection(parts),
    deadRowSection(parts),
    ...indexSections(parts),
    sequenceSection(parts),
    sharedSection(parts),
  ];
}

interface Parts {
  readonly inspection: Inspection;
  readonly top: number;
  readonly named: (of: { readonly schema: string }, name: string) => string;
}

/** A size, which of something that is locked is that of the last vacuum, or not known. */
const aboutText = (bytes: number, isEstimate: boolean): string => {
  if (!isEstimate) return bytesText(bytes);
  return bytes === 0 ? "?" : `about ${bytesText(bytes)}`;
};

function sizeSection({ inspection: { schemas, tables, database }, top, named }: Parts): Section {
  const schemaRows = schemas.map(({ schema, tables: count, totalBytes }) => [
    printable(schema),
    countOf(count),
    bytesText(totalBytes),
  ]);
  const rows = tables.map((one) => [
    named(one, one.table),
    aboutText(one.totalBytes, one.isEstimate),
    ...[one.rowsBytes, one.indexesBytes, one.toastBytes].map((bytes) => aboutText(bytes, one.isEstimate)),
    countOf(one.liveRows),
  ]);
  return [
    `Sizes, of ${bytesText(database.bytes)} of the whole database:`,
    table(["schema", "tables", "size"], schemaRows.slice(0, top)),
    ...leftOut(top, schemaRows.length, "schemas"),
    ...(rows.length === 0
      ? []
      : [
          "",
          table(["table", "size", "rows' part", "indexes", "TOAST", "rows"], rows.slice(0, top)),
          ...leftOut(top, rows.length, "tables"),
        ]),
    ...(tables.some(({ isEstimate }) => isEstimate)
      ? [
          wrapped(
            "About: a session has it for itself; the size is that of the last vacuum. ?: there was none.",
            "  ",
          ),
        ]
      : []),
  ];
}

function deadRowSection({ inspection: { tables, at }, top, named }: Parts): Section {
  const due = ({ deadRows, vacuumAtDeadRows }: Table): number => deadRows / ((vacuumAtDeadRows ?? 0) + 1);
  const found = tables.filter(({ deadRows }) => deadRows > 0).sort((a, b) => due(b) - due(a));
  if (found.length === 0) return ["No table has dead rows."];
  const ago = (time: string | null): string =>
    time === null ? "never" : `${durationText((Date.parse(at) - Date.parse(time)) / 1000)} ago`;
  const rows = found.map((one) => [
    named(one, one.table),
    countOf(one.deadRows),
    `${one.deadPercent}`,
    one.vacuumAtDeadRows === null ? "off" : countOf(one.vacuumAtDeadRows),
    ago(one.lastVacuum),
    ago(one.lastAnalyze),
  ]);
  return [
    "Dead rows, against those from which on autovacuum works:",
    table(["table", "dead", "%", "works at", "last vacuum", "last analyze"], rows.slice(0, top)),
    ...leftOut(top, rows.length, "tables with dead rows"),
  ];
}

function indexSections({ inspection: { indexes }, top, named }: Parts): Section[] {
  const { unused, duplicate, invalid, statisticsSince } = indexes;
  const since =
    statisticsSince === null ? "since the database was made" : `since ${statisticsSince.slice(0, 10)}`;
  const cells = (one: Index) => [
    named(one, one.index),
    printable(one.table),
    aboutText(one.bytes, one.isEstimate),
  ];
  const section = <T extends Index>(
    found: readonly T[],
    [none, some]: readonly [none: string, some: string],
    more?: readonly [heading: string, cell: (one: T) => string],
  ): Section => {
    if (found.length === 0) return [none];
    const rows = found.map((one) => [...cells(one), ...(more === undefined ? [] : [more[1](one)])]);
    const headings = ["index", "table", "size", ...(more === undefined ? [] : [more[0]])];
    return [some, table(headings, rows.slice(0, top)), ...leftOut(top, rows.length, "indexes")];
  };
  return [
    section(unused, [
      `Every index has been used ${since}, or holds a rule.`,
      wrapped(`Indexes that no query has used ${since}, and that hold no rule:`),
    ]),
    ...(duplicate.length === 0
      ? []
      : [
          section(
            duplicate,
            ["", "Indexes that find what another one finds:"],
            ["the other one", ({ sameAs }) => printable(sameAs)],
          ),
        ]),
    ...(invalid.length === 0
      ? []
      : [
          section(
            invalid,
            ["", "Indexes that were not built to their end:"],
            ["is being built", ({ isBeingBuilt }) => (isBeingBuilt ? "yes" : "no")],
          ),
        ]),
  ];
}

function sequenceSection({ inspection: { sequences }, top, named }: Parts): Section {
  const far = sequences.filter(({ usedPercent }) => usedPercent >= SEQUENCE_PERCENT);
  if (far.length === 0) return ["No sequence has used half of its numbers."];
  const rows = far.map((one) => [
    named(one, one.sequence),
    `${one.usedPercent}`,
    one.lastValue ?? "",
    one.endValue,
    printable(one.column ?? ""),
  ]);
  return [
    "Sequences that have used half of their numbers:",
    table(["sequence", "%", "is at", "ends at", "column"], rows.slice(0, top)),
    ...leftOut(top, rows.length, "sequences"),
  ];
}

function sharedSection({ inspection: { slots, cache, database }, top }: Parts): Section {
  const slotRows = slots.map(({ slot, kind, isActive, walHeldBytes }) => [
    printable(slot),
    kind,
    isActive ? "yes" : "no",
    walHeldBytes === null ? "none" : bytesText(walHeldBytes),
  ]);
  const percent = (of: number | null) => (of === null ? "none read" : `${of}`);
  const read = cache
    .filter(({ tableHitPercent, indexHitPercent }) => tableHitPercent !== null || indexHitPercent !== null)
    .sort((a, b) => (a.tableHitPercent ?? 100) - (b.tableHitPercent ?? 100));
  const cacheRows = read.map(({ schema, tableHitPercent, indexHitPercent }) => [
    printable(schema),
    percent(tableHitPercent),
    percent(indexHitPercent),
  ]);
  return [
    ...(slots.length === 0
      ? ["No replication slot holds WAL."]
      : ["Replication slots:", table(["slot", "kind", "read from", "WAL held"], slotRows)]),
    wrapped(
      `The database's oldest row is ${countOf(database.ageTransactions)} transactions old; autovacuum freezes it at ` +
        `${countOf(database.freezeAtTransactions)} at the latest, and at 2,100 million the server stops.`,
    ),
    ...(cacheRows.length === 0
      ? []
      : [
          "",
          "Blocks that were found in memory, in percent:",
          table(["schema", "of tables", "of indexes"], cacheRows.slice(0, top)),
          ...leftOut(top, cacheRows.length, "schemas"),
        ]),
  ];
}
