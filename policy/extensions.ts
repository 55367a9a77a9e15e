import { type DeclaredResource, inputOf, textOf, UNKNOWN } from "../access/declared-resource";
import { DATABASE, EXTENSIONS_SCHEMA, PROD } from "../infra/names";

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

/** An extension is a trusted one, which reaches nothing but the database that it is in, and stands where prod puts it. */
export function extensionProblem({ inputs, stack }: DeclaredResource): string | undefined {
  const problems: string[] = [];
  const name = inputOf(inputs, "name");
  if (typeof name !== "string" || !TRUSTED_EXTENSIONS.includes(name)) {
    const what = name === UNKNOWN || name === undefined ? "an extension that is known at deploy alone" : name;
    problems.push(
      `makes ${String(what)}, which is not among Postgres's trusted extensions: take one of TRUSTED_EXTENSIONS`,
    );
  }
  const isInDatabase = inputOf(inputs, "database") === undefined || textOf(inputs, "database") === DATABASE;
  // An app's logins search its schema alone: what stands there comes before what they call.
  if (!isInDatabase || textOf(inputs, "schema") !== EXTENSIONS_SCHEMA)
    problems.push(`stands elsewhere than in ${EXTENSIONS_SCHEMA} of ${DATABASE}: put it there`);
  if (stack !== PROD) problems.push(`is declared by stack ${stack}: name it in prod's setting extensions`);
  return problems.length === 0 ? undefined : problems.join("; ");
}
