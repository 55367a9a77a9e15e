/** A node of Postgres's parse tree, or an unnamed part of one. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a node rather than a list of them or a plain value. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every key and value below a node. */
export function* parts(value: unknown): Generator<readonly [key: string, value: unknown]> {
  if (Array.isArray(value)) for (const item of value) yield* parts(item);
  if (!isTree(value)) return;
  for (const [key, part] of Object.entries(value)) {
    yield [key, part];
    yield* parts(part);
  }
}

/** The parts of a dotted name, such as `pg_catalog.lower`. */
export function nameOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? "");
}
