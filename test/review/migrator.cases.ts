import { findingsOf, judge } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";

const of = (wms: object) => StackProgram.of("prod", { apps: { auth: {}, wms } });

let plain: StackProgram;
let on: StackProgram;
let off: StackProgram;

beforeAll(async () => {
  plain = await of({});
  on = await of({ migrator: true });
  off = await of({ migrator: false });
});

const said = (before: StackProgram, after: StackProgram) => findingsOf(judge(previewBetween(before, after)));

const DROPPED_RUNTIME =
  "blocks | role wms_prod_runtime | is dropped: a session that acts as it fails; deploy migrator: false before, and restart every instance of the app";
const DROPPED_MIGRATOR = [
  "blocks | login portal_wms_migrator | is dropped: migrations that log in as it are locked out",
  "blocks | secret portal-db/prod/wms/migrator | is deleted: migrations find no DIRECT_URL at the next deploy",
];
const BACK = [
  "widens access | login portal_wms | may change tables again from its next login on (assumeRole wms_prod_runtime → wms_prod_owner)",
  "widens access | portal_wms | gains create, own on wms_prod",
  "narrows access | read policy portal-db-prod-wms-migrator-read | goes: whoever used it may not any more",
];
const THERE = [
  "widens access | login portal_wms_migrator | gets membership in wms_prod_owner",
  "narrows access | login portal_wms | changes rows alone from its next login on: a migration by its URL is refused, and takes DIRECT_URL (assumeRole wms_prod_owner → wms_prod_runtime)",
  "narrows access | portal_wms | loses create, own on wms_prod",
];
const CUT_STATEMENTS =
  "interrupts | login portal_wms | has statements cancelled that take longer, from its next session on (statementTimeout none → 300 s)";
const NEW_RUNTIME = "widens access | wms_prod_runtime | gains use, read, write on wms_prod";

test("a login for migrations narrows what the app itself may do, and is a new one that may do it", () => {
  const [first = "", ...rest] = THERE;
  expect(said(plain, on)).toEqual(["interrupts", CUT_STATEMENTS, first, NEW_RUNTIME, ...rest]);
  expect(said(off, on)).toEqual(["interrupts", CUT_STATEMENTS, ...THERE]);
});

test("the way back widens, and takes the new login and its secret away, which prod protects", () => {
  expect(said(on, off)).toEqual(["blocks", ...DROPPED_MIGRATOR, ...BACK]);
});

test("a runtime that goes says what has to be done before, also where that was left out", () => {
  expect(said(off, plain)).toEqual([
    "blocks",
    DROPPED_RUNTIME,
    "narrows access | login portal_wms | loses membership in wms_prod_runtime",
  ]);
  expect(said(on, plain)).toEqual(["blocks", DROPPED_RUNTIME, ...DROPPED_MIGRATOR, ...BACK]);
});

test("false alone changes nothing that the app may do", () => {
  expect(said(plain, off)).toEqual([
    "widens access",
    "widens access | login portal_wms | gets membership in wms_prod_runtime",
    NEW_RUNTIME,
  ]);
});

test("a new app with a login for migrations is safe", async () => {
  const more = await StackProgram.of("prod", { apps: { auth: {}, wms: {}, billing: { migrator: true } } });
  expect(said(plain, more)).toEqual(["safe"]);
});

test.each([
  [
    { roles: ["wms_prod_runtime", "wms_prod_owner"] },
    /^blocks \| login portal_wms \| acts as wms_prod_runtime and is a member of wms_prod_owner, too/,
  ],
  [
    { roles: ["wms_prod_owner"] },
    /^blocks \| login portal_wms \| acts as wms_prod_runtime and is a member of wms_prod_owner, too/,
  ],
  [
    { roles: ["auth_prod_runtime"] },
    /^blocks \| login portal_wms \| gives portal_wms membership in the role auth_prod_runtime/,
  ],
])("a login that acts as its runtime and could act as more (%j) blocks", (inputs, problem) => {
  expect(said(on, on.with("wms-prod-login", inputs))).toContainEqual(expect.stringMatching(problem));
});

test("a policy that reads the other secret than its own blocks", () => {
  const [app, migrator] = ["wms-prod-secret-read", "wms-prod-migrator-secret-read"];
  for (const [name, other] of [
    [app, migrator],
    [migrator, app],
  ] as const)
    expect(said(on, on.with(name, { policy: on.state(other).inputs.policy }))).toContainEqual(
      expect.stringMatching(
        /^blocks \| read policy portal-db-prod-wms-\S+ \| allows .*it may read its app's own secret/,
      ),
    );
});

test("a login for migrations that acts as the runtime has no name that its role calls for", () => {
  const inputs = { roles: ["wms_prod_runtime"], assumeRole: "wms_prod_runtime" };
  expect(said(on, on.with("wms-prod-migrator", inputs)).join("\n")).toMatch(
    /is named 'portal_wms_migrator', but its runtime role belongs to 'portal_wms'/,
  );
});
