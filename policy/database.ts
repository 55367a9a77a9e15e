import { type DeclaredResource, inputOf } from "../access/declared-resource";

/** What the one database is to everybody who may connect: the server's own defaults, and what else would mean. */
const AS_MADE: readonly (readonly [key: string, value: string, meaning: string])[] = [
  ["isTemplate", "false", "whoever may create a database could copy it"],
  ["allowConnections", "true", "nobody could connect"],
  ["connectionLimit", "-1", "apps would be refused"],
];

/** The database lets every app in, and nobody copies it. */
export function databaseProblem({ inputs }: DeclaredResource): string | undefined {
  const problems = AS_MADE.filter(([key, wanted]) => {
    const value = inputOf(inputs, key);
    return value !== undefined && String(value) !== wanted;
  }).map(([key, , meaning]) => `sets ${key}, so that ${meaning}: leave it out`);
  return problems.length === 0 ? undefined : problems.join("; ");
}
