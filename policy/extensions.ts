import { type DeclaredResource, inputOf, UNKNOWN } from "../access/declared-resource";

/**
 * Extensions of Postgres 17 that are trusted: whoever may create in the database makes them, and nothing in them reaches
 * past it. Any other one needs the master, and may read files, other servers or other schemas (dblink, postgres_fdw).
 * @see https://www.postgresql.org/docs/17/contrib.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.Extensions.html
 */
export const TRUSTED_EXTENSIONS: readonly string[] = [
  ...["bool_plperl", "btree_gin", "btree_gist", "citext", "cube", "dict_int", "fuzzystrmatch", "hstore"],
  ...["intarray", "isn", "jsonb_plperl", "lo", "ltree", "pg_trgm", "pgcrypto", "plperl", "plpgsql", "pltcl"],
  ...["seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp"],
];

/** An extension is a trusted one, which reaches nothing but the database that it is in. */
export function extensionProblem({ inputs }: DeclaredResource): string | undefined {
  const name = inputOf(inputs, "name");
  if (typeof name === "string" && TRUSTED_EXTENSIONS.includes(name)) return undefined;
  const what = name === UNKNOWN || name === undefined ? "an extension that is known at deploy alone" : name;
  return `makes ${String(what)}, which is not among Postgres's trusted extensions: take one of TRUSTED_EXTENSIONS`;
}
