import { appRights } from "../../infra/app/access";
import { deployerRights } from "../../infra/database/access";
import { timeoutInputs, timeoutsOf } from "../../infra/timeouts";

test.each([
  ["app and migrations", {}, { idleInTransactionSessionTimeout: 60_000 }],
  ["app", {}, { statementTimeout: 300_000, idleInTransactionSessionTimeout: 60_000 }],
  ["migrations", {}, { idleInTransactionSessionTimeout: 60_000 }],
  ["reading", {}, { statementTimeout: 300_000, idleInTransactionSessionTimeout: 60_000 }],
  ["deploying", {}, { statementTimeout: 3_600_000, idleInTransactionSessionTimeout: 300_000 }],
  [
    "app",
    { statementTimeout: 7, idleInTransactionTimeout: 9 },
    { statementTimeout: 7_000, idleInTransactionSessionTimeout: 9_000 },
  ],
  [
    "app and migrations",
    { statementTimeout: 2_147_483 },
    { statementTimeout: 2_147_483_000, idleInTransactionSessionTimeout: 60_000 },
  ],
  // Whatever holds for the app: an index on a large table takes hours.
  [
    "migrations",
    { statementTimeout: 7, idleInTransactionTimeout: 9 },
    { idleInTransactionSessionTimeout: 9_000 },
  ],
  ["app", { statementTimeout: 0, idleInTransactionTimeout: 0 }, {}],
] as const)("a login for %s with %j has these limits", (purpose, own, inputs) => {
  expect(timeoutInputs(timeoutsOf(purpose, own))).toEqual(inputs);
});

/** Each role's limits, by its name. */
const limitsIn = (rows: ReturnType<typeof appRights>) =>
  Object.fromEntries(
    rows
      .filter(({ type }) => type === "postgresql:index/role:Role")
      .map(({ inputs: { name, statementTimeout, idleInTransactionSessionTimeout } }) => [
        name,
        [statementTimeout, idleInTransactionSessionTimeout],
      ]),
  );

test("both logins of an app and both admins have limits, and no role that cannot log in", () => {
  const settings = { reader: true, credential: 2, connectionLimit: 1, statementTimeout: 7 };
  const rows = [...deployerRights(), ...appRights("wms", "dev", settings)];
  expect(limitsIn(rows)).toEqual({
    portal_db_owner: [undefined, undefined],
    portal_db_admin: [3_600_000, 300_000],
    portal_db_dev_admin: [3_600_000, 300_000],
    wms_dev_owner: [undefined, undefined],
    wms_dev_reader: [undefined, undefined],
    portal_wms_dev: [7_000, 60_000],
    portal_wms_dev_2: [7_000, 60_000],
  });
});

test("where migrations have logins of their own, those have no limit of statements, and the app's have one", () => {
  const settings = { reader: false, credential: 2, connectionLimit: 1 };
  const limits = (own: object) => limitsIn(appRights("wms", "dev", { ...settings, ...own }));
  const logins = (migrations: number, statements: number | undefined) => ({
    wms_dev_owner: [undefined, undefined],
    wms_dev_runtime: [undefined, undefined],
    portal_wms_dev_migrator: [undefined, migrations],
    portal_wms_dev_migrator_2: [undefined, migrations],
    portal_wms_dev: [statements, migrations],
    portal_wms_dev_2: [statements, migrations],
  });
  expect(limits({ migrator: true })).toEqual(logins(60_000, 300_000));
  const own = { statementTimeout: 7, idleInTransactionTimeout: 9 };
  expect(limits({ migrator: true, ...own })).toEqual(logins(9_000, 7_000));
  expect(limits({ migrator: true, statementTimeout: 0 })).toEqual(logins(60_000, undefined));
  // The owner's again, which migrates.
  expect(limits({ migrator: false })).toEqual({
    wms_dev_owner: [undefined, undefined],
    wms_dev_runtime: [undefined, undefined],
    portal_wms_dev: [undefined, 60_000],
    portal_wms_dev_2: [undefined, 60_000],
  });
});

test("a login that existed before keeps the limits that it had, until it is rotated out", () => {
  const adopted = (credential: number) => {
    const settings = { reader: false, credential, connectionLimit: 1, statementTimeout: 7, isAdopted: true };
    return limitsIn(appRights("wms", "dev", settings));
  };
  const kept = [undefined, undefined];
  expect([adopted(1), adopted(2), adopted(3)]).toEqual([
    { wms_dev_owner: kept, portal_wms_dev: kept },
    { wms_dev_owner: kept, portal_wms_dev: kept, portal_wms_dev_2: [7_000, 60_000] },
    { wms_dev_owner: kept, portal_wms_dev: [7_000, 60_000], portal_wms_dev_2: [7_000, 60_000] },
  ]);
});
