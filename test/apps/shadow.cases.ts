import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "pg";
import { runVerb } from "../helpers/ops-platform";
import { unfolded } from "../helpers/printed";
import { CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";
import { query, refusalOf } from "../helpers/query";
import type { Deployed } from "./deploy.cases";
import { APPS } from "./workspace";

/** The shadow database of `prisma migrate dev`. */
export function shadowCases(get: () => Deployed): void {
  const databases = () => get().platform.asSuperuser("SELECT datname FROM pg_database ORDER BY datname");
  const shadowUrl = async (app: string, environment: string) =>
    (await get().platform.succeed("url", app, environment, "--shadow")).trim();
  const place = () => [
    "--platform",
    get().platform.places.platformFile,
    ...["--config-dir", get().platform.dir],
  ];
  const diff = async (app: (typeof APPS)[number], shadow: Readonly<Record<string, string>>) => {
    const env = { DATABASE_URL: await get().workspace.url(app, "dev"), ...shadow };
    return get().workspace.run(app, env, "diff");
  };

  test("the platform has one, whoever asks first, and it is the same for all", async () => {
    const asked = await Promise.all([...APPS, ...APPS].map((app) => shadowUrl(app, "dev")));
    const password = new URL(asked[0] ?? "").password;
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(asked).toEqual(
      [...APPS, ...APPS].map(
        (app) =>
          `postgresql://prisma_shadow:${password}@localhost:${get().platform.port}/prisma_shadow?schema=${app}_dev&sslmode=disable`,
      ),
    );
    expect((await databases()).map(({ datname }) => datname)).toEqual([
      ...["portal_db", "postgres", "prisma_shadow", "template0", "template1"],
    ]);
  });

  test("it compares migrations with schema.prisma, and the app's own database stays as it is", async () => {
    const tables = () =>
      get().platform.asSuperuser("SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2");
    const before = await tables();
    const shadow = { SHADOW_DATABASE_URL: await shadowUrl("xplan", "dev") };
    expect((await diff("xplan", shadow)).results).toEqual(["-- This is an empty migration.\n"]);
    const file = get().workspace.path("xplan", "schema.prisma");
    const kept = readFileSync(file, "utf8");
    appendFileSync(file, "\nenum Season {\n  HIGH\n  LOW\n}\n");
    expect((await diff("xplan", shadow)).results).toEqual([
      "-- CreateEnum\nCREATE TYPE \"Season\" AS ENUM ('HIGH', 'LOW');\n",
    ]);
    writeFileSync(file, kept);
    expect(await tables()).toEqual(before);
  });

  test("migrations that use an extension run in it; one that prod lets go of goes there, too", async () => {
    const url = await shadowUrl("auth", "dev");
    const uses = "CREATE TEMPORARY TABLE contact (email extensions.citext)";
    const asShadow = (sql: string) => query(new Client({ connectionString: url }), sql);
    await asShadow(uses);
    await get().platform.asSuperuser("CREATE EXTENSION hstore SCHEMA extensions");
    const names = "SELECT extname AS name FROM pg_extension ORDER BY 1";
    await shadowUrl("auth", "dev");
    expect(await asShadow(names)).toEqual([{ name: "citext" }, { name: "hstore" }, { name: "plpgsql" }]);
    await get().platform.asSuperuser("DROP EXTENSION hstore");
    await shadowUrl("auth", "dev");
    expect(await asShadow(names)).toEqual([{ name: "citext" }, { name: "plpgsql" }]);
  });

  test("its login comes to nothing else, and nobody else to it", async () => {
    const url = await shadowUrl("wms", "dev");
    const at = (from: string, database: string) => from.replace(/\/[a-z_]+\?/, `/${database}?`);
    for (const database of ["portal_db", "postgres", "template1"])
      expect(await refusalOf(get().platform.asApp(at(url, database), "SELECT 1"))).toBe("42501");
    expect(
      await get().platform.asApp(
        url,
        "SELECT count(*)::int AS roles FROM pg_auth_members WHERE member = 'prisma_shadow'::regrole",
      ),
    ).toEqual([{ roles: 0 }]);
    const apps = await Promise.all(APPS.map((app) => get().workspace.url(app, "dev")));
    for (const app of [...apps, await get().workspace.url("wms", "prod")])
      expect(await refusalOf(get().platform.asApp(at(app, "prisma_shadow"), "SELECT 1"))).toBe("42501");
  });

  test.each(["prod", "dev"])("verify, and repair, have nothing to say of it: %s", async (stack) => {
    expect(await runVerb(["verify", stack, ...place()])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/cells tried, all as declared$/),
    });
    expect(await runVerb(["repair", stack, "--yes", ...place()])).toEqual({
      status: 0,
      stdout: `stack ${stack} on the local platform: nothing to repair`,
      stderr: "",
    });
  });

  test("what takes its name without being it is found", async () => {
    await get().platform.asSuperuser("CREATE ROLE prisma_shadow_2 LOGIN");
    await get().platform.asSuperuser("CREATE DATABASE prisma OWNER prisma_shadow_2");
    const { status, stdout } = await runVerb(["verify", "prod", ...place()]);
    await get().platform.asSuperuser("DROP DATABASE prisma");
    await get().platform.asSuperuser("DROP ROLE prisma_shadow_2");
    const lines = stdout.split("\n").filter((line) => line.includes("prisma"));
    expect({ status, lines }).toEqual({
      status: 2,
      lines: [
        "  prisma_shadow_2: database prisma: owns it, nobody declares it",
        '    DROP DATABASE "prisma";',
        "  prisma_shadow_2: nobody declares it",
        "    DROP ROLE prisma_shadow_2;",
      ],
    });
  });

  test("there is none for prod, and none on AWS", async () => {
    const refused =
      "--shadow is for prisma migrate dev, which is never run on prod: name another environment";
    const ofProd = await get().platform.run(["url", "wms", "prod", "--shadow"]);
    expect(ofProd).toEqual({
      status: 64,
      stdout: "",
      stderr: `error: ${refused}; see npm run local -- url --help\n`,
    });
    expect(await runVerb(["env", "wms", "prod", "--shadow", ...place()])).toEqual({
      status: 64,
      stdout: "",
      stderr: `error: ${refused}; see npm run ops -- env --help`,
    });
    expect(
      await runVerb([
        "env",
        "wms",
        "dev",
        "--shadow",
        "--aws",
        "--region",
        "us-east-1",
        "--config-dir",
        get().platform.dir,
      ]),
    ).toEqual({
      status: 1,
      stdout: "",
      stderr: "error: --shadow is the local platform's: start it with npm run local, and leave out --aws",
    });
  });

  test("env puts both URLs into one file", async () => {
    const file = `${get().platform.dir}/.env.dev`;
    writeFileSync(file, "KEPT=1\n");
    const written = await runVerb(["env", "wms", "dev", "--shadow", "--write", file, ...place()]);
    const [url, shadow] = [await get().workspace.url("wms", "dev"), await shadowUrl("wms", "dev")];
    const lines = `DATABASE_URL="${url}"\nSHADOW_DATABASE_URL="${shadow}"`;
    expect(written).toMatchObject({ status: 0, stdout: "" });
    expect(unfolded(written.stderr)).toContain(
      `DATABASE_URL and SHADOW_DATABASE_URL of wms_dev on the local platform are in ${file}`,
    );
    expect(readFileSync(file, "utf8")).toBe(`KEPT=1\n${lines}\n`);
    expect(await runVerb(["env", "wms", "dev", "--shadow", ...place()])).toEqual({
      status: 0,
      stdout: lines,
      stderr: "",
    });
  });

  test("without a server it says so", async () => {
    const folder = resolve(get().platform.dir, "elsewhere");
    mkdirSync(folder);
    const { places } = get().platform;
    // A platform whose emulator runs, and whose Postgres does not.
    for (const name of ["aws-emulator.json", "platform.json"])
      cpSync(resolve(places.dir, name), resolve(folder, name));
    cpSync(places.stateDir, resolve(folder, "state"), { recursive: true });
    const said = "error: the platform's Postgres does not run: start it with npm run local";
    const local = [...RUN_TYPESCRIPT, "local/main.ts", "url", "wms", "dev", "--shadow", "--dir", folder];
    expect(await endOf(spawn(process.execPath, local, { cwd: CHECKOUT }))).toEqual({
      status: 1,
      stdout: "",
      stderr: `${said}\n`,
    });
    const args = ["env", "wms", "dev", "--shadow", "--platform", resolve(folder, "platform.json")];
    expect(await runVerb([...args, "--config-dir", get().platform.dir])).toEqual({
      status: 1,
      stdout: "",
      stderr: said,
    });
  });

  test("an app's own login cannot make one: the database of all apps is none to try things in", async () => {
    const url = await get().workspace.url("xplan", "dev");
    expect(await refusalOf(get().platform.asApp(url, "CREATE DATABASE prisma_shadow_2"))).toBe("42501");
    const before = await databases();
    const tries: Record<string, string>[] = [{ SHADOW_DATABASE_URL: url }, {}];
    for (const shadow of tries) {
      const { status, stderr } = await diff("xplan", shadow);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining("Failed to connect to the shadow database"),
      });
    }
    expect(await databases()).toEqual(before);
  });
}
