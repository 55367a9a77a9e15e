import { adminSslMode, appSecretValue, databaseUrl, libpqUrl } from "../../infra/app/database-url";

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
  const value = {
    engine: "postgres",
    host: "localhost",
    port: 6543,
    dbname: "portal_db",
    username: "portal_wms_dev",
    password: "Letters0nly",
    schema: "wms_dev",
  };
  const url = `${START}&sslmode=disable`;
  expect(appSecretValue("DATABASE_URL", PARTS)).toEqual({ ...value, DATABASE_URL: url });
  expect(appSecretValue("DIRECT_URL", PARTS)).toEqual({ ...value, DIRECT_URL: url });
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

describe("for libpq", () => {
  const AT = "postgresql://portal_wms_dev:Letters0nly@localhost:6543/portal_db";

  test.each([
    ["disable", `${AT}?sslmode=disable`],
    ["require", `${AT}?sslmode=require`],
    ["verify-full", `${AT}?sslmode=verify-full`],
  ] as const)("with %s a URL has the mode alone, which libpq reads as it was meant", (sslmode, url) => {
    expect(libpqUrl(databaseUrl({ ...PARTS, sslmode }))).toBe(url);
  });

  test("it says where the bundle is and where the tunnel begins, in a way that no shell reads anything into", () => {
    const url = databaseUrl({ ...PARTS, host: "db.example.com", sslmode: "verify-full" });
    const sslrootcert = "/home/Ä b/it's $(here)!/a+b%20&c#?=.pem";
    expect(libpqUrl(url, { sslrootcert, hostaddr: "127.0.0.1" })).toBe(
      "postgresql://portal_wms_dev:Letters0nly@db.example.com:6543/portal_db?sslmode=verify-full" +
        "&sslrootcert=/home/%C3%84%20b/it%27s%20%24%28here%29%21/a%2Bb%2520%26c%23%3F%3D.pem&hostaddr=127.0.0.1",
    );
  });

  test("with a file that has the password, nothing else is said", () => {
    expect(libpqUrl(databaseUrl(PARTS), { passfile: ".local/pgpass" })).toBe(
      "postgresql://portal_wms_dev@localhost:6543/portal_db?passfile=.local/pgpass",
    );
  });

  test("a password and an IPv6 host stay as they were", () => {
    const url = databaseUrl({ ...PARTS, host: "fd00::5", password: "p@ss:w/o?r#d %41" });
    expect(libpqUrl(url)).toBe(
      "postgresql://portal_wms_dev:p%40ss%3Aw%2Fo%3Fr%23d%20%2541@[fd00::5]:6543/portal_db?sslmode=disable",
    );
  });
});
