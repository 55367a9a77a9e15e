import { adminSslMode, appSecretValue, databaseUrl } from "../../infra/app/database-url";

const PARTS = {
  host: "localhost",
  port: 6543,
  username: "portal_wms_dev",
  password: "Letters0nly",
  schema: "wms_dev",
  sslmode: "disable",
} as const;
const START = "postgresql://portal_wms_dev:Letters0nly@localhost:6543/portal_db?schema=wms_dev";

test.each([
  ["disable", `${START}&sslmode=disable`],
  ["require", `${START}&sslmode=require&uselibpqcompat=true`],
  ["verify-full", `${START}&sslmode=verify-full`],
] as const)("with %s a URL says how the connection is encrypted", (sslmode, url) => {
  expect(databaseUrl({ ...PARTS, sslmode })).toBe(url);
});

test.each(["p@ss:w/o?r#d", "100% sure&true=1", "ü\\\"'`$[]", "+ +", "%41"])(
  "the password %s comes back from the URL as it was",
  (password) => {
    const url = new URL(databaseUrl({ ...PARTS, username: "a@b:c", password }));
    expect({
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      host: url.host,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
    }).toEqual({
      username: "a@b:c",
      password,
      host: "localhost:6543",
      path: "/portal_db",
      query: { schema: "wms_dev", sslmode: "disable" },
    });
  },
);

test("an IPv6 host stands in brackets", () => {
  const url = databaseUrl({ ...PARTS, host: "fd00::5" });
  expect(url).toBe(
    "postgresql://portal_wms_dev:Letters0nly@[fd00::5]:6543/portal_db?schema=wms_dev&sslmode=disable",
  );
  expect(new URL(url).hostname).toBe("[fd00::5]");
});

test("a secret's value is the URL beside the keys that AWS's clients read, and nothing else", () => {
  expect(appSecretValue(PARTS)).toEqual({
    DATABASE_URL: `${START}&sslmode=disable`,
    engine: "postgres",
    host: "localhost",
    port: 6543,
    dbname: "portal_db",
    username: "portal_wms_dev",
    password: "Letters0nly",
    schema: "wms_dev",
  });
});

const RDS = "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com";

test.each([
  ["verify-full", RDS, true, "verify-full"],
  ["verify-full", RDS, false, "require"],
  ["verify-full", "localhost", true, "require"],
  ["verify-full", "127.0.0.1", true, "require"],
  ["verify-full", "::1", false, "require"],
  ["require", RDS, true, "require"],
  ["require", "localhost", false, "require"],
  ["disable", "localhost", false, "disable"],
  ["disable", RDS, true, "disable"],
] as const)("%s to %s (CA bundle: %s) is %s to the provider", (sslmode, host, hasCaBundle, expected) => {
  expect(adminSslMode(sslmode, host, hasCaBundle)).toBe(expected);
});
