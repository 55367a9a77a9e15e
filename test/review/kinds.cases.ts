import { toJson } from "../../ops/review/command";
import type { Finding } from "../../ops/review/finding";
import { previewFrom, stepOf } from "./engine-preview";
import { judge } from "./judge";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";

/** Where the instance of the tests is. */
const HOST = "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** The findings of `--json`, without what is the same for all kinds. */
function findingsIn(preview: unknown): object[] {
  const { groups } = JSON.parse(toJson(judge(preview))) as { groups: { findings: Finding[] }[] };
  return groups.flatMap(({ findings }) => findings).map(({ risk: _r, what: _w, urn: _u, ...data }) => data);
}

const altered = (name: string, inputs: object) =>
  findingsIn(previewBetween(prod, prod.with(name, { ...inputs })));

test("a broken rule is a finding of the kind rule", () => {
  expect(altered("instance", { publiclyAccessible: true })).toEqual([
    {
      kind: "rule",
      rule: "not-public",
      problem: "has publiclyAccessible on: set it to false",
      reason: "has publiclyAccessible on: set it to false (not-public)",
    },
  ]);
});

test("a row of the table is one of the kind table, with what each property was and is", () => {
  expect(altered("instance", { engineVersion: "18" })).toEqual([
    {
      kind: "table",
      meaning: "gets another version, and is down while it is upgraded",
      changes: [{ property: "engineVersion", before: "17", after: "18", when: "in the maintenance window" }],
      reason:
        "gets another version, and is down while it is upgraded (engineVersion 17 → 18, in the maintenance window)",
    },
  ]);
  expect(altered("admin", { host: "other" })).toEqual([
    {
      kind: "table",
      meaning: "leads the deployment to another server, or by another way",
      changes: [{ property: "host", before: HOST, after: "other" }],
      reason: `leads the deployment to another server, or by another way (host ${HOST} → other)`,
    },
  ]);
});

test("what the table does not know is one of the kind unknown", () => {
  const meaning = "has another attribute, of which the review does not know what it does";
  expect(altered("wms-prod-login", { aNewAttribute: 1 })).toEqual([
    {
      kind: "unknown",
      meaning,
      changes: [{ property: "aNewAttribute", before: "unset", after: "1" }],
      reason: `${meaning} (aNewAttribute unset → 1)`,
    },
  ]);
  const judged =
    "is of the type aws:iam/user:User, which nobody has judged: leave it out, or add it to KIND_BY_TYPE in policy/resource-types.ts";
  const urn = "urn:pulumi:prod::portal-db::aws:iam/user:User::thing";
  const user = { urn, custom: true, type: "aws:iam/user:User", inputs: {} };
  expect(findingsIn(previewFrom([stepOf(undefined, user)]))).toEqual([
    { kind: "unknown", meaning: judged, changes: [], reason: judged },
  ]);
  expect(findingsIn({ steps: [{ op: "a-later-word", urn: prod.state("instance").urn }] })).toEqual([
    {
      kind: "unknown",
      meaning: "has steps that the review does not know: a-later-word",
      changes: [],
      reason: "has steps that the review does not know: a-later-word",
    },
  ]);
});

describe("an access resource", () => {
  test("says whom it gives what no cell of the matrix shows, and from whom it takes it", () => {
    const name = "wms-prod-reader-existing-sequences";
    const more = prod.with(name, { privileges: ["SELECT", "usage"] });
    const right = {
      privilege: "USAGE",
      objectType: "sequence",
      place: "wms_prod",
      objects: [],
      grantable: false,
    };
    const about = {
      kind: "access of a resource",
      role: "wms_prod_reader",
      schema: "wms_prod",
      rights: [right],
    };
    expect(findingsIn(previewBetween(prod, more))).toEqual([
      { ...about, direction: "gains", reason: "gives wms_prod_reader USAGE on each sequence in wms_prod" },
    ]);
    expect(findingsIn(previewBetween(more, prod))).toEqual([
      {
        ...about,
        direction: "loses",
        reason: "takes from wms_prod_reader USAGE on each sequence in wms_prod",
      },
    ]);
  });

  test("whose privileges are not known says so", () => {
    const unknown = { privileges: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2" };
    const step = { op: "create", urn: prod.state("wms-prod-reader-schema").urn };
    const newState = prod.with("wms-prod-reader-schema", unknown).state("wms-prod-reader-schema");
    expect(findingsIn({ steps: [{ ...step, newState }] })).toEqual([
      {
        kind: "access of a resource",
        role: "wms_prod_reader",
        schema: "wms_prod",
        direction: "unknown",
        rights: [],
        reason: "grants what cannot be told from the preview",
      },
    ]);
  });
});

test("what a cell of the matrix shows is said by the matrix alone, in both directions", () => {
  const more = prod.with("wms-prod-reader-tables", { privileges: ["SELECT", "INSERT"] });
  const reader = { kind: "access matrix", role: "wms_prod_reader", schema: "wms_prod", rights: ["write"] };
  expect(findingsIn(previewBetween(prod, more))).toEqual([
    { ...reader, direction: "gains", reason: "gains write on wms_prod" },
  ]);
  expect(findingsIn(previewBetween(more, prod))).toEqual([
    { ...reader, direction: "loses", reason: "loses write on wms_prod" },
  ]);
});

test("a credential that goes down says from which to which", () => {
  const keepers = (credential: string) => ({ keepers: { credential } });
  const third = prod.with("wms-prod-password", keepers("3"));
  const first = third.with("wms-prod-password", keepers("1"));
  expect(findingsIn(previewBetween(third, first))).toContainEqual({
    kind: "credential",
    from: 3,
    to: 1,
    reason: expect.stringMatching(/^has a credential that goes down from 3 to 1: /),
  });
});

test("a state that the preview lacks is said to be missing", () => {
  expect(findingsIn({ steps: [{ op: "create", urn: prod.state("instance").urn }] })).toEqual([
    { kind: "blind", reason: "changes, and the preview does not show its state" },
  ]);
});
