import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { DECLARED, DEV, lines, PROD, url } from "./declared";

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
  ["Prisma's further URLs", ".env.dev", lines(`DIRECT_URL=${DEV}`, `PRISMA_URL=${DEV}`)],
];

test.each(FINE)("nothing is wrong with %s, in %s", (_title, file, text) => {
  expect(checkEnvFile(file, text, "wms", DECLARED)).toEqual([]);
});
