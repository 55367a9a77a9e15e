import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { connectSuperuser } from "../../local/servers/postgres";
import { parsedScript } from "../../ops/sql/parsed-script";
import type { TestPlatform } from "./platform";
import { CHECKOUT } from "./process";

const RUNBOOK = readFileSync(resolve(CHECKOUT, "docs/runbook.md"), "utf8");

/** The blocks of a language below a heading of the runbook. */
export function blocksOf(heading: string, language: "sql" | "sh"): string[] {
  const section = RUNBOOK.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const [, ...blocks] = section.split(new RegExp(`^ *\`\`\`${language}\n`, "m"));
  return blocks.map((block) => block.split("```")[0] ?? "");
}

/** The only SQL block below a heading. */
export function blockOf(heading: string): string {
  const blocks = blocksOf(heading, "sql");
  expect(blocks).toHaveLength(1);
  return blocks[0] ?? "";
}

/** Types a block as the admin of a stack, statement by statement, as psql does. @returns rows of each */
export async function asAdmin(
  { places, port }: TestPlatform,
  block: string,
  admin = "portal_db_admin",
): Promise<Record<string, unknown>[][]> {
  const client = await connectSuperuser(places, port, "portal_db");
  try {
    await client.query(`SET SESSION AUTHORIZATION ${admin}; SET search_path TO pg_catalog`);
    const rows: Record<string, unknown>[][] = [];
    for (const { sql } of (await parsedScript(block)).statements) rows.push((await client.query(sql)).rows);
    return rows;
  } finally {
    await client.end();
  }
}
