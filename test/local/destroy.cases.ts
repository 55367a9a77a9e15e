import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { secretsOf } from "../helpers/aws";
import { CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";
import { DEPLOYERS, type DeployedPlatform } from "./deployed-platform";

/** What is kept while a platform lives, and what is left of it afterwards; ends the platform. */
export function destroyCases(get: () => DeployedPlatform): void {
  test("state files and the superuser's password are readable by their owner alone", () => {
    for (const name of ["prod.json", "dev.json", "superuser"]) {
      expect(statSync(resolve(get().platform.places.stateDir, name)).mode & 0o077).toBe(0);
    }
  });

  test("prod is not destroyed under another stack, and nothing is deleted of either", async () => {
    const ended = await get().platform.run(["destroy", "--stack", "prod", "--yes"]);
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status: 1,
      stderr:
        "error: prod owns the database of dev, too: destroy them first, or everything, without --stack\n",
    });
    expect(await get().platform.asApp(get().urlOf("wms", "dev"), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a folder that is no platform's keeps what it has, however it is called", async () => {
    const folder = resolve(get().platform.dir, "mine");
    const file = resolve(folder, "state", "precious");
    mkdirSync(resolve(folder, "state"), { recursive: true });
    writeFileSync(file, "");
    const ended = await endOf(
      spawn(
        process.execPath,
        [...RUN_TYPESCRIPT, resolve(CHECKOUT, "local/main.ts"), "destroy", "--dir", folder],
        { stdio: ["ignore", "pipe", "pipe"] },
      ),
    );
    expect(ended).toEqual({ status: 0, stdout: `There is no platform in ${folder}\n`, stderr: "" });
    expect(existsSync(file)).toBe(true);
  });

  test("destroy leaves no role, schema or secret, and no password was ever printed", async () => {
    const apps = [...get().urls.values()].map((url) => new URL(url).password);
    const deployers = await Promise.all(DEPLOYERS.map(([name]) => get().secret(name)));
    const passwords = [...apps, ...deployers.map(({ password }) => String(password))];
    const endpoint = secretsOf(get().platform);
    // The engine's part alone, so that the servers can still be asked.
    await get().platform.asApp(get().urlOf("wms", "prod"), "CREATE TABLE in_the_way (id int)");
    const { passFile } = get().platform.places;
    expect(await get().platform.succeed("destroy", "--stack", "dev", "--yes")).toMatch(
      /^dev: - \d+ deleted$/m,
    );
    expect(
      readFileSync(passFile, "utf8")
        .split("\n")
        .map((line) => line.split(":")[3]),
    ).toEqual(["portal_auth", "portal_wms", undefined]);
    await get().platform.succeed("destroy", "--stack", "prod", "--yes");
    expect(
      await get().platform.asSuperuser(
        "SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|rdsadmin)'",
        "postgres",
      ),
    ).toEqual([]);
    expect(
      await get().platform.asSuperuser(
        "SELECT datname FROM pg_database WHERE datname = 'portal_db'",
        "postgres",
      ),
    ).toEqual([]);
    expect((await endpoint.listSecrets({ IncludePlannedDeletion: true })).SecretList).toEqual([]);
    expect(await get().platform.succeed("destroy", "--yes")).toContain("Nothing is left");
    expect(existsSync(get().platform.places.stateDir)).toBe(false);
    expect(existsSync(get().platform.places.clusterDir)).toBe(false);
    expect(existsSync(passFile)).toBe(false);
    expect(passwords).toHaveLength(9);
    for (const password of passwords) expect(get().platform.printed).not.toContain(password);
  });
}
