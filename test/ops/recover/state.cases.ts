import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Present } from "../../../ops/recover/aws";
import { recoveryOf } from "../../../ops/recover/recovery";
import {
  exportedState,
  mendedState,
  type Operation,
  type StateResource,
  stateResources,
  underWay,
} from "../../../ops/recover/state";

/** Recorded with the official CLI and Postgres provider from a deployment of dev that was killed; less of everything. */
const KILLED = readFileSync(join(__dirname, "killed-dev.json"), "utf8");
const STATE = exportedState(KILLED);
const nobody = async (): Promise<undefined> => {
  throw new Error("nobody is asked");
};
const server = (postgres: (resource: StateResource) => Promise<Present | undefined>) => ({
  postgres,
  aws: nobody,
});

const named = (name: string): Operation => {
  const found = underWay(STATE).find(({ resource }) => resource.urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`nothing recorded of ${name}`);
  return found;
};
const OWNER = named("xplan-dev-owner");
const READER = named("wms-ci-reader");
const inState = (name: string): StateResource => {
  const found = stateResources(STATE).find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`the recorded state has no ${name}`);
  return found;
};
const made = (type: string, inputs: StateResource["inputs"] = {}): Operation => ({
  type: "creating",
  resource: { urn: `urn:pulumi:dev::portal-db::${type}::one`, type, inputs },
});
const there = (found: Present) => server(async () => found);

test("what is no export is refused", () => {
  for (const text of ["", "{}", "[]", '{"deployment":null}', "error: no stack"])
    expect(() => exportedState(text)).toThrow("pulumi stack export printed no state");
});

test("what was made is taken in, to be read first; the rest stays, and nothing is under way", () => {
  const { pending_operations: _, ...deployment } = JSON.parse(KILLED).deployment;
  const mended = mendedState(STATE, [
    // Its provider had answered.
    { resource: OWNER.resource, id: "xplan_dev_owner" },
    { resource: READER.resource, id: "wms_ci_reader" },
  ]);
  const { resource: reader } = READER;
  const made = [
    { ...OWNER.resource, refreshBeforeUpdate: true },
    { ...reader, id: "wms_ci_reader", outputs: reader.inputs, refreshBeforeUpdate: true },
  ];
  expect(mended).toEqual({
    ...JSON.parse(KILLED),
    deployment: { ...deployment, resources: [...deployment.resources, ...made] },
  });
  expect(OWNER.resource).toMatchObject({ id: "xplan_dev_owner", outputs: { id: "xplan_dev_owner" } });
  expect(reader).not.toHaveProperty("id");
});

test("what was being changed or deleted is read first, by its id: what replaces it is left alone", () => {
  const role = inState("wms-ci-owner");
  const other = { ...role, id: "another" };
  const state = (type: string) =>
    mendedState(
      { deployment: { resources: [role, other], pending_operations: [{ type, resource: role }] } },
      [],
    );
  for (const type of ["updating", "deleting"])
    expect(stateResources(state(type))).toEqual([{ ...role, refreshBeforeUpdate: true }, other]);
  for (const type of ["reading", "importing", "creating"])
    expect(stateResources(state(type))).toEqual([role, other]);
});

test("a create is asked for, and taken in where it is there as it should be", async () => {
  const asked: unknown[] = [];
  const found = await recoveryOf(
    [OWNER, READER],
    stateResources(STATE),
    server(async ({ inputs }) => {
      asked.push(inputs?.name);
      return inputs?.name === "xplan_dev_owner" ? { id: "xplan_dev_owner" } : undefined;
    }),
  );
  expect(asked).toEqual(["xplan_dev_owner", "wms_ci_reader"]);
  expect(found).toEqual({
    taken: [{ resource: OWNER.resource, id: "xplan_dev_owner" }],
    lines: [
      "xplan-dev-owner (Role): creating, cut off; xplan_dev_owner is there, and is taken in",
      "wms-ci-reader (Role): creating, cut off; it is not there, and is made",
    ],
    misfits: [],
    orphans: [],
  });
});

test("what is there and is not what the create makes stands in the way", async () => {
  const found = await recoveryOf([OWNER], [], there({ id: "xplan_dev_owner", misfit: "mallory made it" }));
  expect(found).toEqual({
    taken: [],
    lines: [],
    misfits: ["xplan-dev-owner (Role): xplan_dev_owner is there, but mallory made it"],
    orphans: [],
  });
});

