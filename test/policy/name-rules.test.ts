import { Environments } from "../../infra/names";
import { resource, TAGS, UNKNOWN_MAP, UNKNOWN_TEXT, verdict } from "./verdict";

const SCHEMA = "postgresql:index/schema:Schema";
const ROLE = "postgresql:index/role:Role";
const SECRET = "aws:secretsmanager/secret:Secret";
const POLICY = "aws:iam/policy:Policy";

/** What the rule on names says of a resource in a stack. */
const named = (stack: string, type: string, inputs: Record<string, unknown>) =>
  verdict(resource(type, { stack, inputs }))["names-fit-stack"];

const stranger = (stack: string, name: string) =>
  `names '${name}', which is not the stack's own: stack ${stack} names its own environments alone`;

const login = (schema: string, name: string) => ({
  name,
  roles: [`${schema}_owner`],
  assumeRole: `${schema}_owner`,
  searchPaths: [schema],
});

describe("a stack names its own", () => {
  const own: readonly (readonly [stack: string, type: string, inputs: Record<string, unknown>])[] = [
    ["prod", SCHEMA, { name: "wms_prod" }],
    ["prod", SCHEMA, { name: "extensions" }],
    ["prod", ROLE, { name: "portal_db_owner" }],
    ["prod", ROLE, { name: "wms_prod_reader" }],
    ["prod", ROLE, login("wms_prod", "portal_wms")],
    ["prod", ROLE, login("data_hub_prod", "portal_data_hub")],
    ["prod", SECRET, { name: "portal-db/prod/wms" }],
    ["prod", SECRET, { name: "portal-db/admin" }],
    ["prod", POLICY, { name: "portal-db-prod-wms-read" }],
    ["dev", SCHEMA, { name: "wms_dev" }],
    ["dev", ROLE, { name: "wms_ci_owner" }],
    ["dev", ROLE, login("wms_dev", "portal_wms_dev")],
    ["dev", SECRET, { name: "portal-db/ci/wms" }],
    ["dev", POLICY, { name: "portal-db-dev-wms-read" }],
    ["pr-42", SCHEMA, { name: "wms_pr_42" }],
    ["pr-42", ROLE, login("wms_pr_42", "portal_wms_pr_42")],
    ["pr-42", SECRET, { name: "portal-db/pr_42/wms" }],
  ];
  it.each(own)("%s: %s %j", (stack, type, inputs) => {
    expect(named(stack, type, inputs)).toBeUndefined();
  });
});

describe("prod and an environment that dev's file names", () => {
  const environments = new Environments([["dev", ["dev", "qa"]]]);
  it.each([
    ["portal_wms_qa", stranger("prod", "portal_wms_qa")],
    ["portal_wms_qa_2", stranger("prod", "portal_wms_qa_2")],
    ["portal_wms_dev", stranger("prod", "portal_wms_dev")],
    ["portal_wms", undefined],
  ])("a login %s: %s", (name, problem) => {
    const declared = resource(ROLE, { stack: "prod", inputs: { name, login: true }, environments });
    expect(verdict(declared)["names-fit-stack"]).toBe(problem);
  });
});

describe("a stack never names another's", () => {
  const others: readonly (readonly [
    stack: string,
    type: string,
    inputs: Record<string, unknown>,
    name: string,
  ])[] = [
    ["dev", SCHEMA, { name: "wms_prod" }, "wms_prod"],
    ["dev", SCHEMA, { name: "extensions" }, "extensions"],
    ["dev", ROLE, { name: "wms_prod_owner" }, "wms_prod_owner"],
    ["dev", ROLE, { name: "portal_wms" }, "portal_wms"],
    ["dev", ROLE, { name: "portal_wms_2" }, "portal_wms_2"],
    ["dev", ROLE, { name: "portal_db_owner" }, "portal_db_owner"],
    ["dev", SCHEMA, { name: "wms_pr_42" }, "wms_pr_42"],
    ["dev", SECRET, { name: "portal-db/master" }, "portal-db/master"],
    [
      "dev",
      ROLE,
      { ...login("wms_dev", "portal_wms_dev"), searchPaths: ["wms_dev", "wms_prod"] },
      "wms_prod",
    ],
    ["dev", SECRET, { name: "portal-db/prod/wms" }, "portal-db/prod/wms"],
    ["dev", SECRET, { name: "portal-db/admin" }, "portal-db/admin"],
    ["dev", POLICY, { name: "portal-db-prod-wms-read" }, "portal-db-prod-wms-read"],
    ["pr-42", SCHEMA, { name: "wms_dev" }, "wms_dev"],
    ["pr-42", ROLE, { name: "portal_wms_dev" }, "portal_wms_dev"],
    ["pr-42", ROLE, { name: "portal_wms_dev_2" }, "portal_wms_dev_2"],
    ["prod", ROLE, { name: "portal_wms_dev_2" }, "portal_wms_dev_2"],
    ["prod", SCHEMA, { name: "wms_dev" }, "wms_dev"],
    ["prod", ROLE, { name: "portal_wms_pr_42" }, "portal_wms_pr_42"],
    ["prod", SECRET, { name: "portal-db/dev/wms" }, "portal-db/dev/wms"],
  ];
  it.each(others)("%s: %s %j", (stack, type, inputs, name) => {
    expect(named(stack, type, inputs)).toBe(stranger(stack, name));
  });

  it("not even by a login whose app has an underscore", () => {
    expect(named("dev", ROLE, login("data_hub_dev", "portal_data_hub"))).toBe(
      stranger("dev", "portal_data_hub"),
    );
  });

  it("nor what it names only at deploy", () => {
    expect(named("dev", SCHEMA, { name: UNKNOWN_TEXT })).toBe(
      "has a name that is known at deploy alone: write it out",
    );
  });
});

