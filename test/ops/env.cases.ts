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
      "# mine\nA=1\nexport DATABASE_URL = \"old\n  second line\"\nB='x=y'\nDATABASE_URL=older\nC=3",
    );
    chmodSync(file, 0o644);
    const { status, stdout } = await get().run("env", "wms", "dev", "--write", file);
    expect(status).toBe(0);
    expect(stdout).toBe("");
    const { stdout: line } = await get().run("env", "wms", "dev");
    expect(readFileSync(file, "utf8")).toBe(`# mine\nA=1\n${line}\nB='x=y'\nC=3`);
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

  test("a commented assignment and a longer name are not the variable", () => {
    const text = "#DATABASE_URL=a\nMY_DATABASE_URL=b\nDATABASE_URL_2=c\n";
    expect(withLine(text, "DATABASE_URL", "DATABASE_URL=new")).toBe(`${text}DATABASE_URL=new\n`);
  });
}
