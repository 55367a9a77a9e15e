import { Environments } from "../../infra/names";
import { findingsOf, judge, saidBetween, saidOf } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";

const APPS = { auth: {}, wms: { connectionLimit: 40, reader: true }, xplan: {}, website: {} };
const prodWith = (apps: object) => StackProgram.of("prod", { apps, adoptInstance: null });

let prod: StackProgram;

beforeAll(async () => {
  prod = await prodWith(APPS);
});

test("a stack is created", () => {
  expect(saidBetween(StackProgram.nothing(), prod)).toEqual({
    exit: 0,
    incomplete: [],
    groups: [
      "widens access: instance: new instance ecomos-prod; new IAM role ecomos-prod-monitoring; new key Storage of ecomos-prod; new parameter group ecomos-prod-postgres17; and 3 more",
      "widens access: database-wide: new database portal_db; new schema extensions; new role portal_db_owner; new login portal_db_admin; and 1 more",
      "safe: stack: new key Secrets of the stack prod of portal-db; new secret portal-db/master; new provider master; new secret portal-db/admin; and 2 more",
      "safe: new app auth in prod: schema auth_prod, login portal_auth, secret portal-db/prod/auth",
      "safe: new app website in prod: schema website_prod, login portal_website, secret portal-db/prod/website",
      "safe: new app wms in prod: schema wms_prod, login portal_wms, reader wms_prod_reader, secret portal-db/prod/wms",
      "safe: new app xplan in prod: schema xplan_prod, login portal_xplan, secret portal-db/prod/xplan",
    ],
    findings: [
      "widens access",
      "widens access | IAM role ecomos-prod-monitoring | lets whoever takes it on do in the account what its policies allow: read them",
      "widens access | policy attachment instance-monitoring-policy | gives somebody in the account what the policy allows: read it",
      "widens access | network rule instance-network-ingress-apps | lets a network or a group reach the instance",
      "widens access | database portal_db | gets an owner, who may create schemas in it, and rename it",
      "widens access | grant database-public-schema | gives public USAGE on the schema public",
      "widens access | PUBLIC | gains use on extensions; PUBLIC is every role there is",
    ],
    cells: [
      "PUBLIC on extensions: +use",
      "auth_prod_owner on auth_prod: +use +create +read +write +own",
      "portal_auth on —: +connect",
      "portal_db_admin on —: +connect",
      "portal_db_dev_admin on —: +connect",
      "portal_db_owner on —: +connect",
      "portal_website on —: +connect",
      "portal_wms on —: +connect",
      "portal_xplan on —: +connect",
      "website_prod_owner on website_prod: +use +create +read +write +own",
      "wms_prod_owner on wms_prod: +use +create +read +write +own",
      "wms_prod_reader on wms_prod: +use +read",
      "xplan_prod_owner on xplan_prod: +use +create +read +write +own",
    ],
    known: [],
  });
});

test("nothing changes", () => {
  expect(saidBetween(prod, prod)).toEqual({
    exit: 0,
    incomplete: [],
    groups: [],
    findings: ["safe"],
    cells: [],
    known: [],
  });
});

test("a reader is added, which is protected", async () => {
  expect(saidBetween(prod, await prodWith({ ...APPS, xplan: { reader: true } }))).toEqual({
    exit: 0,
    incomplete: [],
    groups: ["widens access: app xplan in prod: new role xplan_prod_reader"],
    findings: ["widens access", "widens access | xplan_prod_reader | gains use, read on xplan_prod"],
    cells: ["xplan_prod_reader on xplan_prod: +use +read"],
    known: [],
  });
});

test("more connections are safe", async () => {
  const more = await prodWith({ ...APPS, wms: { connectionLimit: 60, reader: true } });
  expect(saidBetween(prod, more)).toEqual({
    exit: 0,
    incomplete: [],
    groups: ["safe: app wms in prod: login portal_wms: connectionLimit 40 → 60"],
    findings: ["safe"],
    cells: [],
    known: [],
  });
});

