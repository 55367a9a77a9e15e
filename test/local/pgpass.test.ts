import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DeployedApp } from "../../local/app-secrets";
import { passwordlessUrl, writePgpass } from "../../local/pgpass";
import { placesOf } from "../../local/places";

let folder: string;
const environment = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-pgpass-"));
  delete process.env.npm_lifecycle_event;
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true, force: true });
});

const app = (login: string, password: string): DeployedApp => ({
  app: "wms",
  environment: "dev",
  secretName: "portal-db/dev/wms",
  schema: "wms_dev",
  login,
  isMigrator: false,
  url: `postgresql://${login}:${encodeURIComponent(password)}@localhost:7000/portal_db?schema=wms_dev&sslmode=disable`,
});

test("each login has a line, as libpq takes it apart, in a file that its owner alone may read", () => {
  const places = placesOf(folder);
  // What a killed run, or somebody else, has left.
  for (const name of ["pgpass", "pgpass.new"]) writeFileSync(join(folder, name), "old", { mode: 0o644 });
  writePgpass(places, [app("portal_wms_dev", "Letters0nly"), app("portal_old", "a:b\\c %d")]);
  expect(readFileSync(places.passFile, "utf8")).toBe(
    "localhost:7000:portal_db:portal_wms_dev:Letters0nly\nlocalhost:7000:portal_db:portal_old:a\\:b\\\\c %d\n",
  );
  expect(statSync(places.passFile).mode & 0o777).toBe(0o600);
});

const urlFrom = (dir: string): string => passwordlessUrl(placesOf(dir), app("portal_wms_dev", "Letters0nly"));
const START = "postgresql://portal_wms_dev@localhost:7000/portal_db?passfile=";

test("the URL names the file from the folder that the person is in, which npm leaves", () => {
  const own = resolve(__dirname, "../../.local");
  expect(urlFrom(own)).toBe(`${START}.local/pgpass`);
  process.env.INIT_CWD = resolve(__dirname);
  // Of another script, such as that of these tests.
  expect(urlFrom(own)).toBe(`${START}.local/pgpass`);
  process.env.npm_lifecycle_event = "local";
  expect(urlFrom(own)).toBe(`${START}../../.local/pgpass`);
});

test("a folder that is far away is named whole, and nothing in its name is read as another part", () => {
  expect(urlFrom("/x/my data?&#%")).toBe(`${START}/x/my%20data%3F%26%23%25/pgpass`);
});
