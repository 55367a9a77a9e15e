import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { Environments } from "../../infra/names";
import { writeWhole } from "../../ops/snapshot/archive";
import type { SnapshotPlatform } from "./snapshot-platform";

/** Stands for the path of a new file. */
const NEW = "<new file>";

/** Files, programs and places that are not what they should be: one line, and nothing is changed. */
export function snapshotFaultCases(get: () => SnapshotPlatform): void {
  let file: string;
  let old: readonly string[];
  const restore = (path: string, ...more: string[]) =>
    get().ops.run("restore", path, "wms", "dev", "--yes", ...more);

  beforeAll(async () => {
    const { ops } = get();
    await ops.run("reset", "wms", "dev", "--yes");
    await ops.query(
      "wms",
      "dev",
      "CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 20000); CREATE INDEX ON kept (id)",
    );
    file = await get().snapshot("dev");
    old = await get().textOf("wms_dev");
  });

  afterEach(async () => expect(await get().textOf("wms_dev")).toEqual(old));

  /** Programs that say that they are of a version; running them for anything else leaves a trace. */
  function fakePrograms(version: string): string {
    const folder = get().newFile();
    mkdirSync(folder);
    for (const name of ["pg_dump", "pg_restore"]) {
      const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo "${version}"; else touch "${folder}/ran"; exit 1; fi\n`;
      writeFileSync(resolve(folder, name), script, { mode: 0o755 });
    }
    return folder;
  }

  test("programs older than the server are refused before anything is started, with what to install", async () => {
    const folder = fakePrograms("pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)");
    const target = get().newFile();
    const message =
      /^error: pg_dump is of version 15, older than the server, 17, and cannot read it; nothing was started: install the PostgreSQL 17 client programs/;
    for (const run of [
      get().ops.run("snapshot", "wms", "dev", "-o", target, "--pg-bin", folder),
      restore(file, "--pg-bin", folder),
    ]) {
      const { status, stderr } = await run;
      expect(status).toBe(1);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder)).toEqual(["pg_dump", "pg_restore"]);
  });

  test("a folder without the programs, or with others of their names, is named", async () => {
    expect((await restore(file, "--pg-bin", "/nowhere")).stderr).toBe(
      "error: /nowhere/pg_dump does not exist: name the folder of pg_dump and pg_restore with --pg-bin",
    );
    const folder = fakePrograms("hello");
    expect((await restore(file, "--pg-bin", folder)).stderr).toBe(
      `error: ${folder}/pg_dump does not say its version: name another folder with --pg-bin`,
    );
    chmodSync(resolve(folder, "pg_dump"), 0o644);
    expect((await restore(file, "--pg-bin", folder)).stderr).toBe(
      `error: ${folder}/pg_dump cannot be run (EACCES)`,
    );
  });

  test.each([
    ["does not exist", "/nowhere/a.dump", /^error: \/nowhere\/a\.dump does not exist$/],
    ["is a folder", "/", /^error: \/ is no file$/],
    [
      "is no snapshot",
      "text",
      /is not a whole snapshot, or pg_restore is too old for it \(.*input file .*\)$/,
    ],
    ["is empty", "", /is not a whole snapshot, or pg_restore is too old for it \(.*\)$/],
  ])("a file that %s", async (_what, content, message) => {
    const { status, stderr } = await restore(content.startsWith("/") ? content : get().textFile(content));
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  test("a file that is cut off, wherever, is said to be", async () => {
    const whole = readFileSync(file);
    const part = get().newFile();
    for (const share of [0.0005, 0.01, 0.05, 0.1, 0.3, 0.6, 0.9, 0.99, 0.9999]) {
      writeFileSync(part, whole.subarray(0, Math.floor(whole.length * share)));
      const { status, stderr } = await restore(part);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /is not a whole snapshot|cannot be read to its end \(.*\); nothing was changed$/,
      );
      expect(stderr).not.toContain("\n");
      expect(await get().textOf("wms_dev")).toEqual(old);
    }
  });

  test("a snapshot of another app, and an archive of several schemas, go nowhere", async () => {
    await get().ops.query("auth", "prod", "CREATE TABLE users (id int)");
    const other = await get().snapshot("prod", "auth");
    expect((await restore(other)).stderr).toBe(
      `error: ${other} is a snapshot of auth_prod, which is not a schema of wms; nothing was changed`,
    );
    const both = await get().archive("--schema=wms_dev", "--schema=auth_prod");
    expect((await restore(both)).stderr).toBe(
      `error: ${both} holds 2 schemas; a snapshot holds one: make it with the command snapshot`,
    );
    const schemas = [
      "wms_prod",
      "wms_dev",
      "wms_pr_42",
      "wms_eu_dev",
      "wms_eu_prod",
      "wms_",
      "wmsx_dev",
      "wms",
    ];
    expect(schemas.filter((schema) => new Environments().isSchemaOf("wms", schema))).toEqual([
      "wms_prod",
      "wms_dev",
      "wms_pr_42",
    ]);
  });

  test("a snapshot is written where there is nothing yet, or not at all", async () => {
    const snapshot = async (path: string) =>
      (await get().ops.run("snapshot", "wms", "dev", "-o", path)).stderr;
    expect(await snapshot(file)).toBe(`error: ${file} exists already: choose another name, or move it away`);
    expect(await snapshot("/nowhere/a.dump")).toBe(
      "error: the folder /nowhere does not exist: make it first",
    );
    const closed = get().newFile();
    // Root may write everywhere but here.
    if (process.getuid?.() === 0) symlinkSync("/proc", closed);
    else mkdirSync(closed, { mode: 0o555 });
    expect(await snapshot(`${closed}/a.dump`)).toMatch(
      /a\.dump cannot be written \((EACCES|ENOENT)\); no snapshot was written$/,
    );
    const strange = resolve(dirname(file), 'it\'s "$(touch here)"; DROP TABLE kept; --\n.dump');
    expect(await snapshot(strange)).toBe("");
    expect((await restore(strange)).status).toBe(0);
  });

  test("a disk that runs full, or a file that appears meanwhile, leaves nothing half-written", async () => {
    const target = get().newFile();
    const full = writeWhole(target, () =>
      Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC", syscall: "write" })),
    );
    await expect(full).rejects.toThrow(`the disk of ${target} is full; no snapshot was written`);
    const late = writeWhole(target, async () => writeFileSync(target, "theirs"));
    await expect(late).rejects.toThrow(`${target} was written by another run meanwhile; it is left as it is`);
    expect(readFileSync(target, "utf8")).toBe("theirs");
    expect(readdirSync(dirname(target)).filter((name) => name.startsWith(`${basename(target)}.`))).toEqual(
      [],
    );
  });

  test.each([
    [["snapshot", "wms'; DROP", "dev", "-o", "x"], /^error: bad app "wms'; DROP"/],
    [
      ["snapshot", "wms", "dev"],
      /^error: snapshot needs -o FILE: where to write it; see npm run ops -- snapshot --help$/,
    ],
    [
      ["snapshot", "fcc", "dev", "-o", NEW],
      /^error: there is no secret portal-db\/dev\/fcc on the local platform/,
    ],
    [["snapshot", "wms", "dev", "-o", NEW, "--stack", "prod"], /^error: stack prod has no environment dev/],
    [
      ["snapshot", "wms", "dev", "-o", NEW, "--endpoint", "localhost:1"],
      /^error: no connection to localhost:1\/portal_db \(ECONNREFUSED\)/,
    ],
    [["restore"], /^error: usage: restore FILE <app> <environment>; see npm run ops -- restore --help$/],
    [["restore", "x", "wms"], /^error: usage: restore FILE <app> <environment>/],
    [
      ["restore", __filename, "wms", "dev", "--endpoint", "localhost:1"],
      /^error: no connection to localhost:1\/portal_db \(ECONNREFUSED\)/,
    ],
  ])("%j", async (args, message) => {
    const { status, stderr } = await get().ops.run(
      ...args.map((arg) => (arg === NEW ? get().newFile() : arg)),
    );
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test("a password that is not the server's is said without it", async () => {
    const { ops } = get();
    await ops.platform.asSuperuser("ALTER ROLE portal_auth_dev PASSWORD 'another'");
    for (const args of [
      ["snapshot", "auth", "dev", "-o", get().newFile()],
      ["restore", file, "auth", "dev"],
    ]) {
      const { status, stderr } = await ops.run(...args);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^error: localhost:\d+\/portal_db refuses portal_auth_dev: the password in the secret is not the server's/,
      );
    }
  });
}
