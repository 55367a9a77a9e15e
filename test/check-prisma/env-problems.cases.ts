import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { brief, DECLARED, DEV, lines, PROD, url } from "./declared";

const ENCODED = "DATABASE_URL is not a URL: a special sign in the password must be %-encoded";
const OPEN = "gives the password to whoever answers in the server's place: say sslmode=verify-full";
const PATH = "the login's is its own schema alone: take it out";
const MOST = (login: string): string =>
  `connections that ${login} may hold, all processes together: Postgres refuses the rest (53300): lower it, or raise the app's connectionLimit`;
const UNVERIFIED = [
  "sslmode=no-verify",
  "sslmode=require&uselibpqcompat=true",
  "sslmode=require&sslaccept=accept_invalid_certs",
];
const tls = (schema: string, mode: string): string =>
  url(schema, schema === "wms_prod" ? "portal_wms" : "portal_wms_dev", `&${mode}`);

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
    "DATABASE_URL=postgresql://me:s3cret@db.ecomos.io/wms",
    ["1: DATABASE_URL leads to another database than portal_db"],
  ],
  [
    "another database, in a plain .env",
    ".env",
    "DATABASE_URL=postgresql://portal_wms:s3cret@db.example:5432/postgres?schema=wms_prod&sslmode=verify-full",
    ["1: DATABASE_URL leads to another database than portal_db"],
  ],
  [
    "another database through the tunnel, by the schema and by the login",
    ".env.local",
    lines(
      "DATABASE_URL=postgresql://me:s3cret@localhost:6543/wms?schema=wms_dev",
      "DIRECT_URL=postgresql://portal_wms_dev:s3cret@localhost:6543/postgres",
    ),
    [
      "1: DATABASE_URL leads to another database than portal_db",
      "2: DIRECT_URL leads to another database than portal_db",
    ],
  ],
  [
    "another database in production's file",
    ".env.production",
    "DATABASE_URL=postgresql://me:s3cret@localhost/mine",
    ["1: DATABASE_URL leads to another database than portal_db"],
  ],
  [
    "a shadow database by another name",
    ".env",
    lines(`SHADOW_URL=${DEV}`, `WMS_SHADOW=${DEV}`, `PRISMA_SHADOW_DATABASE_URL=${DEV}`),
    ["SHADOW_URL", "WMS_SHADOW", "PRISMA_SHADOW_DATABASE_URL"].map(
      (name, index) =>
        `${index + 1}: ${name} leads to portal_db: Prisma empties it, so take a local database of your own`,
    ),
  ],
  [
    "more connections than the login may hold",
    ".env",
    lines(`DATABASE_URL=${DEV}&connection_limit=11`, `DATABASE_URL=${PROD}&connection_limit=41`),
    [
      `1: DATABASE_URL: connection_limit=11 is more than the 10 ${MOST("portal_wms_dev")}`,
      `2: DATABASE_URL: connection_limit=41 is more than the 40 ${MOST("portal_wms")}`,
    ],
  ],
  [
    "no TLS, or perhaps none",
    ".env.dev",
    lines(
      ...["disable", "allow", "prefer"].map((mode) => `DATABASE_URL=${tls("wms_dev", `sslmode=${mode}`)}`),
    ),
    ["disable", "allow", "prefer"].map(
      (mode, index) =>
        `${index + 1}: DATABASE_URL: sslmode=${mode}: the instance refuses what is not encrypted: say sslmode=verify-full`,
    ),
  ],
  [
    "prod's server unverified",
    ".env.production",
    lines(...UNVERIFIED.map((mode) => `DATABASE_URL=${tls("wms_prod", mode)}`), "PGSSLMODE=no-verify"),
    [
      ...UNVERIFIED.map(
        (mode, index) =>
          `${index + 1}: DATABASE_URL: ${mode.replace("sslmode=require&sslacc", "sslacc")} ${OPEN}`,
      ),
      `${UNVERIFIED.length + 1}: PGSSLMODE=no-verify ${OPEN}`,
    ],
  ],
  [
    "no server verified at all",
    ".env",
    "NODE_TLS_REJECT_UNAUTHORIZED=0 # s3cret",
    [
      "1: NODE_TLS_REJECT_UNAUTHORIZED=0 gives the password to whoever answers in a server's place, AWS's too: name the CA bundle in NODE_EXTRA_CA_CERTS",
    ],
  ],
  [
    "a search_path or a role of the connection's own",
    ".env.dev",
    lines(
      `DATABASE_URL=${DEV}&options=-c%20search_path%3Dxplan_dev`,
      `DATABASE_URL=${DEV}&options=-csearch_path=public,wms_dev`,
      `DATABASE_URL=${DEV}&options=--search-path%3Dxplan_dev`,
      `DATABASE_URL=${DEV}&options=-c%20statement_timeout%3D5s%20-c%20role%3Dpostgres`,
      'PGOPTIONS="-c search_path=xplan_dev"',
      `DATABASE_URL=${DEV}&options=-c%20search_path%3Dwms_dev%20-c%20search_path%3Dxplan_dev`,
      `DATABASE_URL: "${DEV}&options=-c%20search_path%3Dwms_dev&options=-c%20search_path%3Dxplan_dev"`,
    ),
    [
      ...[1, 2, 3].map((line) => `${line}: DATABASE_URL: options=-c search_path: ${PATH}`),
      "4: DATABASE_URL: options=-c role: the login acts as its owner: take it out",
      `5: PGOPTIONS=-c search_path: ${PATH}`,
      ...[6, 7].map((line) => `${line}: DATABASE_URL: options=-c search_path: ${PATH}`),
    ],
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
    "any special sign in a password",
    ".env.production",
    lines(
      ...[
        "p@ss#w/rd",
        "a@b",
        "a#b",
        "a/b",
        "a?b",
        "1/b",
        "1?b",
        "1#b",
        "1?b=c",
        "a%b",
        "100%",
        "a@b:c@d",
      ].map(
        (password) =>
          `DATABASE_URL="${tls("wms_prod", "sslmode=verify-full").replace("s3cret", `${password}`)}"`,
      ),
      "# s3cret",
    ),
    Array.from({ length: 12 }, (_, index) => `${index + 1}: ${ENCODED}`),
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
