import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { brief, DECLARED, DEV, lines, PROD, url } from "./declared";

/** Files, and what is wrong with them. */
const WRONG: [title: string, file: string, text: string, findings: string[]][] = [
  [
    "prod's URL in dev's files",
    ".env.local",
    `DATABASE_URL=${PROD}`,
    ["1: DATABASE_URL is prod's: not in this file"],
  ],
  [
    "dev's URL in production's file",
    ".env.prod",
    lines("A=1", `DATABASE_URL=${DEV}`),
    ["2: DATABASE_URL is dev's: not in this file"],
  ],
  [
    "another app's schema",
    ".env.dev",
    `DATABASE_URL=${url("xplan_dev")}`,
    ['1: DATABASE_URL: schema "xplan_dev" is xplan\'s: wms may not reach it'],
  ],
  [
    "an unknown schema",
    ".env.dev",
    `DATABASE_URL=${url("wms_development")}`,
    ['1: DATABASE_URL: schema "wms_development" is in no stack: deploy it first, or mend the name'],
  ],
  [
    "public",
    ".env.dev",
    `DATABASE_URL=${url("public")}`,
    ['1: DATABASE_URL: schema "public" is no app\'s: nothing can be made in it'],
  ],
  [
    "no schema",
    ".env.dev",
    "DATABASE_URL=postgresql://portal_wms_dev:s3cret@db/portal_db",
    ["1: DATABASE_URL has no ?schema=: Prisma would use public"],
  ],
  [
    "another user",
    ".env.dev",
    `DATABASE_URL=${url("wms_dev", "portal_wms")}`,
    ["1: DATABASE_URL's user is not a login of wms_dev: it is portal_wms_dev"],
  ],
  [
    "a user with the password in it",
    ".env.dev",
    `DATABASE_URL=${url("wms_dev", "portal_wms_dev%3As3cret")}`,
    ["1: DATABASE_URL's user is not a login of wms_dev: it is portal_wms_dev"],
  ],
  [
    "a user that cannot be decoded",
    ".env.dev",
    `DATABASE_URL=${url("wms_dev", "s3cret%zz")}`,
    ["1: DATABASE_URL's user is not a login of wms_dev: it is portal_wms_dev"],
  ],
  [
    "no sslmode",
    ".env.dev",
    `DATABASE_URL=${url("wms_dev", "portal_wms_dev", "")}`,
    ["1: DATABASE_URL has no sslmode: the instance refuses what is not encrypted"],
  ],
  ["another variable", ".env.dev", `WMS_URL=${DEV}`, ["1: WMS_URL: the programs read DATABASE_URL"]],
  [
    "a shadow database in portal_db",
    ".env.dev",
    `SHADOW_DATABASE_URL=${DEV}`,
    ["1: SHADOW_DATABASE_URL leads to portal_db: Prisma empties it, so take a local database of your own"],
  ],
  [
    "another database elsewhere",
    ".env.dev",
    "DATABASE_URL=postgresql://me:s3cret@db/wms",
    ["1: DATABASE_URL leads to another database than portal_db"],
  ],
  [
    "another kind of URL",
    ".env.dev",
    "DATABASE_URL=mysql://me:s3cret@db/wms",
    ["1: DATABASE_URL is not a postgresql:// URL"],
  ],
  [
    "a password that is not encoded",
    ".env.dev",
    "DATABASE_URL=postgresql://me:s3cret/x@db:5432/portal_db",
    ["1: DATABASE_URL is not a URL: a special sign in the password must be %-encoded"],
  ],
  [
    "several at once",
    ".env.production",
    `URL=${url("wms_dev", "portal_xplan", "")}`,
    [
      "1: URL: the programs read DATABASE_URL",
      "1: URL is dev's: not in this file",
      "1: URL's user is not a login of wms_dev: it is portal_wms_dev",
      "1: URL has no sslmode: the instance refuses what is not encrypted",
    ],
  ],
];

test.each(WRONG)("%s, in %s", (_title, file, text, findings) => {
  const found = brief(checkEnvFile(file, text, "wms", DECLARED));
  expect(found).toEqual(findings);
  // Each file has this password, and no URL is repeated.
  expect(text).toContain("s3cret");
  expect(found.join()).not.toMatch(/s3cret|:\/\/[^ ]/);
});
