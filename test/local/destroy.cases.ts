import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { secretsOf } from "../helpers/aws";
import type { DeployedPlatform } from "./deployed-platform";

/** What is kept while a platform lives, and what is left of it afterwards; ends the platform. */
export function destroyCases(get: () => DeployedPlatform): void {
  test("state files and the superuser's password are readable by their owner alone", () => {
    for (const name of ["prod.json", "dev.json", "superuser"]) {
      expect(statSync(resolve(get().platform.places.stateDir, name)).mode & 0o077).toBe(0);
    }
  });

  test("destroy leaves no role, schema or secret, and no password was ever printed", async () => {
    const passwords = [...get().urls.values()].map((url) => new URL(url).password);
    const endpoint = secretsOf(get().platform);
    // The engine's part alone, so that the servers can still be asked.
    await get().platform.asApp(get().urlOf("wms", "prod"), "CREATE TABLE in_the_way (id int)");
    await get().platform.succeed("destroy", "--stack", "dev");
    await get().platform.succeed("destroy", "--stack", "prod");
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
    expect(await get().platform.succeed("destroy")).toContain("Nothing is left");
    expect(existsSync(get().platform.places.stateDir)).toBe(false);
    expect(existsSync(get().platform.places.clusterDir)).toBe(false);
    expect(passwords).toHaveLength(6);
    for (const password of passwords) expect(get().platform.printed).not.toContain(password);
  });
}
