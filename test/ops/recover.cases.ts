import { State } from "../../local/engine/state";
import { opened } from "../../local/engine/values";
import { type Deployer, openAdminSession } from "../../ops/app/admin-session";
import type { Session } from "../../ops/app/connection";
import { type Place, placeOf } from "../../ops/app/place";
import { type Present, presentOnAws } from "../../ops/recover/aws";
import { createOf, type Inputs, KNOWN_CREATES } from "../../ops/recover/creates";
import { presentRole } from "../../ops/recover/roles";
import { waitForDeployer } from "../../ops/recover/sessions";
import type { StateResource } from "../../ops/recover/state";
import type { OpsPlatform } from "../helpers/ops-platform";

/** A login as its create is given it, and as Postgres makes it of that. */
const LOGIN: Inputs = {
  name: "portal_late_dev",
  login: true,
  inherit: false,
  roles: ["wms_dev_owner"],
  assumeRole: "wms_dev_owner",
  searchPaths: ["wms_dev"],
  connectionLimit: 10,
};
const MADE =
  "CREATE ROLE portal_late_dev LOGIN NOINHERIT CONNECTION LIMIT 10 IN ROLE wms_dev_owner; " +
  "ALTER ROLE portal_late_dev SET search_path TO wms_dev; ALTER ROLE portal_late_dev SET role TO wms_dev_owner;";

const DROP = `DO $$ BEGIN IF to_regrole('portal_late_dev') IS NOT NULL THEN
  DROP OWNED BY portal_late_dev; DROP ROLE portal_late_dev; END IF; END $$`;

/** Names and identities of a deployed resource. */
const NAMES = ["name", "identifier"];

