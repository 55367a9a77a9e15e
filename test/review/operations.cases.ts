import { plainOf } from "../../ops/review/sentence";
import { type PrintedState, previewFrom } from "./engine-preview";
import { findingsOf, judge } from "./judge";
import { StackProgram, TWO_APPS } from "./program-preview";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** Steps of one resource, each as the engine prints it: a deletion has no new state, a creation no old one. */
function steps(state: PrintedState, ...ops: readonly string[]): object {
  const list = ops.map((op) => ({
    op,
    urn: state.urn,
    ...(/^(create|import)/.test(op) ? {} : { oldState: state }),
    ...(/delete|discard/.test(op) ? {} : { newState: state }),
  }));
  return previewFrom(list);
}

const DROPPED = ["blocks", "blocks | schema wms_prod | is dropped, with everything in it"];
const ADOPTED = "exists already: who owns it or may use it stays as it was";

test.each<readonly [ops: readonly string[], findings: readonly string[]]>([
  [["delete"], DROPPED],
  [["replace"], DROPPED],
  [["create-replacement"], DROPPED],
  [["delete-replaced"], DROPPED],
  [["create-replacement", "replace", "delete-replaced"], DROPPED],
  [["delete-replaced", "replace", "create-replacement"], DROPPED],
  [["import-replacement"], DROPPED],
  [["read-replacement"], DROPPED],
  [["discard"], DROPPED],
  [["discard-replaced"], DROPPED],
  [["remove-pending-replace"], DROPPED],
  [["create", "delete"], DROPPED],
  [["delete", "create"], DROPPED],
  [["import"], ["widens access", `widens access | schema wms_prod | ${ADOPTED}`]],
  [["same"], ["safe"]],
  [["read"], ["safe"]],
  [["refresh"], ["safe"]],
  [
    ["read-discard"],
    ["interrupts", "interrupts | schema wms_prod | has steps that the review does not know: read-discard"],
  ],
  [
    ["a-later-word"],
    ["interrupts", "interrupts | schema wms_prod | has steps that the review does not know: a-later-word"],
  ],
])("a prod schema's steps %j", (ops, findings) => {
  expect(findingsOf(judge(steps(prod.state("wms-prod-schema"), ...ops)))).toEqual(findings);
});

test.each([
  ["wms-prod-login", "login portal_wms | is dropped: whoever has its rights loses them"],
  ["wms-prod-owner", "role wms_prod_owner | is dropped: whoever has its rights loses them"],
  ["wms-prod-reader", "role wms_prod_reader | is dropped: whoever has its rights loses them"],
  ["deployers-owner", "role portal_db_owner | is dropped: whoever has its rights loses them"],
  ["wms-prod-secret", "secret portal-db/prod/wms | is deleted: its app finds no URL at the next deploy"],
  ["admin-secret", "secret portal-db/admin | is deleted: whoever deploys with it finds no password"],
  ["instance", "instance ecomos-prod | is deleted, with every app's data"],
  ["instance-key", "key Storage of ecomos-prod | is deleted: what it encrypts can never be read again"],
  [
    "secrets-key",
    "key Secrets of the stack prod of portal-db | is deleted: what it encrypts can never be read again",
  ],
])("the deletion and the replacement of %s block", (name, finding) => {
  for (const ops of [["delete"], ["create-replacement", "replace", "delete-replaced"]]) {
    expect(findingsOf(judge(steps(prod.state(name), ...ops)))).toEqual(["blocks", `blocks | ${finding}`]);
  }
});

test("so do those of the database, whose owner then owns nothing", () => {
  for (const ops of [["delete"], ["create-replacement", "replace", "delete-replaced"]]) {
    expect(findingsOf(judge(steps(prod.state("deployers-database"), ...ops))).slice(0, 2)).toEqual([
      "blocks",
      "blocks | database portal_db | is dropped, with every app's data",
    ]);
  }
});

test("imports of what is in use interrupt", () => {
  const said = (name: string) => findingsOf(judge(steps(prod.state(name), "import")));
  expect(said("wms-prod-login")).toEqual([
    "interrupts",
    "interrupts | login portal_wms | exists already, and gets the declared password at once: an app with another one is locked out",
  ]);
  expect(said("instance")).toEqual([
    "interrupts",
    "interrupts | instance ecomos-prod | is taken over: where it differs from what is declared, it changes",
  ]);
});

