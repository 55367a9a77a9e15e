import { credentialsOf, migratorCredentialsOf } from "../../infra/app/credentials";
import { parseDeployerSecret } from "../../infra/database/deployer-credentials";
import { namesOf } from "../../infra/names";

const first = (number: number) => ({ number, login: "portal_wms", key: "login", isMigrator: false });
const second = (number: number) => ({ number, login: "portal_wms_2", key: "login-2", isMigrator: false });

test.each([
  [1, [first(1)]],
  [2, [first(1), second(2)]],
  [3, [first(3), second(2)]],
  [4, [first(3), second(4)]],
  [101, [first(101), second(100)]],
])("credential %d is valid beside the one before it, and no other", (number, credentials) => {
  expect(credentialsOf(namesOf("wms", "prod"), number)).toEqual(credentials);
});

test.each([
  [1, [[1, "portal_wms_migrator", "migrator"]]],
  [
    2,
    [
      [1, "portal_wms_migrator", "migrator"],
      [2, "portal_wms_migrator_2", "migrator-2"],
    ],
  ],
  [
    3,
    [
      [3, "portal_wms_migrator", "migrator"],
      [2, "portal_wms_migrator_2", "migrator-2"],
    ],
  ],
] as const)(
  "with credential %d the logins for migrations are those of the same numbers",
  (credential, expected) => {
    const of = (migrator?: boolean) =>
      migratorCredentialsOf(namesOf("wms", "prod"), { credential, migrator });
    expect(of(true)).toEqual(
      expected.map(([number, login, key]) => ({ number, login, key, isMigrator: true })),
    );
    expect([of(false), of()]).toEqual([[], []]);
  },
);

test("a rotation changes the password of the login that is not in use, and of no other", () => {
  for (let number = 1; number < 10; number++) {
    const before = credentialsOf(namesOf("wms", "dev"), number);
    const after = credentialsOf(namesOf("wms", "dev"), number + 1);
    expect(after).toContainEqual(before.find((credential) => credential.number === number));
  }
});

const WHOLE = { host: "db", port: 5432, username: "portal_db_admin", password: "hunter2" };

test("a deployer's secret is read for where to log in, and as whom", () => {
  const text = JSON.stringify({ engine: "postgres", dbname: "portal_db", ...WHOLE });
  expect(parseDeployerSecret("portal-db/admin", text)).toEqual(WHOLE);
});

test.each([
  "hunter2",
  "",
  "null",
  "[]",
  '"hunter2"',
  JSON.stringify({ ...WHOLE, username: undefined }),
  JSON.stringify({ ...WHOLE, password: undefined }),
  JSON.stringify({ ...WHOLE, host: undefined }),
  JSON.stringify({ ...WHOLE, port: "5432" }),
  JSON.stringify({ ...WHOLE, username: 1 }),
  JSON.stringify(WHOLE).slice(0, -1),
])(
  "a deployer's secret that is not as prod writes it (case %#) is refused without any part of it",
  (text) => {
    expect(() => parseDeployerSecret("portal-db/dev-admin", text)).toThrow(
      new Error(
        "the secret portal-db/dev-admin is not JSON with host, port, username and password; deploy the prod stack, which writes it",
      ),
    );
  },
);
