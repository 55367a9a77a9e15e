import { findingsOf, judge } from "./judge";
import { Program } from "./program";
import { declaredBy, previewFrom, previewOf, stepOf } from "./program-preview";

let dev: Program;

beforeAll(async () => {
  dev = await Program.of("dev");
});

test("a dev stack that drops what is prod's by name blocks; what is its own interrupts", () => {
  const own = dev.state("wms-dev-schema");
  const prods = { ...own, inputs: { ...own.inputs, name: "wms_prod" } };
  expect(findingsOf(judge(previewFrom([stepOf(prods, undefined)])))).toEqual([
    "blocks",
    "blocks | schema wms_prod | drops a prod schema, and what is in it",
  ]);
  expect(findingsOf(judge(previewFrom([stepOf(own, undefined)])))).toEqual([
    "interrupts",
    "interrupts | schema wms_dev | drops the schema and its tables",
  ]);
});

test("a dev stack that names a prod schema, role or secret blocks", () => {
  for (const [name, inputs] of [
    ["wms-dev-schema", { name: "wms_prod" }],
    ["wms-dev-login", { roles: ["wms_dev_owner", "portal_db_connect", "wms_prod_owner"] }],
    ["wms-dev-owner-schema", { schema: "wms_prod" }],
    ["wms-dev-secret", { name: "portal-db/prod/wms" }],
  ] as const) {
    expect([name, findingsOf(judge(dev.with(name, inputs)))[0]]).toEqual([name, "blocks"]);
  }
});

describe("the program's own changes", () => {
  const of = async (stack: string, before: object, after: object) =>
    judge(previewOf(await declaredBy(stack, { apps: before }), await declaredBy(stack, { apps: after })));

  test("an app added to dev", async () => {
    const judged = await of("dev", { wms: {} }, { wms: {}, billing: {} });
    expect(judged.groups.map(({ headline, risk }) => `${risk}: ${headline}`)).toEqual([
      "widens access: new app billing in dev: schema billing_dev, login portal_billing_dev, secret portal-db/dev/billing",
      "widens access: new app billing in ci: schema billing_ci, login portal_billing_ci, secret portal-db/ci/billing",
    ]);
    expect(findingsOf(judged)).toEqual([
      "widens access",
      "widens access | portal_billing_dev | gains connect, use on extensions",
      "widens access | portal_billing_ci | gains connect, use on extensions",
    ]);
  });

  test("a reader added in prod widens access, and is protected", async () => {
    expect(findingsOf(await of("prod", { wms: {} }, { wms: { reader: true } }))).toEqual([
      "widens access",
      "widens access | wms_prod_reader | gains use, read on wms_prod",
    ]);
  });

  test("an app removed from prod blocks", async () => {
    const judged = await of("prod", { auth: {}, wms: {} }, { auth: {} });
    expect(judged.verdict).toBe("blocks");
    expect(judged.groups[0]?.headline).toBe(
      "app wms in prod goes: schema wms_prod, login portal_wms, secret portal-db/prod/wms",
    );
  });

  test("a rotation makes the second login and changes no password in use", async () => {
    const judged = await of("prod", { wms: {} }, { wms: { credential: 2 } });
    expect(findingsOf(judged)).toEqual([
      "widens access",
      "widens access | portal_wms_2 | gains connect, use on extensions",
      "widens access | portal_wms_2 | gains connect, use, create, read, write, own on wms_prod",
    ]);
  });

  test("more connections are safe", async () => {
    expect(findingsOf(await of("prod", { wms: {} }, { wms: { connectionLimit: 20 } }))).toEqual(["safe"]);
  });
});
