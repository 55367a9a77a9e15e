import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { MistakeError } from "../../infra/mistake";
import { isRecord, type Properties } from "./values";

/** One line of a journal: what a single step changed. */
type Change =
  | { readonly put: Resource; readonly replaces?: boolean }
  | { readonly drop: string; readonly id?: string }
  | { readonly begin: string; readonly seed: string }
  | { readonly rename: string; readonly to: string }
  | { readonly outputs: Properties };

interface Snapshot {
  readonly resources: readonly Resource[];
  readonly condemned: readonly Resource[];
  readonly begun: Readonly<Record<string, string>>;
  readonly outputs: Properties;
}

const isSnapshot = ({ resources, condemned, begun, outputs }: Snapshot): boolean =>
  Array.isArray(resources) && Array.isArray(condemned) && isRecord(begun) && isRecord(outputs);

/**
 * What one stack has deployed. Every step appends a line to a journal before the next one begins, so that a killed
 * run loses nothing; the journal is folded into the state file when a run starts and ends. Both are readable by their
 * owner alone, since they hold passwords.
 */
export class State {
  /** What is deployed, by URN. */
  readonly resources = new Map<string, Resource>();
  /** Old halves of replacements, still to be deleted. */
  condemned: Resource[] = [];
  /** Seeds of creations that began and did not end, and of what is deleted and may be restored, by URN. */
  readonly begun = new Map<string, string>();
  /** The stack's outputs, secrets wrapped. */
  outputs: Properties = {};

  private constructor(
    private readonly file: string,
    private readonly journal: string,
  ) {}

  /** Reads a stack's state; one that was never deployed is empty. */
  static read(stateDir: string, stack: string): State {
    const state = new State(resolve(stateDir, `${stack}.json`), resolve(stateDir, `${stack}.journal`));
    if (existsSync(state.file))
      state.load(parse<Snapshot>(readFileSync(state.file, "utf8"), state.file, isSnapshot));
    if (existsSync(state.journal)) {
      const lines = readFileSync(state.journal, "utf8").split("\n");
      // What follows the last line's end was cut off by a kill, and its step is done again.
      for (const line of lines.slice(0, -1)) state.apply(parse<Change>(line, state.journal));
    }
    return state;
  }

  /** Whether nothing is left of the stack. */
  get isEmpty(): boolean {
    return this.resources.size === 0 && this.condemned.length === 0;
  }

  /** Takes a change and writes it down. */
  record(change: Change): void {
    this.apply(change);
    appendFileSync(this.journal, `${JSON.stringify(change)}\n`, { mode: 0o600 });
  }

  /** Folds the journal into the state file, in one rename. */
  save(): void {
    mkdirSync(resolve(this.file, ".."), { recursive: true, mode: 0o700 });
    const snapshot: Snapshot = {
      resources: [...this.resources.values()],
      condemned: this.condemned,
      begun: Object.fromEntries(this.begun),
      outputs: this.outputs,
    };
    writeFileSync(`${this.file}.new`, `${JSON.stringify(snapshot, undefined, 1)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    rmSync(this.journal, { force: true });
  }

  /** Forgets the stack. */
  remove(): void {
    rmSync(this.file, { force: true });
    rmSync(this.journal, { force: true });
  }

  private load(snapshot: Snapshot): void {
    for (const resource of snapshot.resources) this.resources.set(resource.urn, resource);
    for (const [urn, seed] of Object.entries(snapshot.begun)) this.begun.set(urn, seed);
    this.condemned = [...snapshot.condemned];
    this.outputs = snapshot.outputs;
  }

  private apply(change: Change): void {
    if ("put" in change) {
      const old = this.resources.get(change.put.urn);
      if (change.replaces === true && old !== undefined) this.condemned.push(old);
      this.resources.set(change.put.urn, change.put);
      this.begun.delete(change.put.urn);
    } else if ("begin" in change) {
      this.begun.set(change.begin, change.seed);
    } else if ("rename" in change) {
      this.rename(change.rename, change.to);
    } else if ("outputs" in change) {
      this.outputs = change.outputs;
    } else if (change.id === undefined) {
      this.resources.delete(change.drop);
    } else {
      this.condemned = this.condemned.filter((old) => old.urn !== change.drop || old.id !== change.id);
    }
  }

  /** Gives a resource another URN, wherever it is named. */
  private rename(former: string, urn: string): void {
    for (const resource of [...this.resources.values()]) {
      const provider = resource.provider.startsWith(`${former}::`)
        ? urn + resource.provider.slice(former.length)
        : resource.provider;
      const needs = resource.needs.map((needed) => (needed === former ? urn : needed));
      const own = resource.urn === former ? urn : resource.urn;
      this.resources.delete(resource.urn);
      this.resources.set(own, { ...resource, provider, needs, urn: own });
    }
  }
}

function parse<T extends object>(
  text: string,
  file: string,
  isWhole: (content: T) => boolean = () => true,
): T {
  try {
    const content = JSON.parse(text) as T | null;
    if (typeof content === "object" && content !== null && isWhole(content)) return content;
  } catch {
    // Said below.
  }
  throw new MistakeError(
    `${file} is damaged: restore it, or start again (npm run local -- destroy, then up)`,
  );
}

/** Names of the stacks that were ever deployed. */
function knownStacks(stateDir: string): readonly string[] {
  if (!existsSync(stateDir)) return [];
  const names = readdirSync(stateDir).map((file) => /^(.+)\.(json|journal)$/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Forgets every stack, also one whose state cannot be read. */
export function forgetStacks(stateDir: string): void {
  for (const name of knownStacks(stateDir)) {
    for (const end of ["json", "journal"]) rmSync(resolve(stateDir, `${name}.${end}`), { force: true });
  }
}

/** Names of the stacks that have a state: prod first, since the others borrow from it. */
export function deployedStacks(stateDir: string): readonly string[] {
  const rank = (name: string): string => (name === "prod" ? "0" : name === "dev" ? "1" : `2${name}`);
  return knownStacks(stateDir)
    .filter((name) => !State.read(stateDir, name).isEmpty)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** A resource as a state file keeps it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a handler makes it; components only group others. */
  readonly custom: boolean;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** URNs of what it needs, its parent and provider among them. */
  readonly needs: readonly string[];
  /** `urn::id` of its provider, when the program names one. */
  readonly provider: string;
  readonly protect: boolean;
  /** Whether it stays on the server when the program no longer declares it. */
  readonly retainOnDelete?: boolean;
  /** What means a new one when it changes. */
  readonly trigger?: string;
  /** What the AWS emulator's ids were drawn from, so that they can be drawn again. */
  readonly seed: string;
}

/** Resources in an order in which each comes after everything it needs. */
export function inOrder(resources: Iterable<Resource>): readonly Resource[] {
  const list = [...resources];
  const byUrn = groups(list);
  const done = new Set<Resource>();
  const ordered: Resource[] = [];
  const visit = (resource: Resource): void => {
    if (done.has(resource)) return;
    done.add(resource);
    for (const urn of resource.needs) for (const needed of byUrn.get(urn) ?? []) visit(needed);
    ordered.push(resource);
  };
  for (const resource of list) visit(resource);
  return ordered;
}

function groups(list: readonly Resource[]): Map<string, Resource[]> {
  const byUrn = new Map<string, Resource[]>();
  for (const resource of list) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  return byUrn;
}
