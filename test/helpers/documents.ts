import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKOUT } from "./process";

/**
 * The SQL blocks below a heading of a document, in order, as a person would type them.
 * @param name such as `runbook`
 */
export function sqlBlocksOf(name: string, heading: string): string[] {
  const text = readFileSync(resolve(CHECKOUT, `docs/${name}.md`), "utf8");
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  const [, ...blocks] = section.split(/^ *```sql\n/m);
  return blocks.map((block) => block.split("```")[0] ?? "");
}
