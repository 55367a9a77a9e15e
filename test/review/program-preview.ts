import { isDeepStrictEqual } from "node:util";
import type { Recorded } from "../helpers/recorded";
import { type Overrides, settingsOf } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";
import { type PrintedPreview, type PrintedState, previewFrom, stepOf } from "./engine-preview";

/** A resource's state as a program declares it. */
export interface DeclaredState extends PrintedState {
  readonly inputs: Readonly<Record<string, unknown>>;
}

type Secrets = Readonly<Record<string, unknown>>;

/** Two apps, of which wms has a reader. */
export const TWO_APPS: Overrides = { apps: { auth: {}, wms: { reader: true } } };

const PASSWORD = "random:index/randomPassword:RandomPassword";

/** What a stack's program declares, as the engine would print it. */
export class StackProgram {
  private constructor(
    /** The stack's settings. */
    readonly config: Readonly<Record<string, string>>,
    /** Every resource by logical name; components have the ending ` (component)`. */
    readonly states: ReadonlyMap<string, DeclaredState>,
    /** What the engine does not print: their secret inputs. */
    readonly secrets: ReadonlyMap<string, Secrets>,
  ) {}

  /** Runs the program of a stack with its committed settings and some replaced. */
  static async of(stack: string, overrides: Overrides = {}): Promise<StackProgram> {
    const { resources } = await runStack(stack, overrides);
    const settings = Object.entries(settingsOf(stack, overrides));
    const config = Object.fromEntries(settings.map(([key, value]) => [`portal-db:${key}`, value]));
    const secrets = resources.map((resource) => [keyOf(resource), secretsOf(resource)] as const);
    return new StackProgram(config, statesOf(stack, resources), new Map(secrets));
  }

  /** A program that declares nothing: what a stack is before its first deployment. */
  static nothing(): StackProgram {
    return new StackProgram({}, new Map(), new Map());
  }

  /** State of a resource. @throws when there is none of the name */
  state(name: string): DeclaredState {
    const found = this.states.get(name);
    if (found === undefined) throw new Error(`no resource ${name}`);
    return found;
  }

  /** The program with one resource altered, in a way that no program may declare; undefined inputs are taken away. */
  with(
    name: string,
    inputs: Readonly<Record<string, unknown>>,
    state: Partial<DeclaredState> = {},
  ): StackProgram {
    const old = this.state(name);
    const merged = Object.entries({ ...old.inputs, ...inputs }).filter(([, value]) => value !== undefined);
    return this.having([...this.states, [name, { ...old, inputs: Object.fromEntries(merged), ...state }]]);
  }

  /** The program without some of its resources. */
  without(...names: readonly string[]): StackProgram {
    for (const name of names) this.state(name);
    return this.having([...this.states].filter(([name]) => !names.includes(name)));
  }

  private having(states: readonly (readonly [string, DeclaredState])[]): StackProgram {
    return new StackProgram(this.config, new Map(states), this.secrets);
  }
}

/**
 * What `pulumi preview --json --show-sames` prints where one program is deployed and another one stands in its place.
 * A secret that is made of a new password is not known yet, so that it differs from the one before.
 */
export function previewBetween(before: StackProgram, after: StackProgram): PrintedPreview {
  const renewed = new Set<string>();
  const steps = [...new Set([...after.states.keys(), ...before.states.keys()])].map((name) => {
    const [old, now] = [before.states.get(name), after.states.get(name)];
    const [known, wanted] = [before.secrets.get(name) ?? {}, after.secrets.get(name) ?? {}];
    const isRenewed = now?.dependencies?.some((urn) => renewed.has(urn)) === true;
    const step = stepOf(
      old,
      now,
      Object.keys(wanted).filter((key) => isRenewed || !isDeepStrictEqual(known[key], wanted[key])),
    );
    if (now?.type === PASSWORD && step.op !== "same") renewed.add(now.urn);
    return step;
  });
  return previewFrom(steps, after.config);
}

function keyOf({ name, custom }: Recorded): string {
  return custom ? name : `${name} (component)`;
}

function secretsOf({ inputs, secretInputs }: Recorded): Secrets {
  const isSecret = (key: string) => secretInputs.some((path) => path === key || path.startsWith(`${key}.`));
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => isSecret(key)));
}

/** Gives the resources the URNs and states that the engine would. Secrets look as it shows them. */
function statesOf(stack: string, resources: readonly Recorded[]): Map<string, DeclaredState> {
  const prefix = `urn:pulumi:${stack}::portal-db`;
  const root = `${prefix}::pulumi:pulumi:Stack::portal-db-${stack}`;
  const urnByIdentity = new Map<string, string>();
  const typesByIdentity = new Map<string, string>();
  const states = new Map<string, DeclaredState>();
  for (const resource of resources) {
    const { identity, type, name, custom, inputs, parent, protect, dependencies, provider } = resource;
    const above = typesByIdentity.get(parent);
    const types = above === undefined ? type : `${above}$${type}`;
    const urn = `${prefix}::${types}::${name}`;
    typesByIdentity.set(identity, types);
    urnByIdentity.set(identity, urn);
    const hidden = Object.keys(secretsOf(resource)).map((key) => [key, "[secret]"]);
    const byDefault = `${prefix}::pulumi:providers:${type.split(":")[0]}::default`;
    states.set(keyOf(resource), {
      urn,
      custom,
      ...(custom ? { id: `id of ${name}` } : {}),
      type,
      inputs: { ...inputs, ...Object.fromEntries(hidden) },
      parent: urnByIdentity.get(parent) ?? root,
      ...(protect ? { protect } : {}),
      dependencies: dependencies.map((one) => urnByIdentity.get(one) ?? one),
      ...(custom ? { provider: `${urnByIdentity.get(provider) ?? byDefault}::id` } : {}),
    });
  }
  return states;
}
