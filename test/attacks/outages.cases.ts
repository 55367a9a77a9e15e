import { Client } from "pg";
import { sqlBlocksOf } from "../helpers/documents";
import { refusalOf } from "../helpers/query";
import type { AttackedPlatform } from "./attacked-platform";

/** Under which heading of docs/security.md the mends stand: the database's, typed by the master; a way in, by the admin. */
const HEADING = "What a hostile dev admin still can do";

/** An outage: what one does who may set the database's defaults, what prod's app then meets, what verify says. */
type Outage = readonly [
  what: string,
  sql: string,
  meets: string,
  named: string,
  mendedBy: "master" | "admin",
];

const DATABASE = "ALTER DATABASE portal_db";
const OUTAGES: readonly Outage[] = [
  [
    "lets nobody in any more",
    `${DATABASE} CONNECTION LIMIT 0`,
    "53300",
    "portal_db_admin has no connection left",
    "master",
  ],
  [
    "breaks every new session",
    `${DATABASE} SET local_preload_libraries = 'mine'`,
    "58P01",
    "no connection to",
    "master",
  ],
  [
    "makes everything read-only",
    `${DATABASE} SET default_transaction_read_only = on`,
    "25006",
    "PUBLIC: database portal_db: SET default_transaction_read_only",
    "master",
  ],
  [
    "stops every statement",
    `${DATABASE} SET statement_timeout = 1`,
    "57014",
    "PUBLIC: database portal_db: SET statement_timeout",
    "master",
  ],
  [
    "takes a prod login's way in",
    "REVOKE CONNECT ON DATABASE portal_db FROM portal_wms_2",
    "42501",
    "portal_wms_2: database portal_db: no CONNECT",
    "admin",
  ],
  [
    "takes the database",
    "REASSIGN OWNED BY portal_db_owner TO CURRENT_USER",
    "nothing",
    "portal_db_admin may not connect",
    "master",
  ],
];

/** What a hostile dev admin can do to prod: an outage, which one block of SQL ends. */
export function outageCases(get: () => AttackedPlatform): void {
  /** What an app of prod meets that logs in, waits a little and writes. */
  const metByProd = async (): Promise<string> => {
    const client = new Client({ connectionString: await get().appUrl("wms", "prod") });
    client.on("error", () => {});
    const code = await refusalOf(
      client
        .connect()
        .then(() => client.query("SELECT pg_sleep(0.01); INSERT INTO kept (note) VALUES ('more')")),
    );
    await client.end();
    return code ?? "nothing";
  };

  test.each(OUTAGES)("%s: verify names it, a block mends it", async (_, sql, meets, named, mendedBy) => {
    const before = await get().catalog();
    const { client } = await get().deployer("dev-admin");
    await client.query(sql);
    await client.end();
    const met = await metByProd();
    const { stdout } = await get().ops("verify", "prod");
    const [byMaster = "", byAdmin = ""] = sqlBlocksOf("security", HEADING);
    const block = { master: byMaster, admin: byAdmin }[mendedBy].replaceAll("portal_wms", "portal_wms_2");
    const { client: mender } = await get().deployer(mendedBy);
    await mender.query(block);
    await mender.end();
    expect(met).toBe(meets);
    expect(stdout).toContain(named);
    expect(await metByProd()).toBe("nothing");
    expect(await get().catalog()).toEqual(before);
  });

  test("puts an extension into a prod schema, and can drop that one: taken out by the admin", async () => {
    const { client } = await get().deployer("dev-admin");
    await client.query("CREATE EXTENSION hstore SCHEMA wms_prod");
    expect(await refusalOf(client.query("DROP EXTENSION citext CASCADE"))).toBe("42501");
    expect(await get().ops("verify", "prod")).toMatchObject({
      status: 2,
      stdout: expect.stringContaining("portal_db_dev_admin: extension hstore: nobody declares it"),
    });
    const [, , lend = "", take = "", back = ""] = sqlBlocksOf("security", HEADING);
    for (const [who, block] of [
      ["master", lend],
      ["admin", take],
      ["master", back],
    ] as const) {
      const { client: mender } = await get().deployer(who);
      await mender.query(block);
      await mender.end();
    }
    expect(
      await get().platform.asSuperuser("SELECT extname FROM pg_extension WHERE extname = 'hstore'"),
    ).toEqual([]);
    await client.end();
  });

  test("lets a prod login's bare session own a function: taken back with all that it owns", async () => {
    const { client } = await get().deployer("dev-admin");
    await client.query("GRANT CREATE ON DATABASE portal_db TO portal_wms_2");
    const { client: bare } = await get().bareLogin("wms", "prod");
    await bare.query("CREATE SCHEMA mine");
    await bare.query("CREATE FUNCTION mine.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'");
    expect((await get().ops("verify", "prod")).stdout).toContain("portal_wms_2: schema mine: owns it");
    const { client: admin } = await get().deployer("admin");
    const [block = ""] = sqlBlocksOf("security", HEADING).slice(5);
    await admin.query(block.replaceAll("portal_wms", "portal_wms_2"));
    expect(await refusalOf(bare.query("SELECT mine.f()"))).toBe("3F000");
    expect(await refusalOf(bare.query("CREATE SCHEMA mine"))).toBe("42501");
    await Promise.all([client.end(), bare.end(), admin.end()]);
  });

  test("sets defaults of prod's sessions, and makes prod's roles members of its own: named, and repaired", async () => {
    const { client } = await get().deployer("dev-admin");
    await client.query(
      `CREATE ROLE trap ROLE portal_wms_2; ALTER DATABASE portal_db SET TimeZone = 'Asia/Tokyo'; ${DATABASE} SET role = trap`,
    );
    const lines = [
      "PUBLIC: database portal_db: SET TimeZone",
      "PUBLIC: database portal_db: SET role",
      "portal_wms_2: trap: member (set)",
    ];
    const named = async () => {
      const { stdout } = await get().ops("verify", "prod");
      return lines.filter((line) => stdout.includes(line));
    };
    expect(await named()).toEqual(lines);
    expect(await get().ops("repair", "prod", "--yes")).toMatchObject({ status: 0 });
    expect(await named()).toEqual(lines.slice(2));
    await client.query("DROP ROLE trap");
    await client.end();
    expect(await named()).toEqual([]);
  });
}
