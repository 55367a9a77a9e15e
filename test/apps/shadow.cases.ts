import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";

/** The shadow database of `prisma migrate dev`. */
export function shadowCases(get: () => Deployed): void {
  const databases = () => get().platform.asSuperuser("SELECT datname FROM pg_database ORDER BY datname");
  const diff = async (shadow: Readonly<Record<string, string>>) =>
    get().workspace.run(
      "xplan",
      { DATABASE_URL: await get().workspace.url("xplan", "dev"), ...shadow },
      "diff",
    );

  test("a local server of one's own compares migrations with schema.prisma, and nothing is left", async () => {
    await get().platform.asSuperuser("CREATE ROLE developer LOGIN CREATEDB PASSWORD 'developer'");
    await get().platform.asSuperuser("CREATE DATABASE developer OWNER developer");
    const before = await databases();
    const shadow = {
      SHADOW_DATABASE_URL: `postgresql://developer:developer@localhost:${get().platform.port}/developer`,
    };
    expect((await diff(shadow)).results).toEqual(["-- This is an empty migration.\n"]);
    const file = get().workspace.path("xplan", "schema.prisma");
    const kept = readFileSync(file, "utf8");
    appendFileSync(file, "\nenum Season {\n  HIGH\n  LOW\n}\n");
    expect((await diff(shadow)).results).toEqual([
      "-- CreateEnum\nCREATE TYPE \"Season\" AS ENUM ('HIGH', 'LOW');\n",
    ]);
    writeFileSync(file, kept);
    expect(await databases()).toEqual(before);
    await get().platform.asSuperuser("DROP DATABASE developer");
    await get().platform.asSuperuser("DROP ROLE developer");
  });

  test("an app's own login cannot make one: the database of all apps is none to try things in", async () => {
    const url = await get().workspace.url("xplan", "dev");
    expect(await refusalOf(get().platform.asApp(url, "CREATE DATABASE prisma_shadow"))).toBe("42501");
    const before = await databases();
    const tries: Record<string, string>[] = [{ SHADOW_DATABASE_URL: url }, {}];
    for (const shadow of tries) {
      const { status, stderr } = await diff(shadow);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining("Failed to connect to the shadow database"),
      });
    }
    expect(await databases()).toEqual(before);
  });
}
