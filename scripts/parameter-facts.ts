import { writeFileSync } from "node:fs";
import { Client } from "pg";
import { FACTS_FILE, KNOWN_MAJORS } from "../infra/instance/parameter-facts";

/** Words that RDS's servers have by the way they are built, which those that are read here may lack. */
export const WORDS_OF_BUILDS: Readonly<Record<string, readonly string[]>> = {
  default_toast_compression: ["lz4"],
  io_method: ["io_uring"],
  wal_compression: ["lz4", "zstd"],
};

/** What a server is asked. */
export const FACTS_QUERY = `
  SELECT lower(name) AS name, context, vartype, coalesce(unit, '') AS unit, coalesce(min_val, '') AS min,
    coalesce(max_val, '') AS max, coalesce(enumvals, '{}') AS words
  FROM pg_settings WHERE name <> 'server_version_num'`;

/** What a server answers, in the table's form: by name, without the versions. */
export function factsAnswered(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, string> {
  return new Map(
    rows.map(({ name, context, vartype, unit, min, max, words }) => {
      const all = new Set([...(words as readonly string[]), ...(WORDS_OF_BUILDS[String(name)] ?? [])]);
      return [String(name), [context, vartype, unit, min, max, [...all].join(",")].join("|")] as const;
    }),
  );
}

/** The table of several versions: a line a parameter, and a run of versions that agree on it. */
function tableOf(factsByMajor: ReadonlyMap<number, ReadonlyMap<string, string>>): string {
  const all = new Set([...factsByMajor.values()].flatMap((facts) => [...facts.keys()]));
  const names = [...all].filter((name) => !name.includes(".")).sort();
  const lines = names.flatMap((name) => {
    const runs: { first: number; last: number; facts: string }[] = [];
    for (const [major, known] of factsByMajor) {
      const facts = known.get(name);
      const run = runs.at(-1);
      if (facts === undefined) continue;
      if (run?.facts === facts && run.last === major - 1) run.last = major;
      else runs.push({ first: major, last: major, facts });
    }
    return runs.map(({ first, last, facts }) => `${name}|${first}-${last}|${facts}`);
  });
  return `${lines.join("\n")}\n`;
}

/** Reads a server of each version, and writes the table anew: `npx tsx scripts/parameter-facts.ts URL URL URL`. */
async function main(urls: readonly string[]): Promise<void> {
  const factsByMajor = new Map<number, ReadonlyMap<string, string>>();
  for (const connectionString of urls) {
    const client = new Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ major: number }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS major",
    );
    factsByMajor.set(rows[0]?.major ?? 0, factsAnswered((await client.query(FACTS_QUERY)).rows));
    await client.end();
  }
  const read = [...factsByMajor.keys()].join(", ");
  if (read !== KNOWN_MAJORS.join(", "))
    throw new Error(`servers of ${KNOWN_MAJORS.join(", ")} are needed, in this order, and not of ${read}`);
  writeFileSync(FACTS_FILE, tableOf(factsByMajor));
}

if (require.main === module) void main(process.argv.slice(2));
