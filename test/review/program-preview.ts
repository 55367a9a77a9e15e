import { isDeepStrictEqual } from "node:util";
import type { Overrides } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

/** A resource's state, in the form in which the engine prints it. */
export interface State {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly parent: string;
}

/** A step of a preview. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
}

/** Everything that a stack's program declares, by logical name; components have the ending ` (component)`. */
export type Declared = ReadonlyMap<string, State>;

/** Runs a stack's program and gives its resources the URNs and states that the engine would. Secrets look as it shows them. */
export async function declaredBy(stack: string, overrides: Overrides = {}): Promise<Declared> {
  const { resources } = await runStack(stack, overrides);
  const root = `urn:pulumi:${stack}::portal-db::pulumi:pulumi:Stack::portal-db-${stack}`;
  const urnByIdentity = new Map<string, string>();
  const typesByIdentity = new Map<string, string>();
  const states = new Map<string, State>();
  for (const { identity, type, name, custom, inputs, secretInputs, parent, protect } of resources) {
    const above = typesByIdentity.get(parent);
    const types = above === undefined ? type : `${above}$${type}`;
    const urn = `urn:pulumi:${stack}::portal-db::${types}::${name}`;
    typesByIdentity.set(identity, types);
    urnByIdentity.set(identity, urn);
    const shown = Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [
        key,
        secretInputs.some((path) => path === key || path.startsWith(`${key}.`)) ? "[secret]" : value,
      ]),
    );
    const state = { urn, type, custom, inputs: shown, protect, parent: urnByIdentity.get(parent) ?? root };
    states.set(custom ? name : `${name} (component)`, state);
  }
  return states;
}

/** The resources with one changed; undefined inputs are taken away. */
export function changed(
  declared: Declared,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  state: Partial<State> = {},
): Declared {
  const old = declared.get(name);
  if (old === undefined) throw new Error(`no resource ${name}`);
  const merged = Object.entries({ ...old.inputs, ...inputs }).filter(([, value]) => value !== undefined);
  return new Map([...declared, [name, { ...old, inputs: Object.fromEntries(merged), ...state }]]);
}

/** One step, as the engine would put it. */
export function stepOf(before: State | undefined, after: State | undefined): Step {
  const urn = (after ?? before)?.urn ?? "";
  if (before === undefined) return { op: "create", urn, ...(after === undefined ? {} : { newState: after }) };
  if (after === undefined) return { op: "delete", urn, oldState: before };
  const keys = [...new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])];
  const diffReasons = keys.filter((key) => !isDeepStrictEqual(before.inputs[key], after.inputs[key]));
  return {
    op: diffReasons.length === 0 ? "same" : "update",
    urn,
    oldState: before,
    newState: after,
    diffReasons,
  };
}

/** What `pulumi preview --json --show-sames` prints for the change from one to the other. */
export function previewOf(before: Declared, after: Declared): { steps: Step[]; changeSummary: object } {
  const names = [...new Set([...after.keys(), ...before.keys()])];
  return previewFrom(names.map((name) => stepOf(before.get(name), after.get(name))));
}

/** A preview of steps. */
export function previewFrom(steps: readonly Step[]): {
  steps: Step[];
  changeSummary: Record<string, number>;
} {
  const changeSummary: Record<string, number> = {};
  for (const { op } of steps) changeSummary[op] = (changeSummary[op] ?? 0) + 1;
  return { steps: [...steps], changeSummary };
}
