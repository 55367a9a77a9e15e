import { type Expected, holds } from "./preview-files";

/** What a reviewer is told of each preview. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  "add-app-dev": {
    exit: 0,
    incomplete: [],
    headlines: [
      "new app billing in dev: schema billing_dev, login portal_billing_dev, secret portal-db/dev/billing",
    ],
    findings: [
      "widens access",
      "widens access | secret portal-db/dev/billing | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | portal_billing_dev | gains connect, use on extensions",
    ],
    cells: [
      "billing_dev_owner on billing_dev: +use +create +read +write +own",
      "portal_billing_dev on billing_dev: +connect +use +create +read +write +own",
      "portal_billing_dev on extensions: +connect +use",
    ],
    known: [],
  },
  "create-dev": {
    exit: 0,
    incomplete: [],
    headlines: [
      "new app xplan in dev: schema xplan_dev, login portal_xplan_dev, secret portal-db/dev/xplan",
      "new app wms in dev: schema wms_dev, login portal_wms_dev, secret portal-db/dev/wms",
      "new app auth in dev: schema auth_dev, login portal_auth_dev, secret portal-db/dev/auth",
      "new app website in dev: schema website_dev, login portal_website_dev, secret portal-db/dev/website",
      "stack: new provider admin",
    ],
    findings: [
      "widens access",
      "widens access | secret portal-db/dev/xplan | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | portal_xplan_dev | gains connect, use on extensions",
      "widens access | secret portal-db/dev/wms | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | portal_wms_dev | gains connect, use on extensions",
      "widens access | secret portal-db/dev/auth | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | portal_auth_dev | gains connect, use on extensions",
      "widens access | secret portal-db/dev/website | is encrypted with AWS's default key: set kmsKeyId to the stack's key (secret-with-own-key)",
      "widens access | portal_website_dev | gains connect, use on extensions",
    ],
    cells: [
      "auth_dev_owner on auth_dev: +use +create +read +write +own",
      "portal_auth_dev on auth_dev: +connect +use +create +read +write +own",
      "portal_auth_dev on extensions: +connect +use",
      "portal_website_dev on extensions: +connect +use",
      "portal_website_dev on website_dev: +connect +use +create +read +write +own",
      "portal_wms_dev on extensions: +connect +use",
      "portal_wms_dev on wms_dev: +connect +use +create +read +write +own",
      "portal_xplan_dev on extensions: +connect +use",
      "portal_xplan_dev on xplan_dev: +connect +use +create +read +write +own",
      "website_dev_owner on website_dev: +use +create +read +write +own",
      "wms_dev_owner on wms_dev: +use +create +read +write +own",
      "xplan_dev_owner on xplan_dev: +use +create +read +write +own",
    ],
    known: [],
  },
  "remove-app-dev": {
    exit: 0,
    incomplete: [],
    headlines: [
      "app website in dev goes: schema website_dev, login portal_website_dev, secret portal-db/dev/website",
    ],
    findings: [
      "interrupts",
      "interrupts | secret value website-dev-secret-value | its app finds no URL at the next deploy",
      "interrupts | login portal_website_dev | whoever logs in as this role is locked out",
      "interrupts | schema website_dev | drops the schema and its tables",
      "interrupts | secret portal-db/dev/website | its app finds no URL at the next deploy",
      "interrupts | password website-dev-password | the password goes, and with it whoever logs in with it",
      "narrows access | role website_dev_owner | the role and its rights go",
    ],
    cells: [
      "portal_website_dev on extensions: -connect -use",
      "portal_website_dev on website_dev: -connect -use -create -read -write -own",
      "website_dev_owner on website_dev: -use -create -read -write -own",
    ],
    known: [],
  },
  "rename-schema-dev": {
    exit: 0,
    incomplete: [],
    headlines: [
      "app wms in dev: schema wms_v2_dev: name wms_dev → wms_v2_dev; role wms_v2_dev_owner: name wms_dev_owner → wms_v2_dev_owner; login portal_wms_dev: assumeRole wms_dev_owner → wms_v2_dev_owner, roles wms_dev_owner, portal_db_connect → wms_v2_dev_owner, portal_db_connect, searchPaths",
    ],
    findings: [
      "interrupts",
      "interrupts | role wms_v2_dev_owner | the role is renamed: sessions that assume the old one fail",
      "interrupts | schema wms_v2_dev | the schema is renamed: apps that name the old one fail",
      "interrupts | login portal_wms_dev | acts under another role's name from its next login on: what it makes belongs to that one",
      "interrupts | login portal_wms_dev | unqualified table names are looked for elsewhere",
      "widens access | login portal_wms_dev | is named 'portal_wms_dev', but its owner role belongs to 'portal_wms_v2_dev': rename one of them (login-fits-owner)",
    ],
    cells: [
      "portal_wms_dev on wms_dev: -use -create -read -write -own",
      "portal_wms_dev on wms_v2_dev: +use +create +read +write +own",
      "wms_dev_owner on wms_dev: -use -create -read -write -own",
      "wms_v2_dev_owner on wms_v2_dev: +use +create +read +write +own",
    ],
    known: [],
  },
};

describe("previews of dev by the official engine", () => {
  test.each(Object.keys(EXPECTED))("%s", (name) => holds(name, EXPECTED[name]));
});
