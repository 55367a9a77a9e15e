import type { FoundRight } from "./acl-sql";
import { plain } from "./finding";

/** What names an object: its kind, its schema, and what follows its name. */
export type NamedObject = Pick<FoundRight, "kind" | "schema" | "name" | "rest">;

/** An object's name with its schema's and a routine's arguments. @param of writes a name, for a statement or for people */
export function objectName({ schema, name, rest, kind }: NamedObject, of: (name: string) => string): string {
  const full = schema === "" || kind === "schema" ? of(name) : `${of(schema)}.${of(name)}`;
  return kind === "routine" ? `${full}(${rest})` : full;
}

/** The same as a finding says where it is: behind its kind, and with a column. */
export function objectPlace(object: NamedObject): string {
  const of = object.kind === "large object" ? (name: string) => name : plain;
  return `${object.kind} ${objectName(object, of)}${object.kind === "column" ? `.${plain(object.rest)}` : ""}`;
}
