import { parse } from "libpg-query";

interface Parsed {
  readonly stmts?: readonly { readonly stmt_location?: number; readonly stmt_len?: number }[];
}

/**
 * The statements of a migration, each as it is sent. What Postgres's parser refuses is sent whole, and the server says
 * why.
 * @see https://github.com/prisma/prisma-engines/pull/5767
 */
export async function statementsOf(script: string): Promise<string[]> {
  // Places are bytes; a length of 0 means to the end.
  const bytes = Buffer.from(script);
  try {
    const { stmts = [] } = (await parse(script)) as Parsed;
    return stmts.map(({ stmt_location: from = 0, stmt_len: length = 0 }) =>
      bytes.subarray(from, length === 0 ? undefined : from + length).toString(),
    );
  } catch {
    return [script];
  }
}
