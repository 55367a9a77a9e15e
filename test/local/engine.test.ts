import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { Deployment, type DeploymentOptions } from "../../local/engine/deployment";
import type { Handler } from "../../local/engine/handler";
import type { Declaration } from "../../local/engine/request";
import { State } from "../../local/engine/state";
import { secret, UNKNOWN_VALUE } from "../../local/engine/values";

let stateDir: string;
let done: string[];
let failing: string | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(resolve(tmpdir(), "portal-db-state-"));
  done = [];
  failing = undefined;
});

afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

/** A server that remembers what was asked of it. */
const handler: Handler = {
  home: "emulator",
  replaceOn: ["kind", "block.fixed"],
  sets: ["list"],
  defaults: { mode: "plain" },
  same: (name, before, after) =>
    name === "text" && String(before[name]).trim() === String(after[name]).trim(),
  replacesIf: (before, after) => ("door" in before === "door" in after ? [] : ["door"]),
  create: async (inputs, call) => {
    if (call.name === failing) throw new Error("the server said no");
    done.push(`create ${call.name}`);
    return { id: `${call.name}-${call.seed}`, outputs: inputs };
  },
  update: async (before, inputs, call) => {
    done.push(`update ${call.name}`);
    return { id: before.id, outputs: inputs };
  },
  read: async (before) => (before.id === "there" ? {} : undefined),
  remove: async (before) => void done.push(`remove ${before.id.split("-")[0]}`),
};

function declared(
  name: string,
  inputs: Record<string, unknown> = {},
  more: Partial<Declaration> = {},
): Declaration {
  return {
    urn: `urn:${name}`,
    type: "test:index:Thing",
    name,
    custom: true,
    inputs,
    parent: "",
    dependencies: [],
    provider: "",
    protect: false,
    ignoreChanges: [],
    deleteBeforeReplace: undefined,
    isMadeAnew: false,
    trigger: undefined,
    retainOnDelete: false,
    importId: "",
    aliases: [],
    secretOutputs: [],
    ...more,
  };
}

/** Runs a program that declares these things. */
async function deploy(things: readonly Declaration[], options: Partial<DeploymentOptions> = {}) {
  const state = State.read(stateDir, "test");
  if (options.preview !== true) state.save();
  const deployment = new Deployment(state, () => handler, { preview: false, ...options });
  for (const thing of things) await deployment.register(thing);
  await deployment.finish();
  return deployment.steps.map(({ op, name, diff }) => [op, name, ...(diff ?? [])].join(" "));
}

test("what is declared is created once, and then stays", async () => {
  expect(await deploy([declared("a", { size: 1 })])).toEqual(["create a"]);
  expect(await deploy([declared("a", { size: 1 })])).toEqual(["same a"]);
  expect(done).toEqual(["create a"]);
});

test("a changed property is an update that names it; the order of a set is no change", async () => {
  await deploy([declared("a", { size: 1, list: ["x", "y"] })]);
  expect(await deploy([declared("a", { size: 1, list: ["y", "x"] })])).toEqual(["same a"]);
  expect(await deploy([declared("a", { size: 2, list: ["y"] })])).toEqual(["update a list size"]);
});

test("an ignored property keeps its old value", async () => {
  await deploy([declared("a", { size: 1 })]);
  expect(await deploy([declared("a", { size: 2 }, { ignoreChanges: ["size"] })])).toEqual(["same a"]);
});

test("what exists already and is taken over keeps what it ignores; what is made gets it", async () => {
  const things = (importId: string) => [
    declared("a", { size: 1, name: "n" }, { importId, ignoreChanges: ["size"] }),
  ];
  const inputs = () => State.read(stateDir, "test").resources.get("urn:a")?.inputs;
  await deploy(things("there"));
  expect(inputs()).toEqual({ name: "n" });
  await deploy([]);
  await deploy(things(""));
  expect(inputs()).toEqual({ name: "n", size: 1 });
});

