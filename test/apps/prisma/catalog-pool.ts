import { Pool, type QueryResult } from "pg";

/** Type `"char"`, which the catalog is full of, and `text`. */
const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * A pool whose `"char"` columns read as text: `@prisma/adapter-pg` refuses them, and without them the schema
 * engine cannot describe a schema, which `migrate reset` and `migrate diff` do.
 * @see https://github.com/prisma/prisma/issues/27403
 */
export class CatalogPool extends Pool {
  override query(...args: unknown[]): never {
    const answer = super.query(...(args as [string])) as Promise<QueryResult>;
    return answer.then((result) => {
      for (const field of result.fields ?? []) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
      return result;
    }) as never;
  }
}
