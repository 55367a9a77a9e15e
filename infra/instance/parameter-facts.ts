import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { NARROWED_BY_RDS, OF_EXTENSIONS, OF_RDS } from "./rds-parameters";

/** What a server takes for one of its parameters. */
export interface ParameterFacts {
  readonly name: string;
  /** `internal` cannot be set, `postmaster` is read when the server starts; the rest changes while it runs. */
  readonly context: string;
  readonly type: string;
  /** What a number without a unit counts, such as `kB` or `ms`; empty for none. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Words of an enumeration, or of a list. */
  readonly words: readonly string[];
}

/** The major versions whose parameters are known: what the servers themselves say in `pg_settings`. */
export const KNOWN_MAJORS: readonly number[] = [16, 17, 18];

/** The table; `scripts/parameter-facts.ts` writes it. */
export const FACTS_FILE = resolve(__dirname, "parameter-facts.txt");

/** The facts in a table's text, by name, as they are in a major version. */
function factsIn(text: string, major: number): Map<string, ParameterFacts> {
  const found = new Map<string, ParameterFacts>();
  for (const line of text.split("\n").filter(Boolean)) {
    const [name = "", versions = "", context = "", type = "", unit = "", min, max, words] = line.split("|");
    const [first = "", last = ""] = versions.split("-");
    if (major < Number(first) || major > Number(last)) continue;
    const bound = (value = "", open: number) => (value === "" ? open : Number(value));
    found.set(name, {
      name,
      context,
      type,
      unit,
      min: bound(min, Number.NEGATIVE_INFINITY),
      max: bound(max, Number.POSITIVE_INFINITY),
      words: words ? words.split(",") : [],
    });
  }
  return found;
}

const factsByMajor = new Map<number, ReadonlyMap<string, ParameterFacts>>();

/**
 * Every parameter of a major version by its name in lower case, as RDS has it: Postgres's, with what RDS takes of it, RDS's
 * own, and the extensions'.
 * Of a version later than those that are known, what the latest of them says.
 */
export function knownParameters(major: number): ReadonlyMap<string, ParameterFacts> {
  const [first = major, ...others] = KNOWN_MAJORS;
  const nearest = Math.min(Math.max(major, first), others.at(-1) ?? first);
  const known = factsByMajor.get(nearest);
  if (known !== undefined) return known;
  const text = [readFileSync(FACTS_FILE, "utf8"), NARROWED_BY_RDS, OF_RDS, OF_EXTENSIONS].join("\n");
  const facts = factsIn(text, nearest);
  factsByMajor.set(nearest, facts);
  return facts;
}
