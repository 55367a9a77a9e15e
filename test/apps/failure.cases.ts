import { ANSWERS, type Deployed } from "./deploy.cases";
import type { AppEnded } from "./workspace";

const NAME = "20250801000000_colours";
/** `prisma migrate diff --from-empty` begins like this; asking for a schema, even one that is there, takes rights on the database. */
const BROKEN = `-- CreateTable
CREATE TABLE "Colour" (
    "id" SERIAL NOT NULL
);

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";
`;
const MENDED = BROKEN.split("\n\n")[0] ?? "";

/** A migration that fails. */
export function failureCases(get: () => Deployed): void {
  const deploy = (app: "wms" | "website" | "xplan", ...more: string[]): Promise<AppEnded> =>
    get().workspace.task(app, "dev", "deploy", ...more);
  const colours = (): Promise<readonly unknown[]> =>
    get().platform.asSuperuser("SELECT schemaname FROM pg_tables WHERE tablename = 'Colour'");

  afterAll(() => get().workspace.migration("wms", NAME, undefined));

  test("a failing migration is named, leaves what came before its mistake, and its app and the others at work", async () => {
    get().workspace.migration("wms", NAME, BROKEN);
    const failed = await deploy("wms");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("permission denied for database portal_db");
    expect(failed.stderr).toContain(NAME);
    expect(await colours()).toEqual([{ schemaname: "wms_dev" }]);
    const website = await deploy("website", "queries");
    expect(website.results).toEqual([[], ANSWERS.website("website_dev")]);
    const wms = await get().workspace.task("wms", "dev", "queries");
    expect(wms.results).toEqual([ANSWERS.wms("wms_dev")]);
  });

  test("it blocks its own app until what it left is undone and it is resolved; mended, it goes through", async () => {
    get().workspace.migration("wms", NAME, MENDED);
    const blocked = await deploy("wms");
    expect(blocked.status).toBe(1);
    expect(blocked.stderr).toMatch(/P3009[\s\S]*20250801000000_colours/);
    await get().platform.asApp(await get().workspace.url("wms", "dev"), 'DROP TABLE "Colour"');
    const resolved = await get().workspace.task("wms", "dev", `resolve:${NAME}`, "deploy", "queries");
    expect(resolved.results).toEqual(["resolved", [NAME], ANSWERS.wms("wms_dev")]);
    expect(await colours()).toEqual([{ schemaname: "wms_dev" }]);
  });

  test("between BEGIN and COMMIT it leaves nothing", async () => {
    get().workspace.migration("xplan", NAME, `BEGIN;\n${BROKEN}COMMIT;\n`);
    const failed = await deploy("xplan");
    get().workspace.migration("xplan", NAME, undefined);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("permission denied for database portal_db");
    expect(await colours()).toEqual([{ schemaname: "wms_dev" }]);
    const resolved = await get().workspace.task("xplan", "dev", `resolve:${NAME}`, "deploy", "queries");
    expect(resolved.results).toEqual(["resolved", [], ANSWERS.xplan("xplan_dev")]);
  });
}
