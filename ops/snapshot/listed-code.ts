import type { Client } from "pg";
import { EXTENSIONS_SCHEMA } from "../../infra/names";
import { printable } from "../../infra/printable";
import { changingFunctions } from "../sql/changing-functions";
import type { Archive } from "./archive";
import { readScript } from "./archive-script";
import { type BroughtCode, codeIn, unknownCode } from "./brought-code";
import type { PostgresTools } from "./postgres-tools";
import { checkedStatement } from "./script-rules";

/** What a snapshot brings beside rows and their form, as it was shown before anything of it ran. */
export interface ListedCode {
  /** For people, one each: kind, name, and what it calls. */
  readonly lines: readonly string[];
  /** Whether code was in the file when it was read; a restore runs nothing else. */
  has(code: BroughtCode): boolean;
}

/** The code in one statement of a snapshot. @throws ScriptError when no snapshot holds it */
export async function codeInScript(sql: string): Promise<{ isKnown: boolean; code: readonly BroughtCode[] }> {
  const statement = await checkedStatement(sql);
  if (statement === undefined) return { isKnown: false, code: [unknownCode(sql)] };
  return { isKnown: true, code: codeIn(statement) };
}

/**
 * Reads a snapshot without its rows, runs nothing of it, and lists what is code in it: functions, what calls functions
 * of the snapshot's own, and what calls one of Postgres's that may change something.
 * @throws {MistakeError} when the file is cut off, or holds what no snapshot holds
 */
export async function listedCode(
  client: Client,
  tools: PostgresTools,
  archive: Archive,
): Promise<ListedCode> {
  const found: BroughtCode[] = [];
  await readScript(tools, archive, ["--schema-only"], async (piece) => {
    if (piece.kind === "statement") found.push(...(await codeInScript(piece.sql)).code);
  });
  const called = found.flatMap(({ calls }) => calls.filter(isServers).map(bareName));
  // Each table with a serial number has it, and it is the table's own.
  const changing = new Set(await changingFunctions(client, called));
  changing.delete("nextval");
  const isTold = (call: string): boolean => !isServers(call) || changing.has(bareName(call));
  const shown = found
    .map((code) => ({ ...code, calls: code.calls.filter(isTold) }))
    .filter(({ isCode, calls }) => isCode || calls.length > 0);
  const keys = new Set(found.map(keyOf));
  return { lines: [...new Set(shown.map(lineOf))], has: (code) => keys.has(keyOf(code)) };
}

/** Whether a function is Postgres's or an extension's: a snapshot names every other one with its schema. */
function isServers(call: string): boolean {
  const [schema, name] = call.split(".");
  return name === undefined || schema === "pg_catalog" || schema === EXTENSIONS_SCHEMA;
}

const bareName = (call: string): string => call.slice(call.lastIndexOf(".") + 1);

const keyOf = ({ kind, name, calls, note }: BroughtCode): string => JSON.stringify([kind, name, calls, note]);

function lineOf({ kind, name, calls, note }: BroughtCode): string {
  const more = [note, calls.length > 0 ? `calls ${calls.join(", ")}` : undefined].filter(Boolean).join("; ");
  return printable(`${kind} ${name}${more === "" ? "" : `: ${more}`}`);
}
