import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { OpsPlatform } from "./ops-platform";
import { endOf, startOps } from "./ops-platform";

/** `cleanup`: ephemeral stacks by age. */
export function cleanupCases(get: () => OpsPlatform): void {
  beforeAll(async () => {
    const { platform } = get();
    const content = parse(readFileSync(platform.file("dev"), "utf8")) as { config: Record<string, unknown> };
    content.config = { ...content.config, "portal-db:apps": { wms: {} } };
    delete content.config["portal-db:environments"];
    writeFileSync(platform.file("pr-42"), stringify(content));
    await platform.succeed("up", "--stack", "pr-42");
  });

  test("lists ephemeral stacks alone, and removes nothing by itself", async () => {
    const young = await get().run("cleanup");
    expect(young.stdout).toMatch(/^pr-42 {2}0 d {2}\d{4}-\d\d-\d\d {2}wms_pr_42$/m);
    expect(young.stdout).toContain("None is 14 days old");
    expect(young.stdout).not.toMatch(/_dev|_prod/);
    const old = await get().run("cleanup", "--older-than", "0d");
    expect(old.stdout).toContain("npm run local -- destroy --stack pr-42 --dir ");
    const unasked = await get().run("cleanup", "--older-than", "0d", "--remove");
    expect(unasked).toMatchObject({ status: 1, stderr: expect.stringContaining("add --yes") });
    expect(await get().query("wms", "pr_42", "SELECT current_schema() AS schema")).toEqual([
      { schema: "wms_pr_42" },
    ]);
  });

  test("an ephemeral schema is emptied as dev's is", async () => {
    await get().query("wms", "pr_42", "CREATE TABLE gone (id int)");
    expect((await get().run("reset", "wms", "pr_42", "--yes")).status).toBe(0);
    expect((await get().run("reset", "wms", "pr_42", "--stack", "dev-2", "--yes")).status).toBe(2);
  });

  test("--remove takes the old ones away through the engine, and leaves the rest", async () => {
    await get().query("wms", "pr_42", "CREATE TABLE in_the_way (id int)");
    const args = ["cleanup", "--older-than", "0d", "--remove", "--yes", ...get().where];
    const { status, stdout } = await endOf(startOps(args));
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^pr-42: - \d+ deleted/m),
    });
    const left =
      "SELECT nspname AS name FROM pg_namespace WHERE nspname ~ 'pr_42' UNION ALL SELECT rolname FROM pg_roles WHERE rolname ~ 'pr_42'";
    expect(await get().platform.asSuperuser(left)).toEqual([]);
    expect((await get().run("cleanup")).stdout).toBe("No ephemeral stack on the local platform");
    expect(await get().query("wms", "dev", "SELECT current_schema() AS schema")).toEqual([
      { schema: "wms_dev" },
    ]);
  });
}