/** `recover`: what it asks the server and AWS. What it does with a state is held in `recover/`. */
export function recoverCases(get: () => OpsPlatform): void {
  const place = (): Place => {
    const [, platform = "", , configDir = ""] = get().where;
    return placeOf({ platform, "config-dir": configDir }, "dev");
  };
  const withSession = async <T>(deployer: Deployer, work: (session: Session) => Promise<T>): Promise<T> => {
    const session = await openAdminSession("recover", place(), deployer);
    try {
      return await work(session);
    } finally {
      await session.client.end();
    }
  };
  /** What is said of the login after somebody ran something; nothing of it stays. */
  const after = (sql: string, deployer: Deployer = "dev-admin"): Promise<Present | undefined> =>
    withSession("dev-admin", async ({ client, login }) => {
      try {
        await withSession(deployer, (other) => other.client.query(sql));
        return await presentRole(client, login, LOGIN);
      } finally {
        await get().platform.asSuperuser(DROP);
      }
    });
  const misfitAfter = async (sql: string): Promise<string | undefined> => (await after(MADE + sql))?.misfit;

  test("a role that a create made is found by its name, and one that is not there is not", async () => {
    expect(await after(MADE)).toEqual({ id: "portal_late_dev", misfit: undefined });
    expect(await after("SELECT 1")).toBeUndefined();
  });

  test("a role that somebody else made is not taken, whomever its maker lets administer it", async () => {
    const squatted = "CREATE ROLE portal_late_dev LOGIN NOINHERIT CONNECTION LIMIT 10;";
    const misfit = "portal_db_admin made it, not portal_db_dev_admin";
    expect(await after(squatted, "admin")).toEqual({ id: "portal_late_dev", misfit });
    const given = "GRANT portal_late_dev TO portal_db_dev_admin WITH ADMIN OPTION;";
    expect(await after(squatted + given, "admin")).toEqual({ id: "portal_late_dev", misfit });
  });

  test("nor is one that differs in anything from what the create makes, or that was used", async () => {
    const notAsMade = (...lines: string[]) => `it is not as the deployment makes it (${lines.join("; ")})`;
    const changes: Readonly<Record<string, string>> = {
      "ALTER ROLE portal_late_dev INHERIT": notAsMade("portal_late_dev: INHERIT"),
      "ALTER ROLE portal_late_dev CREATEROLE": notAsMade("portal_late_dev: CREATEROLE"),
      "ALTER ROLE portal_late_dev CONNECTION LIMIT 11": notAsMade("portal_late_dev: CONNECTION LIMIT 11"),
      "ALTER ROLE portal_late_dev VALID UNTIL '2100-01-01'": notAsMade("portal_late_dev: VALID UNTIL"),
      "ALTER ROLE portal_late_dev SET search_path TO auth_dev": notAsMade(
        "portal_late_dev: every database: SET search_path",
      ),
      "ALTER ROLE portal_late_dev RESET role": notAsMade("portal_late_dev: every database: no SET role"),
      "GRANT auth_dev_owner TO portal_late_dev": notAsMade("portal_late_dev: auth_dev_owner: member (set)"),
      "GRANT portal_late_dev TO portal_wms_dev": notAsMade("portal_wms_dev: portal_late_dev: member (set)"),
      "REVOKE wms_dev_owner FROM portal_late_dev": notAsMade("portal_late_dev: wms_dev_owner: is no member"),
      "GRANT USAGE ON SCHEMA wms_dev TO portal_late_dev":
        "it owns something, or has rights, which no new role has",
    };
    for (const [sql, misfit] of Object.entries(changes)) {
      expect([sql, await misfitAfter(sql)]).toEqual([sql, misfit]);
    }
  });

  test("what the deployer's other session is at is waited for, and one that does not end is named", async () => {
    const other = await openAdminSession("other", place(), "dev-admin");
    try {
      await other.client.query("BEGIN");
      await withSession("dev-admin", async ({ client, login }) => {
        const pid = (await other.client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]
          ?.pid;
        await expect(waitForDeployer(client, login, 0)).rejects.toThrow(
          `a session of portal_db_dev_admin is at work (pid ${pid}, portal-db other), perhaps the killed deployment's: ` +
            `wait until it has ended, or end it with SELECT pg_terminate_backend(${pid})`,
        );
        const waited = waitForDeployer(client, login);
        await other.client.query("COMMIT");
        await waited;
      });
    } finally {
      await other.client.end();
    }
  });

  test("every thing of AWS that the stacks have is found under the id that it has, with its own tags alone", async () => {
    const asked = new Set<string>();
    for (const stack of ["prod", "dev"]) {
      const { resources } = State.read(get().platform.places.stateDir, stack);
      for (const { urn, type, id, inputs } of resources.values()) {
        const resource: StateResource = { urn, type, inputs: opened(inputs) as Inputs };
        if (createOf(resource).by !== "aws") continue;
        asked.add(type);
        expect([urn, await presentOnAws(place(), resource)]).toEqual([urn, { id, misfit: undefined }]);
        const named = Object.keys(resource.inputs ?? {}).filter((key) => NAMES.includes(key));
        const other = Object.fromEntries(named.map((key) => [key, `${resource.inputs?.[key]}-other`]));
        expect([
          urn,
          await presentOnAws(place(), { ...resource, inputs: { ...resource.inputs, ...other } }),
        ]).toEqual([urn, undefined]);
        const changed =
          type === "aws:kms/alias:Alias"
            ? { targetKeyId: "11111111-2222-3333-4444-555555555555" }
            : { tags: { ...Object(resource.inputs?.tags), stack: "another" } };
        const found = await presentOnAws(place(), {
          ...resource,
          inputs: { ...resource.inputs, ...changed },
        });
        expect([urn, found?.misfit]).toEqual([
          urn,
          type === "aws:kms/alias:Alias"
            ? expect.stringMatching(/^it names the key [\da-f-]{36}$/)
            : "it has not the tags that the deployment gives it (stack)",
        ]);
      }
    }
    const all = KNOWN_CREATES.filter((type) => createOf({ urn: "", type }).by === "aws");
    // No server plays the bastion, whose profile this is.
    expect([...asked, "aws:iam/instanceProfile:InstanceProfile"].sort()).toEqual(all.sort());
  });
}