test("of two creates of one thing, the one that fits what is there counts, whichever comes first", async () => {
  const older: Operation = { ...OWNER, resource: { ...OWNER.resource, inputs: { name: "old" } } };
  const ask = async ({ inputs }: StateResource): Promise<Present> =>
    inputs?.name === "old" ? { id: "xplan_dev_owner", misfit: "other" } : { id: "xplan_dev_owner" };
  for (const operations of [
    [older, OWNER],
    [OWNER, older],
  ]) {
    const { taken, misfits } = await recoveryOf(operations, [], server(ask));
    expect({ taken, misfits }).toEqual({
      taken: [{ resource: OWNER.resource, id: "xplan_dev_owner" }],
      misfits: [],
    });
  }
});

test("a create that a later run made good on is forgotten; beside another one it stands in the way", async () => {
  const role = { ...OWNER.resource, id: "xplan_dev_owner" };
  const state = async (found: Present) => recoveryOf([OWNER], [role], there(found));
  expect(await state({ id: "xplan_dev_owner", misfit: "it has rights" })).toEqual({
    taken: [],
    lines: ["xplan-dev-owner (Role): it is in the state already"],
    misfits: [],
    orphans: [],
  });
  expect((await state({ id: "other" })).misfits).toEqual([
    "xplan-dev-owner (Role): other is there, and the state has another one, xplan_dev_owner; the stack made it to take that one's place",
  ]);
});

test("what can be made again is, what nobody can ask for is named with what to type, and the rest says what it was", async () => {
  const tags = { project: "portal-db", stack: "dev" };
  const operations = [
    made("postgresql:index/grant:Grant"),
    made("aws:kms/key:Key", { tags }),
    made("aws:ec2/securityGroup:SecurityGroup", { name: "a; rm -rf '*'", vpcId: "vpc-1" }),
    made("aws:s3/bucket:Bucket"),
    { type: "updating", resource: inState("wms-ci-owner") },
    { type: "importing", resource: READER.resource },
  ];
  const found = await recoveryOf(operations, [], server(nobody));
  expect(found).toEqual({
    taken: [],
    lines: [
      "one (Grant): creating, cut off; it is made again, which is harmless",
      "one (Key): creating, cut off; it may be there",
      "one (SecurityGroup): creating, cut off; it may be there",
      "one (Bucket): creating, cut off; it may be there",
      "wms-ci-owner (Role): updating, cut off; the next deployment reads it first",
      "wms-ci-reader (Role): importing, cut off; it is done again",
    ],
    misfits: [],
    orphans: [
      "one (Key): aws resourcegroupstaggingapi get-resources --resource-type-filters kms:key --tag-filters " +
        "Key=project,Values=portal-db Key=stack,Values=dev lists those of the stack; what the state does not have " +
        "(npx pulumi stack --show-ids) goes with aws kms schedule-key-deletion --key-id",
      "one (SecurityGroup): aws ec2 describe-security-groups --filters Name=group-name,Values='a; rm -rf '\\''*'\\''' " +
        "Name=vpc-id,Values=vpc-1 shows it; it stops the deploy (InvalidGroup.Duplicate), and goes with aws ec2 " +
        "delete-security-group --group-id",
      "one (Bucket): nothing here asks for this type; look for it where it is made",
    ],
  });
});

test("what nobody can ask for is taken in where its provider had said what it made", async () => {
  const key = inState("secrets-key");
  const operation = { type: "creating", resource: key };
  const taken = await recoveryOf([operation], [], server(nobody));
  expect(taken).toEqual({
    taken: [{ resource: key, id: key.id }],
    lines: [`secrets-key (Key): creating, cut off; ${key.id} is there, and is taken in`],
    misfits: [],
    orphans: [],
  });
  const beside = await recoveryOf([operation], [{ ...key, id: "later" }], server(nobody));
  expect(beside).toMatchObject({
    taken: [],
    lines: [`secrets-key (Key): creating, cut off; ${key.id} may be there`],
    misfits: [],
  });
  expect(beside.orphans).toHaveLength(1);
  expect(await recoveryOf([operation], [key], server(nobody))).toMatchObject({
    taken: [],
    lines: ["secrets-key (Key): it is in the state already"],
    orphans: [],
  });
});
