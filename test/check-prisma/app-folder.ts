import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Contents of an app's files, by their path in it. */
export type Files = Readonly<Record<string, string>>;

/** Apps in a temporary folder of their own. */
export class AppFolders {
  readonly root = mkdtempSync(join(tmpdir(), "portal-db-prisma-"));

  /** Writes an app. @returns its folder */
  write(name: string, files: Files): string {
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  }

  /** Writes a file that is no text. */
  writeBytes(path: string, bytes: Buffer): void {
    writeFileSync(join(this.root, path), bytes);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** An app's package.json with a version of Prisma. */
export const packageOf = (name: string, version: string): string =>
  JSON.stringify({ name, dependencies: { "@prisma/client": version } });

/** A schema.prisma whose datasource has these further lines. */
export const schemaWith = (...inside: string[]): string =>
  ["datasource db {", '  provider = "postgresql"', ...inside, "}", ""].join("\n");

/** The line that Prisma 6 takes its URL from. */
export const URL_LINE = '  url = env("DATABASE_URL")';

/** A prisma.config.ts as Prisma 7 wants it. */
export const CONFIG = 'export default defineConfig({ datasource: { url: env("DATABASE_URL") } });\n';
