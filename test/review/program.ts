import { changed, type Declared, declaredBy, previewOf, type State } from "./program-preview";

/** The prod stack's program, with what changes in it. */
export class Program {
  private constructor(readonly declared: Declared) {}

  /** Declares a stack with two apps, of which wms has a reader. */
  static async of(stack: string): Promise<Program> {
    return new Program(await declaredBy(stack, { apps: { auth: {}, wms: { reader: true } } }));
  }

  /** State of a resource. */
  state(name: string): State {
    const found = this.declared.get(name);
    if (found === undefined) throw new Error(`no resource ${name}`);
    return found;
  }

  /** Preview of other inputs for one resource. */
  with(name: string, inputs: Readonly<Record<string, unknown>>, state: Partial<State> = {}): object {
    return previewOf(this.declared, changed(this.declared, name, inputs, state));
  }

  /** Preview of resources that go. */
  without(...names: readonly string[]): object {
    for (const name of names) this.state(name);
    return previewOf(this.declared, new Map([...this.declared].filter(([name]) => !names.includes(name))));
  }
}
