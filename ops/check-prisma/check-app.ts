import { relative } from "node:path";
import type { DeclaredSchema } from "../app/declared-schemas";
import { appFiles, appPackage, readAppFile } from "./app-files";
import { checkEnvFile } from "./env-file";
import type { FileFinding } from "./finding";
import { checkMigrationFile } from "./migration-file";
import { checkSchemaFile } from "./schema-file";
import { checkSourceFile } from "./source-file";

/** Checks every file of an app that says something about its database. */
export async function checkApp(
  folder: string,
  app: string,
  declared: readonly DeclaredSchema[],
): Promise<FileFinding[]> {
  const files = appFiles(folder);
  const { prismaMajor } = appPackage(folder);
  const named = (file: string): string => relative(process.cwd(), file) || file;
  const schemas = files.schemas.map((file) => ({
    file,
    ...checkSchemaFile(named(file), readAppFile(file), app, declared),
  }));
  const configs = files.configs.map((file) =>
    checkSourceFile(named(file), readAppFile(file), app, declared, true),
  );
  // Only what makes an adapter is parsed: an app may have thousands of files.
  const sources = files.sources
    .map((file) => ({ file, text: readAppFile(file) }))
    .filter(({ text }) => text.includes("PrismaPg"))
    .map(({ file, text }) => checkSourceFile(named(file), text, app, declared, false));
  const findings = [...schemas, ...configs, ...sources].flatMap((result) => [...result.findings]);
  const source = schemas.find(({ hasDatasource }) => hasDatasource);
  const [first] = files.schemas;
  if (first === undefined)
    findings.push({ file: named(folder), line: 1, message: "no schema.prisma is in it" });
  else if (source === undefined)
    findings.push({ file: named(first), line: 1, message: "no datasource block is in it" });
  else if (prismaMajor !== undefined && prismaMajor >= 7 && source.hasUrl) {
    findings.push({
      file: named(source.file),
      line: 1,
      message: "Prisma 7 takes the url from prisma.config.ts alone",
    });
  } else if (!source.hasUrl && !configs.some(({ hasUrl }) => hasUrl)) {
    const where = prismaMajor !== undefined && prismaMajor < 7 ? "the datasource block" : "prisma.config.ts";
    findings.push({
      file: named(source.file),
      line: 1,
      message: `no url: say env("DATABASE_URL") in ${where}`,
    });
  }
  for (const file of files.migrations)
    findings.push(...(await checkMigrationFile(named(file), readAppFile(file), app, declared)));
  findings.push(...files.envs.flatMap((file) => checkEnvFile(named(file), readAppFile(file), app, declared)));
  return findings;
}
