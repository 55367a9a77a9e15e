import type { Client } from "pg";
import { scramVerifier } from "../../infra/scram-verifier";
import { parsedScript } from "../../ops/sql/parsed-script";
import { sqlBlocksOf } from "../helpers/documents";
import { refusalOf } from "../helpers/query";
import type { AttackedPlatform } from "./attacked-platform";
import { Intruder } from "./intruder";

/** Changes its own password in a transaction that stays open, so that whoever changes the role waits. */
const HOLDS_ITS_ROLE = [
  "SELECT pg_advisory_lock(session_user::regrole::oid::bigint), pg_advisory_lock(72707369)",
  "BEGIN; ALTER ROLE SESSION_USER PASSWORD 'mine'",
];

const sessionsOf = (login: string) =>
  `SELECT count(*)::int AS open FROM pg_stat_activity WHERE usename = '${login}'`;

/** The runbook's order, typed while somebody is connected with what leaked. */
export function leakedCases(get: () => AttackedPlatform): void {
  /** Types a block, statement by statement; what ends sessions until there is none, and from the top where one waits. */
  async function type(client: Client, block: string): Promise<void> {
    const { statements } = await parsedScript(block);
    await client.query("SET lock_timeout = '1s'");
    for (let at = 0; at < statements.length; at += 1) {
      const { sql = "" } = statements[at] ?? {};
      const answer = await refusalOf(ended(client, sql));
      if (answer === "55P03") at = -1;
      else expect(answer).toBeUndefined();
    }
  }

  /** Runs a statement; one that ends sessions until it finds none. */
  async function ended(client: Client, sql: string): Promise<void> {
    let { rowCount } = await client.query(sql);
    while (sql.includes("pg_terminate_backend") && rowCount !== 0) ({ rowCount } = await client.query(sql));
  }

  /** Works while somebody is in with what leaked, and stops them whatever comes of it. */
  async function against(
    url: string,
    moves: readonly string[],
    work: () => Promise<void>,
  ): Promise<string[]> {
    let intruder: Intruder | undefined;
    await new Promise<void>((done) => {
      intruder = new Intruder(url, moves, done);
    });
    try {
      await work();
    } finally {
      await intruder?.stop();
    }
    return [...(intruder?.refusals ?? [])];
  }

  test("an app's: shut out, its sessions ended, its settings undone, while it reconnects and holds locks", async () => {
    const { platform } = get();
    const before = await get().catalog();
    const url = await get().appUrl("wms", "prod");
    const moves = [
      "SET ROLE NONE",
      "ALTER ROLE SESSION_USER SET default_transaction_read_only = on",
      "ALTER ROLE SESSION_USER IN DATABASE portal_db SET statement_timeout = 1",
      "ALTER ROLE SESSION_USER RESET role",
      "SET default_transaction_read_only = off; SET statement_timeout = 0",
      ...HOLDS_ITS_ROLE,
    ];
    const refusals = await against(url, moves, async () => {
      const { client: admin } = await get().deployer("admin");
      await admin.query("SET lock_timeout = 100");
      expect(await refusalOf(admin.query("ALTER ROLE portal_wms_2 NOLOGIN"))).toBe("55P03");
      const [block = ""] = sqlBlocksOf("runbook", "A leaked credential");
      await type(admin, block);
      expect(await platform.asSuperuser(sessionsOf("portal_wms_2"))).toEqual([{ open: 0 }]);
      platform.configure("prod", { apps: { auth: {}, wms: { reader: true, credential: 4 } } });
      await platform.succeed("up", "--stack", "prod");
      expect(await refusalOf(platform.asApp(url, "SELECT 1"))).toBe("28P01");
    });
    expect(await get().ops("repair", "prod", "--yes")).toMatchObject({ status: 0 });
    expect(refusals.filter((code) => !["42501", "28P01", "57P01", "lost"].includes(code))).toEqual([]);
    const again = await get().appUrl("wms", "prod");
    expect(await platform.asApp(again, "INSERT INTO kept (note) VALUES ('after') RETURNING note")).toEqual([
      { note: "after" },
    ]);
    expect(await get().catalog()).toEqual(before);
    expect(await platform.plan()).toEqual([]);
  });

  test("the dev admin's: shut out while it reconnects and holds its role, and let in by another password", async () => {
    const before = await get().catalog();
    const password = await get().passwordOf("dev-admin");
    const login = "portal_db_dev_admin";
    const url = get().urlOf(login, password);
    const [first, second] = [await get().deployer("master"), await get().deployer("master")];
    const refusals = await against(url, HOLDS_ITS_ROLE, async () => {
      const [block = ""] = sqlBlocksOf("runbook", "A leaked credential of a deployer");
      const [shut = "", ...rest] = block.split(/(?<=;)\n/);
      const waiting = first.client.query(shut);
      await type(second.client, rest.join("\n"));
      await waiting;
      await type(second.client, rest.join("\n"));
      expect(await get().platform.asSuperuser(sessionsOf(login))).toEqual([{ open: 0 }]);
      expect(await refusalOf(get().platform.asApp(url, "SELECT 1"))).toBe("28000");
    });
    expect(refusals.filter((code) => !["28000", "57P01", "lost"].includes(code))).toEqual([]);
    // What \password sends; the secret's own here, so that the stacks log in again.
    const verifier = await scramVerifier(login, password);
    await first.client.query(`ALTER ROLE ${login} PASSWORD '${verifier}'; ALTER ROLE ${login} LOGIN`);
    await get().platform.succeed("up", "--stack", "dev");
    expect(await get().catalog()).toEqual(before);
  });
}
