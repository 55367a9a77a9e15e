import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { wrapped } from "../../cli/lines";
import { tooWide } from "../helpers/printed";
import { MAKES_A_TABLE, psql } from "../helpers/psql";
import { type DeployedPlatform, LOGINS } from "./deployed-platform";

/** What a run says, and what a second one finds to do. */
export function upCases(get: () => DeployedPlatform): void {
  test("a run ends with a row an app and environment, and says what it only recorded", () => {
    const lines = get().firstRun.split("\n");
    const rows = LOGINS.map(([app, environment]) => {
      const login = environment === "prod" ? `portal_${app}` : `portal_${app}_${environment}`;
      return [app, environment, `${app}_${environment}`, login, `portal-db/${environment}/${app}`].join(" ");
    });
    const found = lines
      .filter((line) => /portal-db\/\w+\/\w+$/.test(line))
      .map((line) => line.split(/ +/).join(" "));
    expect(found.sort()).toEqual(rows.sort());
    expect(get().firstRun).toContain(
      "Only recorded, no server plays them: aws:cloudwatch/dashboard:Dashboard,\n  aws:cloudwatch/metricAlarm:MetricAlarm, ",
    );
  });

  test("a first run has a line a step, counts what it makes, and fits 80 columns", () => {
    const { stdout, stderr } = get().first;
    const steps = stdout
      .slice(0, stdout.indexOf("\n\n"))
      .split("\n")
      .map((line) => line.replace(/, \d+ s$/, ""));
    const [tools, ...more] = steps;
    expect(tools).toBe("tools         ready");
    // The servers start at once.
    expect([...more.slice(0, 2).sort(), ...more.slice(2)]).toEqual([
      expect.stringMatching(/^AWS emulator {2}http:\/\/127\.0\.0\.1:\d+$/),
      `Postgres      localhost:${get().platform.port}`,
      "stack prod    deploying",
      "stack prod    77 resources",
      "stack dev     deploying",
      "stack dev     44 resources",
      "proof         6 logins, each in its own schema and nowhere else",
    ]);
    expect(stdout).toMatch(/^prod: \+ 77 created\ndev: \+ 44 created$/m);
    expect(stdout).not.toMatch(/ create$/m);
    expect({ stderr, wide: tooWide(stdout) }).toEqual({ stderr: "", wide: [] });
  });

  test("a run ends with a URL without a password that psql takes, and three commands", async () => {
    const { platform } = get();
    const { passFile, platformFile, dir } = platform.places;
    expect(
      get().firstRun.split("\n\n").slice(-2).join("\n\n"),
    ).toBe(`A URL for psql (in quotes), from this folder; it finds the password by itself:
  postgresql://portal_wms_dev@localhost:${platform.port}/portal_db?passfile=data/pgpass

What comes next:
${[
  [
    `npm run ops -- env wms dev --platform ${platformFile} --config-dir ${platform.dir}`,
    "the line for the app's .env file, with its password",
  ],
  [
    `npm run local -- preview --dir ${dir} --config-dir ${platform.dir}`,
    "what a change in a stack's file would do",
  ],
  [`npm run local -- down --dir ${dir} --config-dir ${platform.dir}`, "stops the servers; the data are kept"],
]
  .map(([command = "", what]) => `${wrapped(command, "  ", 6, 78).replaceAll("\n", " \\\n")}\n      ${what}`)
  .join("\n")}
`);
    const [url = ""] = /postgresql:\S+/.exec(get().firstRun) ?? [];
    expect(await psql(url, MAKES_A_TABLE, platform.dir)).toEqual({
      status: 0,
      stdout: "CREATE TABLE\nwms_dev.by_psql\nDROP TABLE\n",
      stderr: "",
    });
    expect(statSync(passFile).mode & 0o777).toBe(0o600);
    for (const [app, environment] of LOGINS) {
      const login = new URL(get().urlOf(app, environment)).username;
      const other = url.replace("portal_wms_dev", login);
      expect((await psql(other, "SELECT current_schema", platform.dir)).stdout).toBe(
        `${app}_${environment}\n`,
      );
    }
  });

  test("a second run says that nothing changed", async () => {
    const again = await get().platform.succeed("up");
    expect(again).toMatch(/^prod: no changes, \d+ unchanged$/m);
    expect(again).toMatch(/^dev: no changes, \d+ unchanged$/m);
    expect(await get().platform.plan()).toEqual([]);
  });

  test("whoever stops reading stops no deployment, also where its program goes on printing", async () => {
    const { platform } = get();
    const noise = resolve(platform.dir, "noise.cjs");
    writeFileSync(
      noise,
      'if (/cmd.run/.test(process.argv[1] ?? "")) setInterval(() => console.error("noise"), 5).unref();',
    );
    const env = { ...process.env, NODE_OPTIONS: `--require ${noise}` };
    const child = platform.start(["up"], env);
    const [heard] = (await once(child.stdout as Readable, "data")) as [Buffer];
    expect(heard.length).toBeGreaterThan(0);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await platform.plan()).toEqual([]);
  });

  test("the master is as limited as that of RDS, the admins more so, and none of them owns the database", async () => {
    const roles = await get().platform.asSuperuser(
      `SELECT rolname AS name, concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END,
         CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolcreaterole THEN 'createrole' END,
         CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
         CASE WHEN rolreplication THEN 'replication' END) AS may, rolconfig AS settings
       FROM pg_roles WHERE rolname = 'ecomos_admin' OR rolname ~ '^portal_db_' ORDER BY 1`,
    );
    // Their own role, too: the database's default one, which both may set, would make what they make somebody else's.
    const settings = (name: string) => [
      "search_path=pg_catalog",
      `role=${name}`,
      "statement_timeout=3600000",
      "idle_in_transaction_session_timeout=300000",
    ];
    expect(roles).toEqual([
      { name: "ecomos_admin", may: "login createrole createdb", settings: null },
      { name: "portal_db_admin", may: "login createrole", settings: settings("portal_db_admin") },
      {
        name: "portal_db_dev_admin",
        may: "login createrole",
        settings: settings("portal_db_dev_admin"),
      },
      { name: "portal_db_owner", may: "", settings: null },
    ]);
    expect(
      await get().platform.asSuperuser(
        "SELECT datname AS name, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname <> 'template0' ORDER BY 1",
      ),
    ).toEqual([
      { name: "portal_db", owner: "portal_db_owner" },
      { name: "postgres", owner: "ecomos_admin" },
      { name: "template1", owner: "ecomos_admin" },
    ]);
  });
}
