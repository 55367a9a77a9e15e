import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { DECLARED, DEV, lines, PROD, url } from "./declared";

const D = "$";

/** Files with nothing wrong in them. */
const FINE: [title: string, file: string, text: string][] = [
  ["dev's URL in dev's file", ".env.dev", `DATABASE_URL=${DEV}`],
  ["the second login", ".env.dev", `DATABASE_URL=${url("wms_dev", "portal_wms_dev_2")}`],
  [
    "ci's and a pull request's URL in a test's file",
    ".env.test",
    lines(
      `DATABASE_URL=${url("wms_ci", "portal_wms_ci")}`,
      `DATABASE_URL=${url("wms_pr_42", "portal_wms_pr_42")}`,
    ),
  ],
  ["prod's URL in production's file", "apps/wms/.env.production.local", `DATABASE_URL="${PROD}" # prod`],
  ["any environment's URL in a plain .env", ".env", lines(`DATABASE_URL=${DEV}`, `DATABASE_URL=${PROD}`)],
  ["export, quotes, blanks and Windows' line ends", ".env.dev", `\r\n export DATABASE_URL = '${DEV}'\r\n`],
  [
    "what is commented out, empty, or another variable",
    ".env.dev",
    lines(
      `# DATABASE_URL=${PROD}`,
      "DATABASE_URL=",
      "DATABASE_URL=$" + "{OTHER}",
      "API_URL=https://u:s3cret@x/",
    ),
  ],
  [
    "this machine without sslmode",
    ".env.local",
    lines(
      ...["localhost", "127.0.0.1", "[::1]"].map(
        (host) => `DATABASE_URL=${url("wms_dev", "portal_wms_dev", "", `${host}:6543`)}`,
      ),
    ),
  ],
  [
    "a database of one's own",
    ".env.dev",
    lines(
      "DATABASE_URL=postgresql://me:s3cret@localhost/mine",
      "SHADOW_DATABASE_URL=postgresql://me:s3cret@localhost/shadow",
    ),
  ],
  [
    "a password whose signs are encoded",
    ".env.production",
    lines(
      `DATABASE_URL=${PROD.replace("s3cret", encodeURIComponent("p@ss#w/rd?%&=:"))}`,
      `DATABASE_URL="${PROD.replace("s3cret", "a:b!c$d*e")}"`,
    ),
  ],
  [
    "as many connections as the login may hold",
    ".env",
    lines(`DATABASE_URL=${DEV}&connection_limit=10`, `DATABASE_URL=${PROD}&connection_limit=40`),
  ],
  [
    "dev's server unverified, as the tunnel has it; this machine's not encrypted",
    ".env.dev",
    lines(
      `DATABASE_URL=${url("wms_dev", "portal_wms_dev", "&sslmode=require&uselibpqcompat=true")}`,
      `DATABASE_URL=${url("wms_dev", "portal_wms_dev", "&sslmode=no-verify")}`,
      `DATABASE_URL=${url("wms_dev", "portal_wms_dev", "&sslmode=disable", "localhost:6543")}`,
    ),
  ],
  [
    "other options, and the search_path that the login has",
    ".env.dev",
    lines(
      `DATABASE_URL=${DEV}&options=-c%20statement_timeout%3D5s`,
      `DATABASE_URL=${DEV}&options=-c%20search_path%3Dwms_dev`,
      "PGOPTIONS=-c statement_timeout=5s",
      "NODE_TLS_REJECT_UNAUTHORIZED=0",
      "PGSSLMODE=no-verify",
    ),
  ],
  [
    "variables that others fill, in every part",
    ".env",
    lines(
      `DATABASE_URL=postgresql://${D}{DB_USER}:${D}{DB_PASSWORD}@${D}{DB_HOST}:5432/portal_db?schema=wms_dev`,
      `DATABASE_URL="postgresql://${D}DB_USER:${D}DB_PASSWORD@${D}DB_HOST:${D}{DB_PORT}/portal_db?schema=wms_${D}{ENV:-dev}"`,
      `DATABASE_URL=postgresql://${D}{REST}`,
      `DATABASE_URL=postgresql://me:s3cret@${D}{DB_HOST}/${D}{DB_NAME}`,
      `DATABASE_URL=${D}{BASE}?schema=wms_dev`,
      `DATABASE_URL=postgresql://portal_wms_dev:${D}{PW}@db.example/portal_db?${D}{PARAMETERS}`,
    ),
  ],
  [
    "a container beside the app, and Prisma's local server",
    ".env.ci",
    lines(
      "DATABASE_URL=postgresql://postgres:postgres@postgres:5432/test",
      "DATABASE_URL=postgresql://postgres:postgres@host.docker.internal:5432/test",
      `DATABASE_URL=${url("wms_ci", "portal_wms_ci", "", "postgres:5432")}`,
      'DATABASE_URL="prisma+postgres://localhost:51213/?api_key=s3cret"',
    ),
  ],
  ["prod's URL in a file for a container", "production.env", `DATABASE_URL=${PROD}`],
  ["a comment right behind the URL", ".env.dev", `DATABASE_URL=${DEV}#dev`],
  ["a byte order mark", ".env.dev", `\uFEFFDATABASE_URL=${DEV}`],
  ["Prisma's further URLs", ".env.dev", lines(`DIRECT_URL=${DEV}`, `PRISMA_URL=${DEV}`)],
];

test.each(FINE)("nothing is wrong with %s, in %s", (_title, file, text) => {
  expect(checkEnvFile(file, text, "wms", DECLARED)).toEqual([]);
});

test("a variable that the config takes for the shadow database is one", () => {
  const text = `MY_SECOND=${DEV}`;
  expect(checkEnvFile(".env", text, "wms", DECLARED, ["MY_SECOND"])).toEqual([
    {
      file: ".env",
      line: 1,
      message: "MY_SECOND leads to portal_db: Prisma empties it, so take a local database of your own",
    },
  ]);
});
