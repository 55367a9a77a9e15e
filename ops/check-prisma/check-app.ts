import { basename, dirname, relative } from "node:path";
import type { DeclaredSchema } from "../app/declared-schemas";
import { parsedScript } from "../sql/parsed-script";
import {
  type AppFiles,
  appFiles,
  appPackage,
  type PrismaVersion,
  readAppFile,
  readSqlFile,
} from "./app-files";
import { deployTextProblems } from "./deploy-text";
import { checkEnvFile } from "./env-file";
import { APP_URLS, type FileFinding, type LineFinding } from "./finding";
import { checkMigrationFile } from "./migration-file";
import { hasMigrator, NO_DIRECT_URL } from "./migrator-rules";
import { checkSchemaFile, type SchemaFileResult } from "./schema-file";
import { checkSourceFile } from "./source-file";
import { SqlProblems, tokensIn } from "./sql-problems";
import { TableHistory } from "./table-history";
import { writtenUrls } from "./written-url";

/** A file that says nothing of a database in these words is not parsed: an app may have thousands. */
const SPEAKS_OF_IT =
  /PrismaPg|(query|execute)Raw|Prisma\.(sql|raw)|\bsql`|postgres(ql)?:\/\/|["'](pg|postgres)["']|rejectUnauthorized|NODE_TLS_REJECT|PGSSLMODE|@neondatabase\/|sslmode|sslaccept|connection_limit|search_path/;
const NOT_UTF8 = "it is not UTF-8, which Postgres and Prisma take it for: save it as UTF-8";

const named = (file: string): string => relative(process.cwd(), file) || file;

/** Checks the migrations of each folder in their order; up to `since` they were applied, and nobody waits for them. */
async function checkMigrations(
  files: AppFiles,
  app: string,
  declared: readonly DeclaredSchema[],
  version: PrismaVersion | undefined,
  since: string | undefined,
): Promise<FileFinding[]> {
  const findings: FileFinding[] = files.emptyMigrations.map((folder) => ({
    file: named(folder),
    line: 1,
    message:
      "no migration.sql is in it, and prisma migrate stops there (P3015): delete the folder, or write the file",
  }));
  const historyByFolder = new Map<string, TableHistory>();
  for (const file of files.migrations) {
    const folder = dirname(dirname(file));
    const history = historyByFolder.get(folder) ?? new TableHistory();
    historyByFolder.set(folder, history);
    const text = readSqlFile(file);
    if (text === undefined) {
      findings.push({ file: named(file), line: 1, message: NOT_UTF8 });
      continue;
    }
    const found = await checkMigrationFile(named(file), text, app, declared, { version, history });
    const isApplied = since !== undefined && basename(dirname(file)) <= since;
    findings.push(...found.filter(({ isWarning }) => !(isApplied && isWarning)));
  }
  return findings;
}

/** Checks the queries of TypedSQL, whose parameters are Postgres's own. */
async function checkQueries(
  files: readonly string[],
  app: string,
  declared: readonly DeclaredSchema[],
): Promise<FileFinding[]> {
  const findings: FileFinding[] = [];
  for (const file of files) {
    const text = readSqlFile(file);
    if (text === undefined) findings.push({ file: named(file), line: 1, message: NOT_UTF8 });
    const problems = new SqlProblems(app, declared);
    const script = await parsedScript(text ?? "");
    const found =
      script.refusal === undefined
        ? await problems.inScript(script)
        : problems.inWords(tokensIn(text ?? ""), 1);
    findings.push(...found.map((one) => ({ file: named(file), ...one })));
  }
  return findings;
}

/** What is wrong with where the app says that its URL is. */
function datasourceFindings(
  folder: string,
  schemas: readonly (SchemaFileResult & { readonly file: string })[],
  hasConfigUrl: boolean,
  major: number | undefined,
): FileFinding[] {
  const at = (file: string, message: string): FileFinding[] => [{ file: named(file), line: 1, message }];
  const [first] = schemas;
  if (first === undefined) return at(folder, "no schema.prisma is in it");
  const source = schemas.find(({ hasDatasource }) => hasDatasource);
  if (source === undefined) return at(first.file, "no datasource block is in it");
  if (major !== undefined && major >= 7 && source.hasUrl)
    return at(source.file, "Prisma 7 takes the url from prisma.config.ts alone");
  if (source.hasUrl || hasConfigUrl) return [];
  const where = major !== undefined && major < 7 ? "the datasource block" : "prisma.config.ts";
  return at(source.file, `no url: say env("DATABASE_URL") in ${where}`);
}

/** Checks every file of an app that says something about its database. @param since the last migration that was applied */
export async function checkApp(
  folder: string,
  app: string,
  declared: readonly DeclaredSchema[],
  since?: string,
): Promise<FileFinding[]> {
  const files = appFiles(folder);
  const { prismaVersion } = appPackage(folder);
  const schemas = files.schemas.map((file) => {
    return { file, ...checkSchemaFile(named(file), readAppFile(file), app, declared) };
  });
  const findings: FileFinding[] = schemas.flatMap((result) => [...result.findings]);
  const others = declared.filter((one) => one.app !== app).map(({ names }) => names.schema);
  const shadows = schemas.flatMap((result) => result.shadows);
  let hasConfigUrl = false;
  let hasDirect =
    prismaVersion !== undefined && prismaVersion[0] < 7 && schemas.some(({ hasDirectUrl }) => hasDirectUrl);
  for (const file of [...files.configs, ...files.sources]) {
    const text = readAppFile(file);
    const isConfig = files.configs.includes(file);
    if (!isConfig && !SPEAKS_OF_IT.test(text) && !others.some((one) => text.includes(one))) continue;
    const result = await checkSourceFile(named(file), text, app, declared, isConfig);
    findings.push(...result.findings);
    shadows.push(...result.shadows);
    hasConfigUrl ||= result.hasUrl;
    hasDirect ||= isConfig && /\bDIRECT_URL\b/.test(text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ""));
  }
  const source = schemas.find(({ hasDatasource }) => hasDatasource);
  if (source !== undefined && !hasDirect && hasMigrator(app, declared))
    findings.push({ file: named(files.configs[0] ?? source.file), line: 1, message: NO_DIRECT_URL });
  findings.push(...datasourceFindings(folder, schemas, hasConfigUrl, prismaVersion?.[0]));
  findings.push(...(await checkMigrations(files, app, declared, prismaVersion, since)));
  findings.push(...(await checkQueries(files.queries, app, declared)));
  for (const file of [...files.texts, ...files.schemas, ...files.migrations, ...files.queries]) {
    const text = readAppFile(file);
    if (!/postgres(ql)?(\+\w+)?:\/\//i.test(text) || text.includes("\0")) continue;
    const isSaid = ({ line }: LineFinding): boolean =>
      findings.some(
        (one) => one.file === named(file) && one.line === line && /written out/.test(one.message),
      );
    const written = writtenUrls(text).filter((one) => !isSaid(one));
    findings.push(...written.map((one) => ({ file: named(file), ...one })));
  }
  for (const file of files.texts)
    findings.push(
      ...deployTextProblems(file, readAppFile(file)).map((one) => ({ file: named(file), ...one })),
    );
  const ownShadows = shadows.filter((variable) => !APP_URLS.includes(variable));
  for (const file of files.envs)
    findings.push(...checkEnvFile(named(file), readAppFile(file), app, declared, ownShadows));
  return findings;
}
