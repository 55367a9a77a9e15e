import { toText } from "../../ops/review/terminal";
import { judge, saidBetween } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";

const APPS = { auth: { reader: true }, wms: { reader: true } };
const ANNA = { reads: ["wms"], until: "2099-01-31" };
const prodWith = (people: object, more: object = {}) =>
  StackProgram.of("prod", { apps: APPS, people, ...more });

const SEVERAL =
  "widens access | person_anna | reads auth_prod, wms_prod: the code of each of these apps, its views and functions, runs with this one's rights on the others, and may hand on what it reads there";

let nobody: StackProgram;
let anna: StackProgram;

beforeAll(async () => {
  nobody = await prodWith({});
  anna = await prodWith({ anna: ANNA });
});

test("a new person in prod widens access, and who it is, to what, until when is said", async () => {
  expect(saidBetween(nobody, anna)).toEqual({
    exit: 0,
    incomplete: [],
    groups: ["widens access: person-anna-prod: new login person_anna; new secret portal-db/prod/people/anna"],
    findings: ["widens access", "widens access | person_anna | gains connect, use, read on wms_prod"],
    cells: ["person_anna on wms_prod: +connect +use +read"],
    known: [],
  });
  const text = toText(judge(previewBetween(nobody, anna)));
  expect(text).toContain("person_anna gains connect, use, read on wms_prod (until 2099-01-31)");
});

test("a later end widens, an earlier one narrows, and neither is an outage", async () => {
  const later = await prodWith({ anna: { ...ANNA, until: "2099-03-31" } });
  expect(saidBetween(anna, later).findings).toEqual([
    "widens access",
    "widens access | login person_anna | may log in for longer than before (validUntil 2099-02-01 00:00:00+00 → 2099-04-01 00:00:00+00)",
  ]);
  expect(saidBetween(later, anna).findings).toEqual([
    "narrows access",
    "narrows access | login person_anna | may log in until an earlier day than before (validUntil 2099-04-01 00:00:00+00 → 2099-02-01 00:00:00+00)",
  ]);
});

test("one whose end has passed is no outage", async () => {
  const old = anna.with("person-anna-prod-login", { validUntil: "2020-01-01 00:00:00+00" });
  expect(saidBetween(old, anna).findings[0]).toBe("widens access");
  expect(saidBetween(anna, old).findings).toEqual([
    "narrows access",
    "narrows access | login person_anna | may log in until an earlier day than before (validUntil 2099-02-01 00:00:00+00 → 2020-01-01 00:00:00+00)",
  ]);
});

test("a line that goes narrows access, and nothing blocks", async () => {
  expect(saidBetween(anna, nobody)).toMatchObject({
    exit: 0,
    findings: [
      "narrows access",
      "narrows access | read policy portal-db-prod-people-anna-read | goes: whoever used it may not any more",
      "narrows access | login person_anna | goes: it cannot log in any more, and who is in stays in",
    ],
    cells: ["person_anna on wms_prod: -connect -use -read"],
  });
});

test("another app that is read is said by its rights", async () => {
  const both = await prodWith({ anna: { ...ANNA, reads: ["wms", "auth"] } });
  expect(saidBetween(anna, both)).toMatchObject({
    exit: 0,
    findings: ["widens access", "widens access | person_anna | gains use, read on auth_prod", SEVERAL],
    cells: ["person_anna on auth_prod: +use +read"],
  });
  expect(saidBetween(nobody, both).findings).toContain(SEVERAL);
  expect(saidBetween(both, anna).findings).not.toContain(SEVERAL);
  expect(saidBetween(both, both).findings).toEqual(["safe"]);
  const longer = await prodWith({ anna: { reads: ["wms", "auth"], until: "2099-03-31" } });
  expect(saidBetween(both, longer).findings).not.toContain(SEVERAL);
});

test("by IAM the same, and what the policy allows is the instance's and the login's own", async () => {
  const iam = await prodWith({ anna: { ...ANNA, iam: true } }, { iamDatabaseAuthentication: "true" });
  const before = await prodWith({}, { iamDatabaseAuthentication: "true" });
  const said = saidBetween(before, iam);
  expect(said).toMatchObject({ exit: 0, cells: ["person_anna on wms_prod: +connect +use +read"] });
  expect(said.findings.filter((line) => !line.startsWith("widens access"))).toEqual([]);
});

test("one that logs in by IAM and whose role the admin makes blocks: the admin's password would be refused", async () => {
  const iam = { iamDatabaseAuthentication: "true" };
  const right = await prodWith({ anna: { ...ANNA, iam: true } }, iam);
  const { provider } = right.state("wms-prod-owner");
  const wrong = right.with("person-anna-prod-login", {}, { provider });
  const words =
    "is a member of rds_iam, by which RDS refuses the password of whoever deploys: set iam to true of a person or a tool of prod (no-powerful-role)";
  expect(saidBetween(await prodWith({}, iam), wrong).findings.slice(0, 3)).toEqual([
    "blocks",
    `blocks | login person_anna | ${words}`,
    `blocks | membership person-anna-prod-login-iam | ${words}`,
  ]);
});