test("an app is removed", async () => {
  expect(saidBetween(prod, await prodWith({ ...APPS, website: undefined }))).toEqual({
    exit: 2,
    incomplete: [],
    groups: [
      "blocks: app website in prod goes: schema website_prod, login portal_website, secret portal-db/prod/website",
    ],
    findings: [
      "blocks",
      "blocks | role website_prod_owner | is dropped: whoever has its rights loses them",
      "blocks | schema website_prod | is dropped, with everything in it",
      "blocks | login portal_website | is dropped: whoever has its rights loses them",
      "blocks | secret portal-db/prod/website | is deleted: its app finds no URL at the next deploy",
      "narrows access | read policy portal-db-prod-website-read | goes: whoever used it may not any more",
    ],
    cells: [
      "portal_website on —: -connect",
      "website_prod_owner on website_prod: -use -create -read -write -own",
    ],
    known: [],
  });
});

test("a rotation makes the second login and changes no password in use; the next one closes the first", async () => {
  const second = await prodWith({ ...APPS, wms: { ...APPS.wms, credential: 2 } });
  const third = await prodWith({ ...APPS, wms: { ...APPS.wms, credential: 3 } });
  expect(saidBetween(prod, second)).toEqual({
    exit: 0,
    incomplete: [],
    groups: ["widens access: app wms in prod: new login portal_wms_2"],
    findings: ["widens access", "widens access | login portal_wms_2 | gets membership in wms_prod_owner"],
    cells: ["portal_wms_2 on —: +connect"],
    known: [],
  });
  expect(saidBetween(second, third)).toEqual({
    exit: 0,
    incomplete: [],
    groups: ["interrupts: app wms in prod: login portal_wms: password, a secret"],
    findings: [
      "interrupts",
      "interrupts | login portal_wms | gets another password: who still has the old one is locked out (password, a secret)",
    ],
    cells: [],
    known: [],
  });
});

test("a new role that is not protected widens access: nothing hangs on it yet that could be lost", async () => {
  const added = await prodWith({ ...APPS, xplan: { reader: true } });
  const { exit, findings } = saidBetween(prod, added.with("xplan-prod-reader", {}, { protect: false }));
  expect({ exit, findings }).toEqual({
    exit: 0,
    findings: [
      "widens access",
      "widens access | role xplan_prod_reader | is not protected; a delete or a replacement would go through: set protect (protected-in-prod)",
      "widens access | xplan_prod_reader | gains use, read on xplan_prod",
    ],
  });
});

test("a removal that the engine stops says each of its errors once, and judges the steps that it got to", () => {
  const error = (name: string) => ({
    severity: "error",
    message: `error: Preview failed: resource "${name}" cannot be deleted\nbecause it is protected. To unprotect it, run\n\`pulumi state unprotect\``,
  });
  const steps = ["website-prod-secret-value", "website-prod-login", "website-prod-secret"];
  const preview = {
    ...previewBetween(prod, prod.without(...steps)),
    diagnostics: [
      error("login"),
      { severity: "warning", message: "warning: slow" },
      error("secret"),
      error("secret"),
      { severity: "error", message: "error: preview failed" },
    ],
  };
  expect(saidOf(preview)).toEqual({
    exit: 2,
    incomplete: [
      'Preview failed: resource "login" cannot be deleted\nbecause it is protected. To unprotect it, run\n`pulumi state unprotect`',
      'Preview failed: resource "secret" cannot be deleted\nbecause it is protected. To unprotect it, run\n`pulumi state unprotect`',
    ],
    groups: ["blocks: app website in prod: login portal_website goes; secret portal-db/prod/website goes"],
    findings: [
      "blocks",
      "blocks | login portal_website | is dropped: whoever has its rights loses them",
      "blocks | secret portal-db/prod/website | is deleted: its app finds no URL at the next deploy",
    ],
    cells: [],
    known: [],
  });
});

test("a login of an environment that dev's file names blocks in prod, whatever app it is said to be of", () => {
  const taken = prod.with("xplan-prod-login", { name: "portal_xplan_qa" });
  const blocking = (environments?: Environments) =>
    findingsOf(judge(previewBetween(prod, taken), environments)).filter((line) =>
      /names-fit-stack/.test(line),
    );
  expect(blocking(new Environments([["dev", ["dev", "qa"]]]))).toEqual([
    "blocks | login portal_xplan_qa | names 'portal_xplan_qa', which is not the stack's own: stack prod names its own environments alone (names-fit-stack)",
  ]);
  expect(blocking()).toEqual([]);
});
