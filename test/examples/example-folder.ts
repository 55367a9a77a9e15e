import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKOUT, type Ended, endOf, RUN_TYPESCRIPT } from "../helpers/process";

/** The committed examples. */
export const EXAMPLES = resolve(CHECKOUT, "examples");

/** A copy of a committed example outside the checkout, as a reader makes one. */
export class ExampleFolder {
  private constructor(
    readonly dir: string,
    private readonly engine: string,
  ) {}

  /** @param parent folder to copy it into */
  static copy(parent: string, example: string, name = example): ExampleFolder {
    const dir = resolve(parent, "examples", name);
    cpSync(resolve(EXAMPLES, example), dir, { recursive: true });
    const engine = resolve(parent, "schema-engine");
    const command = [process.execPath, ...RUN_TYPESCRIPT, resolve(__dirname, "schema-engine.ts")];
    const program = `exec ${command.map((word) => `"${word}"`).join(" ")} "$@"`;
    writeFileSync(engine, `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    return new ExampleFolder(dir, engine);
  }

  /** Path of a file in it. */
  path(...parts: readonly string[]): string {
    return resolve(this.dir, ...parts);
  }

  /** Text of a file in it. */
  read(...parts: readonly string[]): string {
    return readFileSync(this.path(...parts), "utf8");
  }

  /** Changes a file in it; what does not change it is a mistake of the test. */
  change(file: string, change: (text: string) => string): void {
    const before = this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`${file} is as it was`);
    writeFileSync(this.path(file), after);
  }

  /** `npm install`, from npm's cache as far as it goes. Scripts of packages download engines, which the examples allow to none. */
  install(): Promise<Ended> {
    const npm = { npm_config_prefer_offline: "true", npm_config_ignore_scripts: "true" };
    const env = { ...process.env, ...this.engineOnly(), ...npm };
    return endOf(spawn("npm", ["install", "--no-audit"], { cwd: this.dir, env }));
  }

  /** Takes the packages of another example that installed the same ones. */
  packagesOf({ dir }: ExampleFolder): void {
    mkdirSync(this.dir, { recursive: true });
    symlinkSync(resolve(dir, "node_modules"), this.path("node_modules"));
  }

  /** Runs a command in it with these variables alone, beside what finds programs and Prisma's engine. */
  run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const [program = "", ...args] = command;
    const { PATH = "", HOME = "" } = process.env;
    const quiet = { CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1", NO_COLOR: "1" };
    return endOf(
      spawn(program, args, {
        cwd: this.dir,
        env: { PATH, HOME, ...quiet, ...this.engineOnly(), ...env },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  /** The same in a terminal, without which `prisma migrate dev` refuses to work. */
  runInTerminal(command: readonly string[]): Promise<Ended> {
    const terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    return this.run(["python3", "-c", terminal, ...command]);
  }

  /** Its native engine is a download; this one stands in. */
  private engineOnly(): Record<string, string> {
    return { PRISMA_SCHEMA_ENGINE_BINARY: this.engine };
  }
}
