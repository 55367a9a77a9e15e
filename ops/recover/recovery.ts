import { inputOf } from "../../access/declared-resource";
import type { Present } from "./aws";
import { createOf, type Inputs } from "./creates";
import { nameIn, type Operation, type StateResource, type Taken } from "./state";

/** What becomes of what was under way. */
export interface Recovery {
  /** What was made, and is taken into the state. */
  readonly taken: readonly Taken[];
  /** One line for each thing that was under way. */
  readonly lines: readonly string[];
  /** What stands in the way of taking in what is there, one line each: nothing is changed then. */
  readonly misfits: readonly string[];
  /** What may be left without an owner, and what to type. */
  readonly orphans: readonly string[];
}

/** Asks for what a create should make, each where it is: its secrets are not known. */
export type Ask = Readonly<
  Record<"postgres" | "aws", (resource: StateResource) => Promise<Present | undefined>>
>;

/** What the provider has said that it made, of what nobody can ask for by name. */
const answered = ({ id = "" }: StateResource): Present | undefined => (id === "" ? undefined : { id });

/** Inputs without the wrappers of secrets, which stay ciphertexts. */
function plainInputs({ inputs = {} }: StateResource): Inputs {
  return Object.fromEntries(Object.keys(inputs).map((key) => [key, inputOf(inputs, key)]));
}

/**
 * Finds out, for each thing that was under way, what became of it.
 * @param known what the state has already: a create that a later run made good on may still stand among them
 */
export async function recoveryOf(
  operations: readonly Operation[],
  known: readonly StateResource[],
  ask: Ask,
): Promise<Recovery> {
  const taken = new Map<string, Taken>();
  const found = {
    lines: new Map<string, string>(),
    misfits: new Map<string, string>(),
    orphans: new Set<string>(),
  };
  for (const { type, resource } of operations) {
    const { urn } = resource;
    const name = `${nameIn(urn)} (${resource.type.split(":").at(-1)})`;
    const say = (text: string): void => {
      found.lines.set(urn, `${name}: ${text}`);
    };
    if (taken.has(urn)) continue;
    if (type === "updating" || type === "deleting") {
      say(`${type}, cut off; the next deployment reads it first`);
      continue;
    }
    if (type !== "creating") {
      say(`${type}, cut off; it is done again`);
      continue;
    }
    const create = createOf(resource);
    if (create.by === "again") {
      say("creating, cut off; it is made again, which is harmless");
      continue;
    }
    const inputs = plainInputs(resource);
    const there = create.by === "hand" ? answered(resource) : await ask[create.by]({ ...resource, inputs });
    const present = known.find((one) => one.urn === urn);
    const isOther = there !== undefined && present !== undefined && present.id !== there.id;
    if (create.by === "hand" && (there === undefined || isOther)) {
      // What a later run made stands in its place; nobody here could see it go.
      say(`creating, cut off; ${there?.id ?? "it"} may be there`);
      found.orphans.add(`${name}: ${create.look(inputs)}`);
    } else if (there === undefined) say("creating, cut off; it is not there, and is made");
    else if (present !== undefined && !isOther) say("it is in the state already");
    else if (present !== undefined) {
      const whose = there.misfit === undefined ? "; the stack made it to take that one's place" : "";
      found.misfits.set(
        urn,
        `${name}: ${there.id} is there, and the state has another one, ${present.id}${whose}`,
      );
    } else if (there.misfit !== undefined)
      found.misfits.set(urn, `${name}: ${there.id} is there, but ${there.misfit}`);
    else {
      say(`creating, cut off; ${there.id} is there, and is taken in`);
      found.misfits.delete(urn);
      taken.set(urn, { resource, id: there.id });
    }
  }
  return {
    taken: [...taken.values()],
    lines: [...found.lines.values()],
    misfits: [...found.misfits.values()],
    orphans: [...found.orphans],
  };
}