test("what has another URN than before stays, under the new one, and so does what needs it", async () => {
  await deploy([declared("a"), declared("b", {}, { dependencies: ["urn:a"], provider: "urn:a::an-id" })]);
  done = [];
  const renamed = [
    declared("a2", {}, { aliases: ["urn:other", "urn:a"] }),
    declared("b", {}, { dependencies: ["urn:a2"], provider: "urn:a2::an-id" }),
  ];
  expect(await deploy(renamed, { preview: true })).toEqual(["same a2", "same b"]);
  expect(await deploy(renamed.slice(0, 1), { preview: true })).toEqual(["same a2", "delete b"]);
  // A run that ends early, here before it came to b.
  await new Deployment(State.read(stateDir, "test"), () => handler, { preview: false }).register(
    renamed[0] as Declaration,
  );
  const { resources } = State.read(stateDir, "test");
  expect([...resources.values()].map(({ urn, needs, provider }) => [urn, needs, provider])).toEqual([
    ["urn:a2", [], ""],
    ["urn:b", ["urn:a2"], "urn:a2::an-id"],
  ]);
  expect(await deploy(renamed)).toEqual(["same a2", "same b"]);
  expect(done).toEqual([]);
});

test("what is to stay on its server is forgotten, and no more", async () => {
  await deploy([declared("a"), declared("b", {}, { retainOnDelete: true })]);
  done = [];
  expect(await deploy([])).toEqual(["delete b", "delete a"]);
  expect(done).toEqual(["remove a"]);
  expect(State.read(stateDir, "test").isEmpty).toBe(true);
});

test("a replacement is created before the old one is deleted, or after where that is asked for", async () => {
  await deploy([declared("a", { kind: "x" })]);
  expect(await deploy([declared("a", { kind: "y" })])).toEqual(["replace a kind"]);
  expect(done).toEqual(["create a", "create a", "remove a"]);
  done = [];
  await deploy([declared("a", { kind: "z" }, { deleteBeforeReplace: true })]);
  expect(done).toEqual(["remove a", "create a"]);
});

test("what is to be imported and does not exist is an error, and nothing is made", async () => {
  await expect(deploy([declared("a", {}, { importId: "nowhere" })])).rejects.toThrow(
    "test:index:Thing a cannot be imported: nowhere does not exist",
  );
  expect(done).toEqual([]);
  expect(State.read(stateDir, "test").begun.size).toBe(0);
});

test("what a program names is deleted before it is replaced, unless the program says otherwise", async () => {
  await deploy([declared("a", { name: "n", kind: "x" })]);
  done = [];
  await deploy([declared("a", { name: "m", kind: "y" })]);
  expect(done).toEqual(["remove a", "create a"]);
  done = [];
  await deploy([declared("a", { name: "l", kind: "z" }, { deleteBeforeReplace: false })]);
  expect(done).toEqual(["create a", "remove a"]);
});

test.each([
  [{ mode: "plain" }, "same"],
  [{ mode: "fancy" }, "update"],
  [{ text: " t " }, "same"],
  [{ text: "u" }, "update"],
  [{ block: { loose: 2, fixed: 1 } }, "update"],
  [{ block: { loose: 1, fixed: 2 } }, "replace"],
  [{ block: undefined }, "replace"],
  [{ door: "in" }, "replace"],
])("the provider's own view of a change counts: %j is %s", async (change, op) => {
  const inputs = { text: "t", block: { loose: 1, fixed: 1 } };
  await deploy([declared("a", inputs)]);
  const changed = JSON.parse(JSON.stringify({ ...inputs, ...change }));
  expect((await deploy([declared("a", changed)]))[0]).toMatch(new RegExp(`^${op} a\\b`));
});

