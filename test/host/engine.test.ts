import { resolve } from "node:path";
import { messageOf } from "../../infra/mistake";
import { PROJECT } from "../../infra/names";
import { type Answers, Monitor } from "../../local/engine/monitor";
import { runProgram } from "../../local/engine/program";
import type { Declaration } from "../../local/engine/request";
import { opened, type Properties, secret, UNKNOWN_VALUE } from "../../local/engine/values";
import { CHECKOUT } from "../helpers/process";

/** Makes everything but what is to fail. */
class Maker implements Answers {
  readonly declared: Declaration[] = [];

  constructor(private readonly preview: boolean) {}

  async register(declared: Declaration): Promise<{ readonly id: string; readonly outputs: Properties }> {
    if (declared.inputs.fails === true) throw new Error("the server said no");
    this.declared.push(declared);
    const made = this.preview ? {} : { made: `made of ${declared.name}` };
    return { id: this.preview ? "" : declared.name, outputs: { ...declared.inputs, ...made } };
  }

  async invoke(): Promise<Properties> {
    throw new Error("no function is here");
  }
}

/** Runs one case of the program beside this file in the SDK's own host. */
async function run(which: string, preview = false) {
  const maker = new Maker(preview);
  const monitor = new Monitor("test", PROJECT, maker);
  const error = await runProgram(
    {
      project: PROJECT,
      stack: "test",
      root: CHECKOUT,
      main: resolve(__dirname, "program"),
      config: { [`${PROJECT}:case`]: which },
      preview,
    },
    monitor,
  ).then(() => undefined, messageOf);
  const things = maker.declared.filter(({ custom }) => custom);
  return { error, things: things.map(({ name, inputs }) => [name, inputs]), outputs: monitor.outputs };
}

test("a reference to another stack is refused by its name", async () => {
  expect((await run("reference")).error).toBe(
    "pulumi:pulumi:StackReference organization/other/prod failed: reading what exists is not something the local platform can do",
  );
});

test("an option that the engine does not heed is refused by its name", async () => {
  expect(await run("option")).toEqual({
    error: "test:index:Thing some failed: the local platform does not heed the option replaceOnChanges",
    things: [],
    outputs: {},
  });
});

test("the first resource that fails is the run's error, and what needs it is not asked for", async () => {
  expect(await run("failing")).toEqual({
    error: "test:index:Thing first failed: the server said no",
    things: [],
    outputs: {},
  });
});

test("what a program throws by itself comes with its trace", async () => {
  expect((await run("throwing")).error).toMatch(
    /^Running program '.*' failed with an unhandled exception:\nError: the program's own\n {4}at .*index\.ts/,
  );
});

test("outputs reach what uses them, and secrets stay secret", async () => {
  expect(await run("values")).toEqual({
    error: undefined,
    things: [
      ["first", { secret: secret("hidden") }],
      ["second", { of: "made of first" }],
    ],
    outputs: {
      plain: "made of first",
      hidden: secret("hidden made of first"),
      of: `urn:pulumi:test::${PROJECT}::test:index:Thing::second`,
    },
  });
});

test("a preview tells what is not known yet", async () => {
  const { error, things, outputs } = await run("values", true);
  expect([
    error,
    things.map(([name, inputs]) => [name, opened(inputs as Properties)]),
    outputs.plain,
  ]).toEqual([
    undefined,
    [
      ["first", { secret: "hidden" }],
      ["second", { of: UNKNOWN_VALUE }],
    ],
    UNKNOWN_VALUE,
  ]);
});
