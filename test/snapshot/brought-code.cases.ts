import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { answerOps } from "../helpers/ops-platform";
import { unfolded } from "../helpers/printed";
import type { SnapshotPlatform } from "./snapshot-platform";

/** Everything in hostile.sql that is code, in pg_dump's order; what calls Postgres's harmless functions alone is not. */
const LISTED: readonly string[] = [
  "function wms_dev.distance(int4, int4): sql",
  "range type wms_dev.apart: calls wms_dev.distance",
  "function wms_dev.note(text): plpgsql",
  "check wms_dev.small.is_small: calls wms_dev.note",
  "function wms_dev.added(int4, int4): sql",
  "procedure wms_dev.harmless(int4): sql",
  "function wms_dev.noted(int4, text): plpgsql",
  "function wms_dev.on_change(): plpgsql",
  "function wms_dev.steal(): sql, SECURITY DEFINER",
  "aggregate wms_dev.added_up: calls wms_dev.added",
  "operator wms_dev.<+>: calls wms_dev.added",
  "default wms_dev.trap.id: calls wms_dev.noted",
  "generated column wms_dev.trap.twice: calls wms_dev.noted",
  "default wms_dev.trap.asked: calls query_to_xml",
  "check wms_dev.trap.checked: calls wms_dev.note",
  "check wms_dev.trap.summed: calls operator wms_dev.<+>",
  "materialized view wms_dev.kept: calls wms_dev.noted",
  "view wms_dev.looked: calls wms_dev.noted",
  "partition key wms_dev.parted: calls wms_dev.noted",
  "index wms_dev.trap.trap_index: calls wms_dev.noted",
  "statistics wms_dev.trap_statistics: calls wms_dev.noted",
  "rule wms_dev.parted.instead",
  "trigger wms_dev.trap.changed: calls wms_dev.on_change",
  "policy wms_dev.trap.seen_by: calls wms_dev.note",
];

/** What a schema's snapshot brings to another environment beside its rows. */
export function broughtCodeCases(get: () => SnapshotPlatform): void {
  let file: string;
  const restore = (environment: string, ...more: string[]) =>
    get().ops.run("restore", file, "wms", environment, ...more);
  const linesOf = (stdout: string) =>
    stdout
      .split("\n")
      .filter((line) => line.startsWith("  "))
      .map((line) => line.trim());

  /** prod is never reset: nothing at all is restored into it. */
  async function emptyBoth(): Promise<void> {
    const { ops } = get();
    await ops.run("reset", "wms", "dev", "--yes");
    const options = ["--yes", "--from-environment", "dev", "--replace-prod", get().newFile()];
    const { stderr } = await ops.run("restore", await get().snapshot("dev"), "wms", "prod", ...options);
    expect(stderr).toBe("");
  }

  beforeAll(async () => {
    const { ops } = get();
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query("wms", "dev", readFileSync(resolve(__dirname, "hostile.sql"), "utf8"));
    file = await get().snapshot("dev");
  });

  test("dev's goes into prod only when dev is named", async () => {
    const old = await get().textOf("wms_prod");
    const prod = ["--yes", "--replace-prod", get().newFile()];
    expect(await restore("prod", ...prod)).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `error: ${file} is a snapshot of wms_dev: its rows and its functions go into prod only with --from-environment dev; nothing was changed`,
    });
    expect(await restore("prod", ...prod, "--from-environment", "ci")).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `error: ${file} is a snapshot of the environment dev, not of ci; nothing was changed`,
    });
    expect(await get().textOf("wms_prod")).toEqual(old);
  });

  test("each function, and whatever calls one, is listed before the question, and nothing of it has run", async () => {
    const prod = ["--from-environment", "dev", "--replace-prod", get().newFile()];
    const old = await get().textOf("wms_prod");
    const { status, stdout } = await answerOps(
      ["restore", file, "wms", "prod", ...prod, ...get().ops.where],
      "no",
    );
    expect(status).toBe(1);
    const [asked = ""] = stdout.replaceAll("\r", "").split("to go on:");
    expect(linesOf(unfolded(asked))).toEqual(LISTED);
    expect(await get().textOf("wms_prod")).toEqual(old);
  });

  test("what runs in a restore, its mask, a purge and a snapshot runs as the app alone", async () => {
    const { ops } = get();
    const mask = get().textFile("UPDATE trap SET id = 2");
    const options = ["--from-environment", "dev", "--replace-prod", get().newFile(), "--mask", mask];
    expect(await restore("prod", "--yes", ...options)).toMatchObject({ status: 0, stderr: "" });
    const purge = get().textFile("UPDATE trap SET id = 3 WHERE id = 2");
    expect((await ops.run("purge", "wms", "prod", "--file", purge, "--yes")).status).toBe(0);
    await get().snapshot("prod");
    expect(await ops.query("wms", "prod", "SELECT DISTINCT what FROM seen ORDER BY what")).toEqual(
      ["check", "domain", "generated", "index", "materialized view", "trigger", "where"].map((what) => ({
        what,
      })),
    );
    expect(await ops.query("wms", "prod", "SELECT DISTINCT session, acting FROM seen")).toEqual([
      { session: "portal_wms", acting: "wms_prod_owner" },
    ]);
  });

  test("an empty schema is asked about, too, and a name cannot steer the terminal", async () => {
    const { ops } = get();
    await emptyBoth();
    await ops.query(
      "wms",
      "dev",
      `CREATE FUNCTION "a\u001b[1A\u202eb"() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    );
    file = await get().snapshot("dev");
    const { status, stdout, stderr } = await restore("prod", "--from-environment", "dev");
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("add --yes") });
    expect(linesOf(stdout)).toEqual(["function wms_dev.a\\u{1b}[1A\\u{202e}b(): sql"]);
    expect(
      await ops.query("wms", "prod", "SELECT FROM pg_proc WHERE pronamespace = 'wms_prod'::regnamespace"),
    ).toEqual([]);
    await emptyBoth();
  });
}