test("of an import whose provider is not known yet nothing is said to change, since what is there was not read", () => {
  const login = prod.state("wms-prod-login");
  const [imported, update] = [
    { op: "import", urn: login.urn, newState: login },
    { op: "update", urn: login.urn, oldState: { ...login, inputs: undefined }, newState: login },
  ];
  expect(findingsOf(judge(previewFrom([imported, update])))).toEqual(
    findingsOf(judge(previewFrom([imported]))),
  );
  const read = { ...update, oldState: { ...login, inputs: { ...login.inputs, name: "wms" } } };
  expect(findingsOf(judge(previewFrom([imported, read])))).toContain(
    "interrupts | login portal_wms | is renamed: URLs with the old name stop working (name wms → portal_wms)",
  );
});

test("what a refresh does not find any more is gone, and what it finds is held against the rules", () => {
  const schema = prod.state("wms-prod-schema");
  expect(findingsOf(judge({ steps: [{ op: "refresh", urn: schema.urn, oldState: schema }] }))).toEqual(
    DROPPED,
  );
  const instance = prod.state("instance");
  const found = { ...instance, inputs: { ...instance.inputs, publiclyAccessible: true } };
  const [verdict] = findingsOf(
    judge({ steps: [{ op: "refresh", urn: instance.urn, oldState: instance, newState: found }] }),
  );
  expect(verdict).toBe("blocks");
});

test("what a deploy does after a refresh is judged from what the refresh found", () => {
  const declared = prod.state("wms-prod-login");
  const found = { ...declared, inputs: { ...declared.inputs, connectionLimit: 7 } };
  const refresh = { op: "refresh", urn: declared.urn, oldState: declared, newState: found };
  const mends = { op: "update", urn: declared.urn, oldState: found, newState: declared };
  const { groups, resources } = judge({ steps: [refresh, mends] });
  expect([groups.map(({ headline }) => plainOf(headline)), resources.map(({ op }) => op)]).toEqual([
    ["app wms in prod: login portal_wms: connectionLimit 7 → 10"],
    ["update"],
  ]);
  const leaves = { op: "same", urn: declared.urn, oldState: found, newState: found };
  expect(judge({ steps: [refresh, leaves] })).toMatchObject({ verdict: "safe", groups: [], resources: [] });
});

test("what a refresh does not find, and the deploy makes anew, is gone already: the deploy drops nothing", () => {
  const remade = (...names: readonly string[]) => {
    const states = names.map((name) => prod.state(name));
    const gone = states.map((state) => ({ op: "refresh", urn: state.urn, oldState: state }));
    const made = states.map((state) => ({ op: "create", urn: state.urn, newState: state }));
    return judge({ steps: [...gone, ...made] });
  };
  const schema = remade("wms-prod-schema");
  expect([findingsOf(schema), schema.groups.map(({ headline }) => plainOf(headline))]).toEqual([
    ["interrupts", "interrupts | schema wms_prod | is gone already, and is made anew, empty"],
    ["app wms in prod: schema wms_prod is gone already, and is made anew"],
  ]);
  expect(findingsOf(remade("wms-prod-login"))).toContain(
    "interrupts | login portal_wms | is gone already, and is made anew",
  );
  const [app] = remade("wms-prod-schema", "wms-prod-login").groups;
  expect([app?.whole, plainOf(app?.headline ?? [])]).toEqual([
    undefined,
    "app wms in prod: schema wms_prod is gone already, and is made anew; login portal_wms is gone already, and is made anew",
  ]);
});

test("an update for which the provider says that it replaces is a replacement", () => {
  const schema = prod.state("wms-prod-schema");
  const step = {
    ...{ op: "update", urn: schema.urn, oldState: schema, diffReasons: ["name"] },
    newState: { ...schema, inputs: { ...schema.inputs, name: "wms2_prod" } },
  };
  const said = (kind: string) =>
    findingsOf(judge(previewFrom([{ ...step, detailedDiff: { name: { kind } } }])));
  expect(said("update-replace")).toEqual([
    "blocks",
    "blocks | schema wms2_prod | is dropped, with everything in it (name wms_prod → wms2_prod)",
  ]);
  expect(said("update")[0]).toBe("interrupts");
});

