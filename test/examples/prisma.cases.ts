import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { runVerb } from "../helpers/ops-platform";
import { EXAMPLES, ExampleFolder } from "./example-folder";
import type { Installed, Stand } from "./stand";

const ROW = "Weavers <orders@weavers.example>";
const MIGRATION = "20250110080000_init";
const APP = ["npx", "tsx", "main.ts"];

/** A set-up of Prisma, from a copy to a developer's second migration. */
export function prismaCases(get: () => Stand, example: Installed, environment: string): void {
  const folder = () => get().folders[example];
  const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";

  test("npm install and npm start do it, with .env.dev alone", async () => {
    expect(get().installed[example]).toMatchObject({ status: 0 });
    await get().writeEnv(folder(), environment);
    const started = await folder().run(["npm", "start"]);
    expect({ ...started, stdout: lastLine(started.stdout) }).toMatchObject({
      status: 0,
      stdout: `wms_${environment}: ${ROW}`,
    });
    expect(started.stdout).toContain(MIGRATION);
    const again = await folder().run(["npm", "start"]);
    expect(again).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("No pending migrations to apply"),
    });
    expect(lastLine(again.stdout)).toBe(`wms_${environment}: ${ROW}`);
  });

  test("program and client fit", async () => {
    expect(await folder().run(["npm", "run", "check"])).toMatchObject({ status: 0 });
  });

  test("prisma migrate dev, typed by a developer, writes the migration and applies it", async () => {
    const schema = folder().read("schema.prisma");
    folder().change("schema.prisma", (text) =>
      text.replace("email String?", "email String?\n  phone String?"),
    );
    const { status, stdout } = await folder().runInTerminal([
      "npx",
      "prisma",
      "migrate",
      "dev",
      "--name",
      "phone",
    ]);
    const made = readdirSync(folder().path("migrations")).filter((name) => /^\d{14}_phone$/.test(name));
    expect({ status, stdout, made }).toEqual({
      status: 0,
      stdout: expect.stringContaining("Your database is now in sync with your schema."),
      made: [expect.any(String)],
    });
    expect(folder().read("migrations", made[0] ?? "", "migration.sql")).toBe(
      '-- AlterTable\nALTER TABLE "Supplier" ADD COLUMN     "phone" TEXT;\n',
    );
    const columns = (database: string) =>
      get().platform.asSuperuser(
        `SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) AS names FROM information_schema.columns
         WHERE table_schema = 'wms_${environment}' AND table_name = 'Supplier'`,
        database,
      );
    // The shadow database got as far as the migrations that were there before.
    expect(await columns("portal_db")).toEqual([{ names: "id name email phone" }]);
    expect(await columns("prisma_shadow")).toEqual([{ names: "id name email" }]);
    expect(await folder().run(["npx", "prisma", "migrate", "status"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Database schema is up to date!"),
    });
    folder().change("schema.prisma", () => schema);
  });

  test("what is set already is kept; without either the program says what is missing", async () => {
    const DATABASE_URL = await get().platform.url("wms", "dev");
    const bare = ExampleFolder.copy(get().platform.dir, example, `${example}-bare`);
    bare.packagesOf(folder());
    await bare.run(["npx", "prisma", "generate"], { DATABASE_URL });
    const without = await bare.run(APP);
    expect(without.status).toBe(1);
    expect(without.stderr).toContain("Error: DATABASE_URL is not set: README.md says what sets it");
    await get().writeEnv(bare, "ci");
    expect((await bare.run(APP, { DATABASE_URL })).stdout).toBe(`wms_dev: ${ROW}\n`);
  });

  test("without { schema } the client looks in public", async () => {
    const other = ExampleFolder.copy(get().platform.dir, example, `${example}-without`);
    other.packagesOf(folder());
    other.change("db.ts", (text) => text.replace(", { schema });", ");"));
    await get().writeEnv(other, environment);
    await other.run(["npx", "prisma", "generate"]);
    const ended = await other.run(APP);
    expect(ended).toMatchObject({ status: 1, stdout: "" });
    expect(ended.stderr).toContain("`public.Supplier` does not exist");
  });

  test("check-prisma finds nothing wrong in it", async () => {
    const committed = resolve(EXAMPLES, example);
    expect(await runVerb(["check-prisma", committed])).toEqual({
      status: 0,
      stdout: `${committed}: fits wms`,
      stderr: "",
    });
  });
}
