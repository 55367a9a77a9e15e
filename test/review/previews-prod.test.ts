import { type Expected, holds } from "./preview-files";

/** What a reviewer is told of each preview. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  "add-reader-prod": {
    exit: 0,
    incomplete: [],
    headlines: ["app xplan in prod: new role xplan_prod_reader"],
    findings: [
      "widens access",
      "widens access | role xplan_prod_reader | is not protected; a delete or a replacement would go through: set protect (protected-in-prod)",
      "widens access | xplan_prod_reader | gains use, read on xplan_prod",
    ],
    cells: ["xplan_prod_reader on xplan_prod: +use +read"],
    known: [],
  },
  "connection-limit-prod": {
    exit: 0,
    incomplete: [],
    headlines: ["app wms in prod: login portal_wms: connectionLimit 10 → 40"],
    findings: ["safe"],
    cells: [],
    known: [],
  },
  "create-prod": {
    exit: 0,
    incomplete: [],
    headlines: [
      "new app website in prod: schema website_prod, login portal_website, secret portal-db/prod/website",
      "new app xplan in prod: schema xplan_prod, login portal_xplan, secret portal-db/prod/xplan",
      "new app auth in prod: schema auth_prod, login portal_auth, secret portal-db/prod/auth",
      "new app wms in prod: schema wms_prod, login portal_wms, reader wms_prod_reader, secret portal-db/prod/wms",
      "database-wide: new role portal_db_connect",
      "stack: new provider admin",
      "instance: new instance ecomos-prod",
    ],
    findings: [
      "widens access",
      "widens access | secret portal-db/prod/website | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | secret portal-db/prod/xplan | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | secret portal-db/prod/auth | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | role wms_prod_reader | is not protected; a delete or a replacement would go through: set protect (protected-in-prod)",
      "widens access | secret portal-db/prod/wms | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | role portal_db_connect | is not protected; a delete or a replacement would go through: set protect (protected-in-prod)",
    ],
    cells: [
      "auth_prod_owner on auth_prod: +use +create +read +write +own",
      "portal_auth on auth_prod: +connect +use +create +read +write +own",
      "portal_db_connect on —: +connect",
      "portal_website on website_prod: +connect +use +create +read +write +own",
      "portal_wms on wms_prod: +connect +use +create +read +write +own",
      "portal_xplan on xplan_prod: +connect +use +create +read +write +own",
      "website_prod_owner on website_prod: +use +create +read +write +own",
      "wms_prod_owner on wms_prod: +use +create +read +write +own",
      "wms_prod_reader on wms_prod: +use +read",
      "xplan_prod_owner on xplan_prod: +use +create +read +write +own",
    ],
    known: [],
  },
  "remove-app-prod-protected": {
    exit: 2,
    incomplete: [
      'Preview failed: resource "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/role:Role::website-prod-login" cannot be deleted because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:',
      'Preview failed: resource "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::website-prod-secret" cannot be deleted because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:',
      "preview failed",
    ],
    headlines: ["app website in prod: login portal_website goes; secret portal-db/prod/website goes"],
    findings: [
      "blocks",
      "blocks | login portal_website | drops a prod role: whoever has its rights loses them",
      "blocks | secret portal-db/prod/website | deletes a prod secret: its app finds no URL at the next deploy",
      "interrupts | secret value website-prod-secret-value | its app finds no URL at the next deploy",
    ],
    cells: ["portal_website on extensions: -connect -use"],
    known: [],
  },
  "remove-app-prod": {
    exit: 2,
    incomplete: [],
    headlines: [
      "app website in prod goes: schema website_prod, login portal_website, secret portal-db/prod/website",
    ],
    findings: [
      "blocks",
      "blocks | login portal_website | drops a prod role: whoever has its rights loses them",
      "blocks | schema website_prod | drops a prod schema, and what is in it",
      "blocks | role website_prod_owner | drops a prod role: whoever has its rights loses them",
      "blocks | secret portal-db/prod/website | deletes a prod secret: its app finds no URL at the next deploy",
      "interrupts | secret value website-prod-secret-value | its app finds no URL at the next deploy",
      "interrupts | password website-prod-password | the password goes, and with it whoever logs in with it",
    ],
    cells: [
      "portal_website on extensions: -connect -use",
      "portal_website on website_prod: -connect -use -create -read -write -own",
      "website_prod_owner on website_prod: -use -create -read -write -own",
    ],
    known: [],
  },
  "rotate-credential-prod": {
    exit: 0,
    incomplete: [],
    headlines: ["app wms in prod: login portal_wms: password"],
    findings: [
      "interrupts",
      "interrupts | password wms-prod-password | the password in use changes: who still has the old one is locked out",
      "interrupts | login portal_wms | the password in use changes: who still has the old one is locked out",
    ],
    cells: [],
    known: [],
  },
};

describe("previews of prod's apps by the official engine", () => {
  test.each(Object.keys(EXPECTED))("%s", (name) => holds(name, EXPECTED[name]));
});
