import { checkEnvFile } from "../../ops/check-prisma/env-file";
import { brief, DECLARED, DEV, lines, url } from "./declared";

const OPEN = "gives the password to whoever answers in the server's place: say sslmode=verify-full";
const NO_MODE = "is no mode, and each program makes another of it: say sslmode=verify-full";
const D = "$";
const tls = (schema: string, mode: string): string => url(schema, "portal_wms", `&${mode}`);

/** Files, and what is wrong with parts of the URLs in them. */
const WRONG: [title: string, file: string, text: string, findings: string[]][] = [
  [
    "of two modes the last, and a mode in other letters",
    ".env.production",
    lines(
      `DATABASE_URL=${tls("wms_prod", "sslmode=verify-full&sslmode=no-verify")}`,
      `DATABASE_URL=${tls("wms_prod", "sslmode=Disable")}`,
    ),
    [`1: DATABASE_URL: sslmode=no-verify ${OPEN}`, `2: DATABASE_URL: sslmode=Disable ${NO_MODE}`],
  ],
  [
    "parameters that outrank what stands before them",
    ".env.dev",
    lines(`DATABASE_URL=${DEV}&user=portal_xplan`, `DATABASE_URL=${DEV}&host=evil.example`),
    ["user", "host"].map(
      (name, index) =>
        `${index + 1}: DATABASE_URL: ?${name}= outranks what stands before it: node-postgres takes it: take it out`,
    ),
  ],
  [
    "what is said beside variables",
    ".env.production",
    lines(
      `DATABASE_URL=postgresql://${D}{USER}:${D}{PASSWORD}@${D}{HOST}:${D}{PORT}/portal_db?schema=xplan_prod`,
      `DATABASE_URL=postgresql://${D}{USER}:s3cret@${D}HOST/portal_db?schema=wms_prod&sslmode=disable`,
    ),
    [
      '1: DATABASE_URL: schema "xplan_prod" is xplan\'s: wms may not reach it',
      "2: DATABASE_URL: sslmode=disable: the instance refuses what is not encrypted: say sslmode=verify-full",
    ],
  ],
  [
    "Prisma's own servers",
    ".env.production",
    lines(
      "DATABASE_URL=prisma+postgres://localhost:51213/?api_key=s3cret",
      "DATABASE_URL=prisma+postgres://accelerate.prisma-data.net/?api_key=s3cret",
    ),
    [1, 2].map(
      (line) => `${line}: DATABASE_URL leads to a server of Prisma's own: take the URL of the app's secret`,
    ),
  ],
];

test.each(WRONG)("%s, in %s", (_title, file, text, findings) => {
  const found = brief(checkEnvFile(file, text, "wms", DECLARED));
  expect(found).toEqual(findings);
  expect(found.join()).not.toMatch(/s3cret|:\/\/[^ ]/);
});
