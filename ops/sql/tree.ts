/** A node of Postgres's parse tree, or an unnamed part of one. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether a value is a node rather than a list of them or a plain value. */
export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A key and its value somewhere below a node, and where in the text that is, as near as the tree says it, in bytes. */
export type Part = readonly [key: string, value: unknown, location: number | undefined];

/** Every key and value below a node. */
export function* parts(value: unknown, near?: number): Generator<Part> {
  if (Array.isArray(value)) for (const item of value) yield* parts(item, near);
  if (!isTree(value)) return;
  for (const [key, part] of Object.entries(value)) {
    const own = isTree(part) && typeof part.location === "number" && part.location > 0 ? part.location : near;
    yield [key, part, own];
    yield* parts(part, own);
  }
}

/** The parts of a dotted name, such as `pg_catalog.lower`. */
export function nameOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? "");
}
