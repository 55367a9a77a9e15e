import { previewFrom, stepOf } from "./engine-preview";
import { findingsOf, judge } from "./judge";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";

let dev: StackProgram;

beforeAll(async () => {
  dev = await StackProgram.of("dev", TWO_APPS);
});

test("a dev stack that drops what is prod's by name blocks; what is its own interrupts", () => {
  const own = dev.state("wms-dev-schema");
  const prods = { ...own, inputs: { ...own.inputs, name: "wms_prod" } };
  expect(findingsOf(judge(previewFrom([stepOf(prods, undefined)])))).toEqual([
    "blocks",
    "blocks | schema wms_prod | is dropped, with everything in it",
  ]);
  expect(findingsOf(judge(previewFrom([stepOf(own, undefined)])))).toEqual([
    "loses data",
    "loses data | schema wms_dev | is dropped, with its tables",
  ]);
});

test("a dev stack that names a prod schema, role or secret blocks", () => {
  for (const [name, inputs] of [
    ["wms-dev-schema", { name: "wms_prod" }],
    ["wms-dev-login", { roles: ["wms_dev_owner", "wms_ci_owner"] }],
    ["wms-dev-login", { roles: ["wms_dev_owner", "wms_prod_owner"] }],
    ["wms-dev-owner-schema", { schema: "wms_prod" }],
    ["wms-dev-secret", { name: "portal-db/prod/wms" }],
  ] as const) {
    expect([name, findingsOf(judge(previewBetween(dev, dev.with(name, inputs))))[0]]).toEqual([
      name,
      "blocks",
    ]);
  }
});

test("outside prod, what ends an app's work interrupts it", () => {
  for (const [name, inputs] of [
    ["wms-dev-login-connect", { privileges: [] }],
    ["wms-dev-login", { login: false }],
    ["wms-dev-login", { connectionLimit: 0 }],
    ["wms-dev-login", { validUntil: "2020-01-01" }],
    ["wms-dev-login", { roles: [] }],
    ["wms-dev-owner-schema", { privileges: [] }],
  ] as const) {
    expect([name, inputs, findingsOf(judge(previewBetween(dev, dev.with(name, inputs))))[0]]).toEqual([
      name,
      inputs,
      "interrupts",
    ]);
  }
  expect(findingsOf(judge(previewBetween(dev, dev.without("wms-dev-login-connect"))))).toEqual([
    "interrupts",
    "interrupts | portal_wms_dev | loses connect on the database",
  ]);
});