test("an alarm, its topic or a subscription that is replaced may tell nobody", () => {
  for (const name of ["alarms-cpu", "alarms-topic"]) {
    const state = prod.state(name);
    expect(findingsOf(judge(steps(state, "create-replacement", "replace", "delete-replaced")))).toEqual([
      "interrupts",
      expect.stringMatching(/ is replaced: it may tell others, or nobody, from then on$/),
    ]);
  }
});

test("who is told by mail confirms it; a machine that is told widens access", async () => {
  const name = "alarms-email-a@example.com";
  const told = await StackProgram.of("prod", { ...TWO_APPS, alarmEmails: ["a@example.com"] });
  const said = (protocol: string) =>
    findingsOf(judge(steps(told.with(name, { protocol }).state(name), "create")));
  expect(said("email")).toEqual(["safe"]);
  expect(said("https")).toEqual([
    "widens access",
    `widens access | alarm subscription ${name} | sends what happens to the instance to what is no mail address`,
  ]);
});

test("a grant that takes from PUBLIC holds nothing back any more once it goes", () => {
  for (const name of ["deployers-public-postgres", "deployers-public-template1", "database-public-database"])
    expect(findingsOf(judge(steps(prod.state(name), "delete")))).toEqual([
      "widens access",
      `widens access | grant ${name} | holds nothing back any more: what somebody gives there by hand stays, and no deploy takes it`,
    ]);
});

test("what watches is safe when it is new, and said when it goes; the dashboard is a picture", () => {
  const said = (name: string, op: string) => findingsOf(judge(steps(prod.state(name), op)));
  const watching = ["alarms-wal", "alarms-topic", "alarms-topic-policy", "alarms-events", "alarms-dashboard"];
  expect(watching.map((name) => said(name, "create"))).toEqual(watching.map(() => ["safe"]));
  expect(watching.map((name) => said(name, "delete"))).toEqual([
    ["interrupts", "interrupts | alarm portal-db-wal | goes: nobody is told any more"],
    ["interrupts", "interrupts | alarm topic portal-db-alarms | goes: nobody is told any more"],
    [
      "widens access",
      "widens access | alarm topic policy alarms-topic-policy | goes: whatever is in the account may send to the topic",
    ],
    ["interrupts", "interrupts | event subscription portal-db-events | goes: nobody is told any more"],
    ["safe"],
  ]);
});

test("a state that the preview lacks is never safe", () => {
  for (const name of ["instance", "wms-prod-secret", "wms-prod-login", "secrets-key", "admin"]) {
    for (const op of ["update", "create", "import", "delete", "replace"]) {
      const [verdict] = findingsOf(judge({ steps: [{ op, urn: prod.state(name).urn }] }));
      expect([name, op, verdict]).toEqual([name, op, expect.stringMatching(/^(interrupts|blocks)$/)]);
    }
  }
});

test.each([
  ["aws:iam/user:User", "create"],
  ["postgresql:index/server:Server", "import"],
  ["command:local:Command", "update"],
  ["aws:rds/cluster:Cluster", "delete"],
  ["pulumi:providers:kubernetes", "replace"],
])("of the unknown type %s a %s blocks", (type, op) => {
  const urn = `urn:pulumi:prod::portal-db::${type}::thing`;
  const state = { urn, type, custom: true, inputs: { a: 1 }, protect: false, parent: "" };
  const preview = { steps: [{ op, urn, oldState: { ...state, inputs: {} }, newState: state }] };
  expect(findingsOf(judge(preview))[0]).toBe("blocks");
});

test("a grant whose role is not known yet blocks; one to its own role of what is not known widens access", () => {
  const grant = prod.state("wms-prod-reader-schema");
  for (const [inputs, verdict] of [
    [{ role: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "blocks"],
    [{ privileges: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2" }, "widens access"],
  ] as const) {
    const after = { ...grant, inputs: { ...grant.inputs, ...inputs } };
    expect(findingsOf(judge({ steps: [{ op: "create", urn: grant.urn, newState: after }] }))[0]).toBe(
      verdict,
    );
  }
});