test("what is declared no longer is deleted after what needs it", async () => {
  const chain = [
    declared("a"),
    declared("b", {}, { dependencies: ["urn:a"] }),
    declared("c", {}, { dependencies: ["urn:b"] }),
  ];
  await deploy(chain);
  done = [];
  expect(await deploy([])).toEqual(["delete c", "delete b", "delete a"]);
  expect(State.read(stateDir, "test").isEmpty).toBe(true);
});

test("protected resources are neither deleted nor replaced, each is named, and nothing beside them is deleted", async () => {
  await deploy([
    declared("a", { kind: "x" }, { protect: true }),
    declared("b"),
    declared("c", {}, { protect: true }),
  ]);
  done = [];
  await expect(deploy([])).rejects.toThrow(
    "these cannot be deleted because they are protected, and nothing was deleted:\n  urn:c\n  urn:a\nPut them back",
  );
  await expect(deploy([declared("a", { kind: "y" }), declared("b")])).rejects.toThrow(
    'unable to replace resource "urn:a" as it is currently marked for protection',
  );
  expect(done).toEqual([]);
});

test("a failure keeps what was done before, and the next run does the rest", async () => {
  failing = "b";
  await expect(deploy([declared("a"), declared("b"), declared("c")])).rejects.toThrow("the server said no");
  failing = undefined;
  expect(await deploy([declared("a"), declared("b"), declared("c")])).toEqual([
    "same a",
    "create b",
    "create c",
  ]);
});

test("a creation that was cut off is done again with the same seed", async () => {
  failing = "a";
  await expect(deploy([declared("a")])).rejects.toThrow();
  const seed = State.read(stateDir, "test").begun.get("urn:a");
  failing = undefined;
  await deploy([declared("a")]);
  expect(State.read(stateDir, "test").resources.get("urn:a")?.id).toBe(`a-${seed}`);
});

test("a journal whose last line was cut off is read up to there", async () => {
  const state = State.read(stateDir, "test");
  state.save();
  state.record({ begin: "urn:a", seed: "1" });
  appendFileSync(resolve(stateDir, "test.journal"), '{"begin":"urn:b","se');
  expect([...State.read(stateDir, "test").begun.keys()]).toEqual(["urn:a"]);
});

test("a preview calls no handler, writes nothing, and shows what an update would know as not known yet", async () => {
  await deploy([declared("a", { size: 1 })]);
  const before = readFileSync(resolve(stateDir, "test.json"), "utf8");
  done = [];
  const things = [declared("a", { size: UNKNOWN_VALUE }), declared("b")];
  expect(await deploy(things, { preview: true })).toEqual(["update a size", "create b"]);
  expect(await deploy([], { preview: true })).toEqual(["delete a"]);
  expect(done).toEqual([]);
  expect(readFileSync(resolve(stateDir, "test.json"), "utf8")).toBe(before);
});

test("a secret input is a secret output, and the state is its owner's alone", async () => {
  const password = secret("hunter2");
  await deploy([declared("a", { password, plain: "x" }, { secretOutputs: ["plain"] })]);
  const { outputs } = State.read(stateDir, "test").resources.get("urn:a") ?? {};
  expect(outputs).toEqual({ password, plain: secret("x") });
  expect(statSync(resolve(stateDir, "test.json")).mode & 0o077).toBe(0);
});

test("a run of many resources writes in proportion to their number", async () => {
  const writtenFor = async (count: number): Promise<number> => {
    const state = State.read(stateDir, `many-${count}`);
    state.save();
    const deployment = new Deployment(state, () => handler, { preview: false });
    for (let number = 0; number < count; number++)
      await deployment.register(declared(`r${number}`, { number }));
    const { size } = statSync(resolve(stateDir, `many-${count}.journal`));
    return size / count;
  };
  expect(await writtenFor(400)).toBeLessThan(1.1 * (await writtenFor(100)));
});

test("a URN that is declared twice is an error", async () => {
  await expect(deploy([declared("a"), declared("a")])).rejects.toThrow("duplicate resource URN urn:a");
});
