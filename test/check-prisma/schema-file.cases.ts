import { checkSchemaFile } from "../../ops/check-prisma/schema-file";
import { brief, DECLARED, lines } from "./declared";

const URL_LINE = '  url = env("DATABASE_URL")';
const datasource = (...inside: string[]): string => lines("datasource db {", ...inside, "}");
const provided = (...inside: string[]): string => datasource('  provider = "postgresql"', ...inside);
const FIXES =
  'schema "wms_dev" fixes the environment, and prod would look for it, too: leave it out, ?schema= in the URL decides';
const OTHER = 'schema "xplan_dev" is xplan\'s: wms may not reach it';

/** Files with nothing wrong in them. */
const FINE: [title: string, text: string][] = [
  ["a url of the environment", provided(URL_LINE)],
  ["Prisma 7, without a url", provided()],
  ["the provider's short name", datasource('  provider = "postgres"', URL_LINE)],
  ["Windows' line ends", provided(URL_LINE).replaceAll("\n", "\r\n")],
  ["a comment behind the url", provided(`${URL_LINE} // from the secret`)],
  [
    "URLs of the command line alone",
    provided(URL_LINE, '  directUrl = env("DIRECT_URL")', '  shadowDatabaseUrl = env("SHADOW_DATABASE_URL")'),
  ],
  [
    "what is commented out",
    lines('// datasource db { provider = "mysql" }', '/* @@schema("xplan_dev") */') +
      provided(URL_LINE, '  // url = "postgresql://a:b@c/d"'),
  ],
  [
    "a schema's name in a string of another kind",
    `${provided(URL_LINE)}model A {\n  id String @id @default("xplan_dev // @@schema")\n}\n`,
  ],
  ["a model's url", `${provided(URL_LINE)}model A {\n  url String\n  provider String\n}\n`],
];

/** Files with findings. */
const WRONG: [title: string, text: string, findings: string[]][] = [
  [
    "another provider",
    datasource('  provider = "mysql"', URL_LINE),
    ['2: the provider must be "postgresql"'],
  ],
  ["no provider", datasource(URL_LINE), ['1: the provider must be "postgresql"']],
  [
    "a provider from the environment",
    datasource('  provider = env("P")'),
    ['2: the provider must be "postgresql"'],
  ],
  [
    "a url written out",
    provided('  url = "postgresql://portal_wms:s3cret@db/portal_db"'),
    ['3: url is written out: take it from env("DATABASE_URL")'],
  ],
  [
    "a url after a comment that looks like one",
    provided("", '  // url = env("DATABASE_URL")', '  url = "postgresql://portal_wms:s3cret@db//x"'),
    ['5: url is written out: take it from env("DATABASE_URL")'],
  ],
  [
    "the other URLs written out",
    provided(URL_LINE, '  directUrl = "postgresql://s3cret"', '  shadowDatabaseUrl = "postgresql://s3cret"'),
    [
      '4: directUrl is written out: take it from env("DIRECT_URL")',
      '5: shadowDatabaseUrl is written out: take it from env("SHADOW_DATABASE_URL")',
    ],
  ],
  [
    "a shadow database that is the app's own",
    provided(URL_LINE, '  shadowDatabaseUrl = env("DATABASE_URL")'),
    [
      '4: shadowDatabaseUrl reads DATABASE_URL: Prisma empties what it leads to: take env("SHADOW_DATABASE_URL"), of a local database of your own',
    ],
  ],
  [
    "another variable",
    provided('  url = env("WMS_URL")'),
    ["3: url reads WMS_URL: the secret and the .env files have DATABASE_URL"],
  ],
  [
    "schemas, the app's own and others",
    provided(URL_LINE, "  schemas = [", '    "wms_dev",', '    "xplan_dev", "nobody", "public"', "  ]"),
    [
      `5: ${FIXES}`,
      `6: ${OTHER}`,
      '6: schema "nobody" is in no stack: deploy it first, or mend the name',
      '6: schema "public" is no app\'s: nothing can be made in it, leave it out, ?schema= in the URL decides',
    ],
  ],
  [
    "a model's schema",
    `${provided(URL_LINE)}model A {\n  id Int @id\n  @@schema("xplan_dev")\n}\nenum B {\n  C\n  @@schema( map: "wms_dev" )\n}\n`,
    [`7: ${OTHER}`, `11: ${FIXES}`],
  ],
  [
    "a pull request's schema of the app",
    provided('  schemas = ["wms_pr_42"]'),
    [`3: ${FIXES.replace("wms_dev", "wms_pr_42")}`],
  ],
  [
    "a pull request's schema of another app",
    provided('  schemas = ["xplan_pr_42"]'),
    [`3: ${OTHER.replace("_dev", "_pr_42")}`],
  ],
];

const check = (text: string) => checkSchemaFile("schema.prisma", text, "wms", DECLARED);

test.each(FINE)("nothing is wrong with %s", (_title, text) =>
  expect(brief(check(text).findings)).toEqual([]),
);
test.each(WRONG)("%s is found", (_title, text, findings) =>
  expect(brief(check(text).findings)).toEqual(findings),
);

test("whether there is a datasource, and a url in it", () => {
  const seen = (text: string) => ({ ...check(text), findings: undefined });
  const [yes, no] = [true, false];
  expect(seen("model A {\n  url String\n}\n")).toEqual({
    hasDatasource: no,
    hasUrl: no,
    hasDirectUrl: no,
    shadows: [],
  });
  expect(seen(provided('  directUrl = env("DIRECT_URL")'))).toEqual({
    hasDatasource: yes,
    hasUrl: no,
    hasDirectUrl: yes,
    shadows: [],
  });
  expect(seen(provided(`  // ${URL_LINE}`))).toEqual({
    hasDatasource: yes,
    hasUrl: no,
    hasDirectUrl: no,
    shadows: [],
  });
  expect(seen(provided(URL_LINE, '  shadowDatabaseUrl = env("S")'))).toEqual({
    hasDatasource: yes,
    hasUrl: yes,
    hasDirectUrl: no,
    shadows: ["S"],
  });
});