describe("a login", () => {
  const problem = (stack: string, schema: string, name: string) =>
    verdict(resource(ROLE, { inputs: login(schema, name), stack }))["login-fits-owner"];

  it("is named for the schema whose owner it acts as, the second of the two as well", () => {
    const found = [
      problem("prod", "wms_prod", "portal_wms"),
      problem("prod", "wms_prod", "portal_wms_2"),
      problem("dev", "wms_dev", "portal_wms_dev_2"),
      problem("pr-42", "wms_pr_42", "portal_wms_pr_42_2"),
    ];
    expect(found).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is a problem when it is named for another one", () => {
    expect([
      problem("prod", "auth_prod", "portal_wms"),
      problem("dev", "wms_v2_dev", "portal_wms_dev"),
    ]).toEqual([
      "is named 'portal_wms', but its owner role belongs to 'portal_auth': rename one of them",
      "is named 'portal_wms_dev', but its owner role belongs to 'portal_wms_v2_dev': rename one of them",
    ]);
  });
});

describe("tags", () => {
  const key = (tags: unknown) => verdict(resource("aws:kms/key:Key", { inputs: { tags } }));
  const secret = (name: string, tags: unknown) =>
    verdict(resource(SECRET, { inputs: { name, tags, kmsKeyId: UNKNOWN_TEXT } }));

  it("say project and stack, and on an app's resources app and environment", () => {
    const ofApp = { ...TAGS, app: "wms", environment: "prod" };
    expect([
      key(TAGS),
      key(UNKNOWN_MAP),
      secret("portal-db/prod/wms", ofApp),
      secret("portal-db/admin", TAGS),
    ]).toEqual([{}, {}, {}, {}]);
  });

  it("are a problem when one is missing or another's", () => {
    expect([key(null), key({ ...TAGS, stack: "dev" }), secret("portal-db/prod/wms", TAGS)]).toEqual([
      { tagged: "lacks the tags project, stack: use tagsOf" },
      { tagged: "has the tag stack 'dev' instead of 'prod'" },
      { tagged: "lacks the tags app, environment: use tagsOf" },
    ]);
  });
});

describe("a deleted prod secret", () => {
  const problem = (stack: string, recoveryWindowInDays: unknown) =>
    verdict(resource(SECRET, { inputs: { recoveryWindowInDays }, stack }))["recoverable-in-prod"];

  it("can be restored for some days; another environment's may go at once", () => {
    expect([
      problem("prod", 30),
      problem("prod", null),
      problem("prod", UNKNOWN_TEXT),
      problem("dev", 0),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is a problem without a window", () => {
    expect(problem("prod", 0)).toBe(
      "cannot be restored once it is deleted: set recoveryWindowInDays to 7 days or more",
    );
  });
});

describe("secrets", () => {
  const secret = (kmsKeyId: unknown) =>
    verdict(resource(SECRET, { inputs: { name: "portal-db/admin", kmsKeyId, tags: TAGS } }));
  const problem = {
    "secret-with-own-key": "is encrypted with AWS's default key: set kmsKeyId to the stack's key",
  };

  it("are encrypted with a key of the stack's own", () => {
    expect([secret("arn:aws:kms:us-east-1:123456789012:key/0a1b"), secret(UNKNOWN_TEXT)]).toEqual([{}, {}]);
    expect([secret(null), secret(""), secret("alias/aws/secretsmanager")]).toEqual([
      problem,
      problem,
      problem,
    ]);
  });
});
