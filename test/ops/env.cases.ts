import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { withLine } from "../../ops/env/env-file";
import type { OpsPlatform } from "../helpers/ops-platform";
import { MAKES_A_TABLE, psql } from "../helpers/psql";

/** `env`: the URL from the secret, and what `--write` leaves alone. */
export function envCases(get: () => OpsPlatform): void {
  test("prints one line that opens the app's schema", async () => {
    const { status, stdout, stderr } = await get().run("env", "wms", "dev");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^DATABASE_URL="postgresql:\/\/portal_wms_dev:[A-Za-z0-9]{32}@localhost:\d+\/portal_db\?schema=wms_dev&sslmode=disable"$/,
    );
    expect(stderr).toBe("");
  });

  test("of a person it says where the URL is", async () => {
    expect(await get().run("env", "person_anna", "dev")).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "error: there is no secret portal-db/dev/person_anna on the local platform: one that reads has its URL in " +
        "portal-db/dev/people/anna (npm run local -- url person_anna dev); otherwise check the names, or deploy stack dev",
    });
  });

  test("for libpq it is a URL with which psql comes to the app's schema", async () => {
    const { status, stdout, stderr } = await get().run(
      "env",
      "wms",
      "dev",
      "--libpq",
      "--variable",
      "PSQL_URL",
    );
    const [, url = ""] = /^PSQL_URL="(.*)"$/.exec(stdout) ?? [];
    expect({ status, stderr, url }).toEqual({
      status: 0,
      stderr: "",
      url: expect.stringMatching(
        /^postgresql:\/\/portal_wms_dev:[A-Za-z0-9]{32}@localhost:\d+\/portal_db\?sslmode=disable$/,
      ),
    });
    expect(await psql(url, MAKES_A_TABLE, get().platform.dir)).toEqual({
      status: 0,
      stdout: "CREATE TABLE\nwms_dev.by_psql\nDROP TABLE\n",
      stderr: "",
    });
    expect(await get().platform.succeed("url", "wms", "dev", "--libpq")).toBe(`${url}\n`);
    expect((await get().run("env", "wms", "dev", "--libpq", "--shadow")).stderr).toMatch(
      /^error: --shadow and --libpq exclude each other: that database is for Prisma alone; see /,
    );
    // What Prisma's URL is to psql: the reason for all this.
    const prismas = await get().platform.url("wms", "dev");
    expect((await psql(prismas, "SELECT 1", get().platform.dir)).stderr).toMatch(
      /invalid URI query parameter: "schema"/,
    );
  });

  test("writes the line into a file, keeps the rest, and lets its owner alone read it", async () => {
    const file = resolve(get().platform.dir, ".env.dev");
    writeFileSync(
      file,
      "# mine\nA=1\nexport DATABASE_URL = \"old\n  second line\" # ours\nB='x=y'\nDATABASE_URL=older\nC=3",
    );
    chmodSync(file, 0o644);
    const { status, stdout } = await get().run("env", "wms", "dev", "--write", file);
    expect(status).toBe(0);
    expect(stdout).toBe("");
    const { stdout: line } = await get().run("env", "wms", "dev");
    expect(readFileSync(file, "utf8")).toBe(`# mine\nA=1\nexport ${line} # ours\nB='x=y'\nC=3`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(get().platform.dir).filter((name) => name.startsWith("..env"))).toEqual([]);
  });

  test("a link stays a link, and what it leads to is written", async () => {
    const target = resolve(get().platform.dir, "shared.env");
    const link = resolve(get().platform.dir, ".env.local");
    writeFileSync(target, "A=1\r\n");
    symlinkSync(target, link);
    await get().run("env", "auth", "dev", "--write", link);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toMatch(/^A=1\r\nDATABASE_URL="[^"]+"\r\n$/);
  });

  test.each([
    [
      "prod",
      ".env.dev",
      "error: .env.dev is not for prod: choose another file or environment; see npm run ops -- env --help",
    ],
    [
      "dev",
      ".env.production",
      "error: .env.production is not for dev: choose another file or environment; see npm run ops -- env --help",
    ],
    [
      "dev",
      "missing/.env.dev",
      /^error: .*missing\/\.env\.dev cannot be written \(ENOENT\); it is as it was$/,
    ],
  ])("does not write %s into %s", async (environment, name, message) => {
    const { status, stderr } = await get().run(
      "env",
      "wms",
      environment,
      "--write",
      resolve(get().platform.dir, name),
    );
    expect(status).not.toBe(0);
    expect(stderr).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  });

  test("bytes that are no UTF-8, the mark before it and each end of a line stay what they are", async () => {
    const file = resolve(get().platform.dir, ".env.bytes");
    const { stdout: line } = await get().run("env", "wms", "dev");
    const before = Buffer.from(
      "\xEF\xBB\xBFDATABASE_URL=old\r\nA=\xE9\xFF\xFE\rB=\xC3\xA9\nC=\x80",
      "latin1",
    );
    writeFileSync(file, before);
    expect((await get().run("env", "wms", "dev", "--write", file)).status).toBe(0);
    const after = before.toString("latin1").replace("DATABASE_URL=old", line);
    expect(readFileSync(file, "latin1")).toBe(after);
    // A second time it finds its own line, and changes nothing.
    expect((await get().run("env", "wms", "dev", "--write", file)).status).toBe(0);
    expect(readFileSync(file, "latin1")).toBe(after);
  });

  test("a DIRECT_URL from before, which nothing here has written, is named and stays", async () => {
    const file = resolve(get().platform.dir, ".env.direct");
    const before = "# DIRECT_URL=a\nMY_DIRECT_URL=b\n";
    writeFileSync(file, before);
    const warned = /^warning: .* has a\s+DIRECT_URL/m;
    expect((await get().run("env", "wms", "dev", "--write", file)).stderr).not.toMatch(warned);
    writeFileSync(file, '\uFEFFDIRECT_URL="old"\n');
    expect((await get().run("env", "wms", "dev", "--write", file)).stderr).toMatch(warned);
    writeFileSync(file, `${before}export DIRECT_URL="old"\n`);
    const { status, stderr } = await get().run("env", "wms", "dev", "--write", file);
    expect(status).toBe(0);
    expect(stderr).toMatch(warned);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      ".env.direct has a DIRECT_URL that was not written now, which Prisma's migrations would go by: take the line out, unless it is yours",
    );
    expect(readFileSync(file, "utf8")).toContain(`${before}export DIRECT_URL="old"\n`);
  });

  test("UTF-16, a file that is read-only and a link that leads nowhere stay as they are", async () => {
    const wide = resolve(get().platform.dir, ".env.wide");
    writeFileSync(wide, Buffer.from("\uFEFFA=1\r\n", "utf16le"));
    const fixed = resolve(get().platform.dir, ".env.fixed");
    writeFileSync(fixed, "A=1\n", { mode: 0o400 });
    const link = resolve(get().platform.dir, ".env.link");
    symlinkSync(resolve(get().platform.dir, "nowhere.env"), link);
    const ends = [wide, fixed, link].map((file) => get().run("env", "wms", "dev", "--write", file));
    expect(await Promise.all(ends)).toEqual([
      {
        status: 1,
        stdout: "",
        stderr: `error: ${wide} is UTF-16, or no text: save it as UTF-8; it is as it was`,
      },
      { status: 1, stdout: "", stderr: `error: ${fixed} is read-only: chmod u+w it first; it is as it was` },
      { status: 1, stdout: "", stderr: `error: ${link} is a link that leads nowhere: mend or delete it` },
    ]);
    expect(readFileSync(wide, "utf16le")).toBe("\uFEFFA=1\r\n");
    expect(readFileSync(fixed, "utf8")).toBe("A=1\n");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test("a commented assignment and a longer name are not the variable", () => {
    const text = "#DATABASE_URL=a\nMY_DATABASE_URL=b\nDATABASE_URL_2=c\n";
    expect(withLine(text, "DATABASE_URL", "DATABASE_URL=new")).toBe(`${text}DATABASE_URL=new\n`);
  });

  test.each([
    ["its last line has no end, and gets none", "A=1\nX=old", "A=1\nX=new"],
    ["a new line ends as the first one does", "A=1\r\nB=2", "A=1\r\nB=2\r\nX=new\r\n"],
    ["each line keeps its own end", "X=old\r\nA=1\n", "X=new\r\nA=1\n"],
    ["a line may end as on old Macs", "A=1\rX=old\rB=2\r", "A=1\rX=new\rB=2\r"],
    ["indentation and export stay", "  export X=old\n", "  export X=new\n"],
    ["a comment stays", "X='old' # note\nA=1\n", "X=new # note\nA=1\n"],
    ["a value in backticks goes on over lines", "X=`a\nb`\nA=1\n", "X=new\nA=1\n"],
    ["a quote that nothing closes ends with its line", 'X="old\nA="1"\nB=2\n', 'X=new\nA="1"\nB=2\n'],
    ["a line in another's value is none of its own", 'A="1\nX=2\n"\nX=old\n', 'A="1\nX=2\n"\nX=new\n'],
    ["dotenv takes a colon, too", "X: old\nA=1\n", "X=new\nA=1\n"],
    ["of several the first place is kept", "X=1\nA=1\nX=2\nexport X=3", "X=new\nA=1\n"],
    ["an empty value is one", "X=\nA=1\n", "X=new\nA=1\n"],
    ["blanks stay where nothing is set", " \n", " \nX=new\n"],
    ["an empty file gets the line", "", "X=new\n"],
  ])("%s", (_what, before, after) => {
    expect(withLine(before, "X", "X=new")).toBe(after);
  });
}
