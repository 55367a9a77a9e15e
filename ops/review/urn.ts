/** The parts of a resource's URN. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** Types of the components around it, outermost first. */
  readonly parentTypes: readonly string[];
  readonly type: string;
  /** Logical name; it may hold `::` itself. */
  readonly name: string;
}

/** Reads `urn:pulumi:<stack>::<project>::<type>$<type>::<name>`; undefined for any other text. */
export function parseUrn(text: string): Urn | undefined {
  const match = /^urn:pulumi:([^:]+)::([^:]+)::(.+?)::([\s\S]*)$/.exec(text);
  const [, stack, project, types, name] = match ?? [];
  if (stack === undefined || project === undefined || types === undefined || name === undefined)
    return undefined;
  const parentTypes = types.split("$");
  const type = parentTypes.pop();
  return type === undefined || type === "" ? undefined : { stack, project, parentTypes, type, name };
}
