import { execFileSync } from "node:child_process";
import { relative } from "node:path";
import { CHECKOUT } from "../../cli/checkout";
import { runLine } from "../../cli/main";
import { printedBy } from "../helpers/printed";
import { RUN_TYPESCRIPT } from "../helpers/process";
import { COMMANDS, ENTRY_POINTS } from "./command-line";

/** An option as help says it: what is typed, and whether a value follows. */
interface HelpOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
}

const helpOf = async (entry: (typeof COMMANDS)[number]["entry"], ...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await printedBy(() => runLine(entry, [...args, "--help"]));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
};

/** The options that a help text names, its own aside. */
const optionsIn = (help: string): HelpOption[] =>
  [...help.matchAll(/^ {2}(?:(-[a-z]), )?(--[a-z-]+)( [^ ]+)?(?: {2}|$)/gm)]
    .map(([, short, long = "", value]) => ({ long, short, takesValue: value !== undefined }))
    .filter(({ long }) => long !== "--help");

/** Runs in what looks like a terminal of some width. */
async function inTerminal<T>(columns: number, work: () => Promise<T>): Promise<T> {
  const before = ["isTTY", "columns"].map(
    (name) => [name, Object.getOwnPropertyDescriptor(process.stdout, name)] as const,
  );
  Object.defineProperty(process.stdout, "isTTY", { value: true, configurable: true });
  Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
  try {
    return await work();
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor === undefined) Reflect.deleteProperty(process.stdout, name);
      else Object.defineProperty(process.stdout, name, descriptor);
  }
}

const STATUSES =
  /^Exit status:\n {2}0 .*\n {2}1 .*\n(?: {6}.*\n)+(?: {2}2 .*\n(?: {6}.*\n)*)? {2}64 {2}the command line is wrong$/m;

describe.each(COMMANDS)("$entry.typed $name --help", ({ entry, name, listed }) => {
  test("fits 80 columns, and says how it is typed, what it does, and the statuses", async () => {
    const help = await helpOf(entry, name);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(help.replace(/\s+/g, " ")).toContain(`${entry.typed} ${name} ${listed.usage}`.trim());
    expect(help.replace(/\s+/g, " ")).toContain(listed.summary);
    expect(help).toMatch(STATUSES);
    expect((await printedBy(() => runLine(entry, ["help", name]))).stdout).toBe(help);
  });

  test("has a sentence for each option, and an example that is understood", async () => {
    const help = await helpOf(entry, name);
    const { options } = await listed.load();
    for (const { help: sentence } of Object.values(options)) expect(sentence).toMatch(/^\S+ \S.*[^.]$/);
    const [, typed, example = ""] = /^For example:\n {2}(npm run \w+ --) (.*)$/m.exec(help) ?? [];
    expect(typed).toBe(entry.typed);
    const { stderr } = await printedBy(() => runLine(entry, [...example.split(" "), "--taken-nowhere"]));
    expect(stderr.split(";")[0]).toBe("error: Unknown option '--taken-nowhere'");
  });

  test.each([79, 60, 40])("fits a terminal of %d columns", async (columns) => {
    const help = await inTerminal(columns, () => helpOf(entry, name));
    const isBroken = (line: string): boolean => line.length > columns && /^ *\S+ +\S/.test(line);
    // An option's name with its value, a stack's file: what cannot be broken may stand out.
    expect(help.split("\n").filter(isBroken)).toEqual([]);
  });

  test("names what it takes, as it takes it, and nothing that it does not take", async () => {
    const named = optionsIn(await helpOf(entry, name));
    // The last option is taken nowhere. It is refused, and nothing is run, after everything before it was accepted.
    const refused = async (...given: string[]): Promise<string> => {
      const { status, stderr } = await printedBy(() => runLine(entry, [name, ...given, "--taken-nowhere"]));
      expect(status).toBe(64);
      return stderr.split(";")[0] ?? "";
    };
    const typed = named.flatMap(({ long, short, takesValue }) => {
      const forms = short === undefined ? [long] : [long, short];
      return forms.flatMap((form) => (takesValue ? [form, "x"] : [form]));
    });
    expect(await refused(...typed)).toBe("error: Unknown option '--taken-nowhere'");
    for (const { long, takesValue } of named) {
      const wrong = takesValue ? await refused(long) : await refused(`${long}=x`);
      expect(wrong).toMatch(takesValue ? /argument (missing|is ambiguous)/ : /does not take an argument/);
    }
    const everywhere = await Promise.all(COMMANDS.map((other) => helpOf(other.entry, other.name)));
    const others = new Set(everywhere.flatMap(optionsIn).map(({ long }) => long));
    for (const { long } of named) others.delete(long);
    for (const long of others) expect(await refused(long)).toBe(`error: Unknown option '${long}'`);
  });
});

test.each(Object.entries(ENTRY_POINTS))(
  "%s --help lists every command, and says the statuses",
  async (_entry, entry) => {
    const help = await helpOf(entry);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(help).toMatch(STATUSES);
    for (const { name, usage, summary } of entry.commands) {
      expect(help).toContain(`\n  ${`${name} ${usage}`.trim()}\n`);
      expect(help.replace(/\s+/g, " ")).toContain(summary);
    }
  },
);

/** Files that a script loads, from the root of the checkout. */
function loaded(script: string): string[] {
  const print = "console.log(Object.keys(require.cache).join('\\n'))";
  const line = [...RUN_TYPESCRIPT, "-e", `${script}${print}`];
  const output = execFileSync(process.execPath, line, { cwd: CHECKOUT, encoding: "utf8" });
  return output.split("\n").map((file) => relative(CHECKOUT, file));
}

test("a list of commands is read without loading any, and a command without the others", () => {
  const list = loaded("require('./cli/main'); require('./ops/commands'); require('./local/commands');");
  expect(list.filter((file) => /^(ops|access|policy|stacks)\//.test(file))).toEqual(["ops/commands.ts"]);
  expect(
    list.filter((file) => /node_modules\/(pg|@pulumi|@aws-sdk|zod|yaml|libpg-query)\//.test(file)),
  ).toEqual([]);
  const review = loaded("require('./ops/review/command');");
  expect(review.filter((file) => /^ops\/(?!review\/)/.test(file))).toEqual([]);
});

test("no command loads the SDK: what it speaks is the messages of its protocol alone", () => {
  const script =
    "for (const { commands } of [require('./ops/commands').OPS, require('./local/commands').LOCAL]) ";
  const files = loaded(`${script} for (const one of commands) one.load();`);
  expect(files.filter((file) => /^(ops|local)\/.*(command|verbs\/\w+)\.ts$/.test(file)).length).toBe(
    COMMANDS.length,
  );
  expect(files).toContain("local/providers/index.ts");
  expect(files.filter((file) => /node_modules\/@pulumi\/(?!pulumi\/proto\/)/.test(file))).toEqual([]);
});
