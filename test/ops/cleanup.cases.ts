import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { parse, stringify } from "yaml";
import { awsOf } from "../helpers/aws";
import { type OpsPlatform, startOps } from "../helpers/ops-platform";
import { endOf } from "../helpers/process";
import { findingsOf } from "./verify-command";

/** `cleanup`: ephemeral stacks by age. */
export function cleanupCases(get: () => OpsPlatform): void {
  beforeAll(async () => {
    const { platform } = get();
    const content = parse(readFileSync(platform.file("dev"), "utf8")) as { config: Record<string, unknown> };
    content.config = { ...content.config, "portal-db:apps": { wms: {} } };
    delete content.config["portal-db:environments"];
    writeFileSync(platform.file("pr-42"), stringify(content));
    expect((await platform.run(["up", "--stack", "pr-42"], daysAgo(20))).status).toBe(0);
  });

  /** A process's environment in which the clock is some days back. */
  function daysAgo(days: number): NodeJS.ProcessEnv {
    const clock = resolve(get().platform.dir, "clock.cjs");
    writeFileSync(
      clock,
      `const RealDate = Date; const now = () => RealDate.now() - ${days * 86_400_000};
      globalThis.Date = class extends RealDate {
        constructor(...args) { if (args.length === 0) super(now()); else super(...args); }
        static now() { return now(); }
      };`,
    );
    return { ...process.env, NODE_OPTIONS: `--require ${clock}` };
  }

  test("a stack is as old as its first deployment, whatever was deployed or restarted since", async () => {
    const { platform } = get();
    expect(await platform.succeed("up", "--stack", "pr-42")).toMatch(/^pr-42: no changes/m);
    await platform.succeed("down");
    expect(await platform.succeed("up", "--stack", "pr-42")).toMatch(/^pr-42: no changes/m);
    const first = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
    const { stdout } = await get().run("cleanup");
    expect(stdout).toContain(`pr-42  20 d  ${first}  wms_pr_42`);
    expect(stdout).toContain("To remove what is 14 days old or more:");
    expect((await get().run("cleanup", "--older-than", "21d")).stdout).toContain("None is 21 days old");
  });

  test("a stack that failed before its first secret is listed, and a key that is nobody's is not", async () => {
    const kms = new KMS({
      ...awsOf(get().platform),
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
    });
    const key = async (alias: string, tags: Record<string, string>) => {
      const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      const { KeyMetadata } = await kms.createKey({ Tags });
      await kms.createAlias({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId });
    };
    const tags = { project: "portal-db", created: "2026-01-02" };
    await key("alias/portal-db-pr-43", { ...tags, stack: "pr-43" });
    await key("alias/portal-db-pr-44", { ...tags, stack: "pr-45" });
    await key("alias/portal-db-pr-46", { stack: "pr-46" });
    await key("alias/portal-db-old-ci", { ...tags, stack: "old-ci" });
    const { stdout } = await get().run("cleanup");
    expect(stdout).toMatch(/^pr-43 +\d+ d +2026-01-02 +none yet$/m);
    expect(stdout).not.toMatch(/pr-44|pr-45|pr-46|old-ci/);
    for (const stack of ["pr-43", "pr-44", "pr-46", "old-ci"])
      await kms.deleteAlias({ AliasName: `alias/portal-db-${stack}` });
  });

  test("lists ephemeral stacks alone, and removes nothing by itself", async () => {
    const young = await get().run("cleanup", "--older-than", "30d");
    expect(young.stdout).toMatch(/^pr-42 {2}20 d {2}\d{4}-\d\d-\d\d {2}wms_pr_42$/m);
    expect(young.stdout).toContain("None is 30 days old");
    expect(young.stdout).not.toMatch(/_dev|_prod/);
    const old = await get().run("cleanup", "--older-than", "0d");
    expect(old.stdout).toContain("npm run local -- destroy --stack pr-42 --yes --dir ");
    const unasked = await get().run("cleanup", "--older-than", "0d", "--remove");
    expect(unasked).toMatchObject({ status: 1, stderr: expect.stringContaining("add --yes") });
    expect(await get().query("wms", "pr_42", "SELECT current_schema() AS schema")).toEqual([
      { schema: "wms_pr_42" },
    ]);
  });

  test("an ephemeral schema is emptied as dev's is", async () => {
    await get().query("wms", "pr_42", "CREATE TABLE gone (id int)");
    expect((await get().run("reset", "wms", "pr_42", "--yes")).status).toBe(0);
    expect((await get().run("reset", "wms", "pr_42", "--stack", "dev-2", "--yes")).status).toBe(64);
  });

  test("an ephemeral stack is as declared, and in nobody's way", async () => {
    const statusOf = async (stack: string) => (await get().run("verify", stack)).status;
    expect([await statusOf("pr-42"), await statusOf("dev"), await statusOf("prod")]).toEqual([0, 0, 0]);
    // Nobody else has its file.
    const file = get().platform.file("pr-42");
    renameSync(file, `${file}.away`);
    expect([await statusOf("dev"), await statusOf("prod")]).toEqual([0, 0]);
    renameSync(`${file}.away`, file);
    await get().platform.asSuperuser("SET ROLE portal_db_dev_admin; GRANT wms_pr_42_owner TO portal_wms_dev");
    expect(findingsOf((await get().run("verify", "dev")).stdout)).toEqual([
      "hand portal_wms_dev: wms_pr_42_owner: member (set)",
      "type npm run ops -- repair pr-42",
    ]);
    expect((await get().run("repair", "pr-42", "--yes")).status).toBe(0);
    expect(await statusOf("dev")).toBe(0);
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
