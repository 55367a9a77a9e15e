import { saidBetween } from "./judge";
import { StackProgram } from "./program-preview";

const APPS = { auth: {}, wms: {}, xplan: {}, website: {} };
const devWith = (apps: object) => StackProgram.of("dev", { apps });

let dev: StackProgram;

beforeAll(async () => {
  dev = await devWith(APPS);
});

test("a stack is created", async () => {
  const created = await StackProgram.of("dev", { apps: APPS, environments: ["dev"] });
  expect(saidBetween(StackProgram.nothing(), created)).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      "safe: stack: new key Secrets of the stack dev of portal-db; new provider admin",
      "safe: new app auth in dev: schema auth_dev, login portal_auth_dev, secret portal-db/dev/auth",
      "safe: new app website in dev: schema website_dev, login portal_website_dev, secret portal-db/dev/website",
      "safe: new app wms in dev: schema wms_dev, login portal_wms_dev, secret portal-db/dev/wms",
      "safe: new app xplan in dev: schema xplan_dev, login portal_xplan_dev, secret portal-db/dev/xplan",
    ],
    findings: ["safe"],
    cells: [
      "auth_dev_owner on auth_dev: +use +create +read +write +own",
      "portal_auth_dev on —: +connect",
      "portal_website_dev on —: +connect",
      "portal_wms_dev on —: +connect",
      "portal_xplan_dev on —: +connect",
      "website_dev_owner on website_dev: +use +create +read +write +own",
      "wms_dev_owner on wms_dev: +use +create +read +write +own",
      "xplan_dev_owner on xplan_dev: +use +create +read +write +own",
    ],
    known: [],
  });
});

test("an app is added", async () => {
  expect(saidBetween(dev, await devWith({ ...APPS, billing: {} }))).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      "safe: new app billing in dev: schema billing_dev, login portal_billing_dev, secret portal-db/dev/billing",
      "safe: new app billing in ci: schema billing_ci, login portal_billing_ci, secret portal-db/ci/billing",
    ],
    findings: ["safe"],
    cells: [
      "billing_ci_owner on billing_ci: +use +create +read +write +own",
      "billing_dev_owner on billing_dev: +use +create +read +write +own",
      "portal_billing_ci on —: +connect",
      "portal_billing_dev on —: +connect",
    ],
    known: [],
  });
});

test("an app is removed", async () => {
  expect(saidBetween(dev, await devWith({ ...APPS, website: undefined }))).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      "loses data: app website in dev goes: schema website_dev, login portal_website_dev, secret portal-db/dev/website",
      "loses data: app website in ci goes: schema website_ci, login portal_website_ci, secret portal-db/ci/website",
    ],
    findings: [
      "loses data",
      "loses data | schema website_dev | is dropped, with its tables",
      "interrupts | login portal_website_dev | is dropped: whoever logs in as it is locked out",
      "interrupts | secret portal-db/dev/website | is deleted: its app finds no URL at the next deploy",
      "narrows access | role website_dev_owner | is dropped, with its rights",
      "narrows access | read policy portal-db-dev-website-read | goes: whoever used it may not any more",
      "loses data | schema website_ci | is dropped, with its tables",
      "interrupts | login portal_website_ci | is dropped: whoever logs in as it is locked out",
      "interrupts | secret portal-db/ci/website | is deleted: its app finds no URL at the next deploy",
      "narrows access | role website_ci_owner | is dropped, with its rights",
      "narrows access | read policy portal-db-ci-website-read | goes: whoever used it may not any more",
    ],
    cells: [
      "portal_website_ci on —: -connect",
      "portal_website_dev on —: -connect",
      "website_ci_owner on website_ci: -use -create -read -write -own",
      "website_dev_owner on website_dev: -use -create -read -write -own",
    ],
    known: [],
  });
});

test("a schema and its owner are renamed in place, and the login is another app's by its name", () => {
  const renamed = dev
    .with("wms-dev-schema", { name: "wms_v2_dev" })
    .with("wms-dev-owner", { name: "wms_v2_dev_owner" })
    .with("wms-dev-owner-schema", { role: "wms_v2_dev_owner", schema: "wms_v2_dev" })
    .with("wms-dev-login", {
      assumeRole: "wms_v2_dev_owner",
      roles: ["wms_v2_dev_owner"],
      searchPaths: ["wms_v2_dev"],
    });
  expect(saidBetween(dev, renamed)).toEqual({
    exit: 2,
    incomplete: [],
    groups: [
      "blocks: app wms in dev: schema wms_v2_dev: name wms_dev → wms_v2_dev; role wms_v2_dev_owner: name wms_dev_owner → wms_v2_dev_owner; login portal_wms_dev: assumeRole wms_dev_owner → wms_v2_dev_owner; roles wms_dev_owner → wms_v2_dev_owner; searchPaths wms_dev → wms_v2_dev",
    ],
    findings: [
      "blocks",
      "blocks | login portal_wms_dev | gives portal_wms_dev membership in the role wms_v2_dev_owner, which is wms_v2's in dev; portal_wms_dev assumeRole in the role wms_v2_dev_owner, which is wms_v2's in dev: give a role what is its own app's, or declare it in access.ts (own-roles-alone)",
      "blocks | login portal_wms_dev | has assumeRole wms_v2_dev_owner instead of wms_dev_owner; searchPaths wms_v2_dev instead of wms_dev: declare it as access.ts does (role-as-declared)",
      "interrupts | role wms_v2_dev_owner | is renamed: sessions that assume the old one fail (name wms_dev_owner → wms_v2_dev_owner)",
      "interrupts | schema wms_v2_dev | is renamed: apps that name the old one fail (name wms_dev → wms_v2_dev)",
      "interrupts | grant wms-dev-owner-schema | is replaced: what it gives is taken, and given again, unless the old one goes last",
      "interrupts | login portal_wms_dev | acts under another role's name from its next login on: what it makes belongs to that one (assumeRole wms_dev_owner → wms_v2_dev_owner)",
      "interrupts | login portal_wms_dev | looks elsewhere for tables that are named without their schema (searchPaths wms_dev → wms_v2_dev)",
      "widens access | login portal_wms_dev | is named 'portal_wms_dev', but its owner role belongs to 'portal_wms_v2_dev': rename one of them (login-fits-owner)",
    ],
    cells: [
      "wms_dev_owner on wms_dev: -use -create -read -write -own",
      "wms_v2_dev_owner on wms_v2_dev: +use +create +read +write +own",
    ],
    known: [],
  });
});

test("a new secret with AWS's default key widens access", async () => {
  const added = await devWith({ ...APPS, billing: {} });
  const { exit, findings } = saidBetween(dev, added.with("billing-dev-secret", { kmsKeyId: undefined }));
  expect({ exit, findings }).toEqual({
    exit: 0,
    findings: [
      "widens access",
      "widens access | secret portal-db/dev/billing | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
    ],
  });
});
