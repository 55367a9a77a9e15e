import { brokenPairs, dependenciesByName, pairsOf, unorderedRemovals } from "../helpers/dependencies";
import type { Overrides } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

/** What the master makes, in order; the admin's provider and both admins' secrets come after all of it. */
const DEPLOYERS = [
  ["deployers-owner"],
  ["deployers-database"],
  ["deployers-admin"],
  ["deployers-dev-admin"],
  ["deployers-public-postgres", "deployers-public-template1"],
];

/** Database-wide, in order; every login comes after the last, and the common way in is closed after every login. */
const DATABASE = [["database-public-schema"], ["database-extensions"], ["database-connect-extensions"]];

const OWNER = [["owner"]];
const SCHEMA = [["schema"], ["owner-schema"]];
const READER = [
  ["reader-schema"],
  ["reader-tables"],
  ["reader-sequences"],
  ["reader-existing"],
  ["reader-existing-sequences"],
];
const FIRST = [["password"], ["login"], ["login-connect"]];
const SECOND = [["password-2"], ["login-2"], ["login-2-connect"]];
/** The value and the policy both come after the secret, and side by side. */
const SECRET = [["secret"], ["secret-value", "secret-read"]];

type Steps = readonly (readonly string[])[];
const RUNTIME = [
  ["runtime-schema"],
  ["runtime-tables"],
  ["runtime-sequences"],
  ["runtime-functions"],
  ["runtime-existing"],
  ["runtime-existing-sequences"],
  ["runtime-existing-routines"],
];
const MIGRATOR = [["migrator-password"], ["migrator"], ["migrator-connect"]];
const MIGRATOR_SECRET = [["migrator-secret"], ["migrator-secret-value", "migrator-secret-read"]];
const CHAINS: readonly (readonly [what: string, settings: Record<string, unknown>, chain: Steps])[] = [
  ["without a reader", {}, [...OWNER, ...SCHEMA, ...FIRST, ...SECRET]],
  ["with a reader", { reader: true }, [...OWNER, ["reader"], ...SCHEMA, ...READER, ...FIRST, ...SECRET]],
  ["with two logins", { credential: 2 }, [...OWNER, ...SCHEMA, ...FIRST, ...SECOND, ...SECRET]],
  [
    "with a reader and two logins",
    { reader: true, credential: 3 },
    [...OWNER, ["reader"], ...SCHEMA, ...READER, ...FIRST, ...SECOND, ...SECRET],
  ],
  [
    "with a runtime that sessions may act as",
    { migrator: false },
    [...OWNER, ["runtime"], ...SCHEMA, ...RUNTIME, ...FIRST, ...SECRET],
  ],
];

const ofApp = (component: string, chain: Steps) =>
  chain.map((step) => step.map((name) => `${component}-${name}`));

describe.each([
  ["prod", "wms-prod"],
  ["dev", "wms-dev"],
  ["dev", "wms-ci"],
  ["pr-42", "wms-pr-42"],
])("in %s, each resource of %s depends on all before it", (stack, component) => {
  test.each(CHAINS)("%s", async (_, settings, chain) => {
    const run = await runStack(stack, { apps: { auth: { reader: true }, wms: settings } });
    expect(brokenPairs(run, ofApp(component, chain))).toEqual([]);
    // Nothing of the app stands outside the chain.
    const names = run.resources
      .filter((r) => r.parent.endsWith(`AppSchema::${component}`))
      .map((r) => r.name);
    expect([...names].sort()).toEqual(ofApp(component, chain).flat().sort());
  });
});

test("a login for migrations comes before the app's own, which loses what that one has, and both secrets after all", async () => {
  const run = await runStack("prod", { apps: { wms: { reader: true, migrator: true } } });
  const logins = [...OWNER, ["reader"], ["runtime"], ...SCHEMA, ...READER, ...RUNTIME, ...MIGRATOR, ...FIRST];
  for (const secret of [SECRET, MIGRATOR_SECRET])
    expect(brokenPairs(run, ofApp("wms-prod", [...logins, ...secret]))).toEqual([]);
  const names = run.resources.filter((r) => r.parent.endsWith("AppSchema::wms-prod")).map((r) => r.name);
  const all = [...logins, ...SECRET, ...MIGRATOR_SECRET];
  expect([...names].sort()).toEqual(ofApp("wms-prod", all).flat().sort());
});

test.each([
  ["its first credential", { wms: { reader: true } }, FIRST.slice(1)],
  ["its second", { wms: { reader: true, credential: 2 } }, [...FIRST.slice(1), ...SECOND]],
])("an adopted login, which has no password resource, holds the chain in %s", async (_, apps, logins) => {
  const overrides: Overrides = { apps, adoptedLogins: { wms_prod: "Present1" } };
  const run = await runStack("prod", overrides);
  const chain = [...OWNER, ["reader"], ...SCHEMA, ...READER, ...logins, ...SECRET];
  expect(brokenPairs(run, ofApp("wms-prod", chain))).toEqual([]);
  expect(brokenPairs(run, [...DATABASE, ...ofApp("wms-prod", logins)])).toEqual([]);
});

test("database-wide resources depend on all before them, and every login on all of them", async () => {
  const apps = { auth: {}, wms: { reader: true, credential: 2 } };
  const run = await runStack("prod", { apps, extensions: ["pgcrypto"] });
  const roles = run.ofType("postgresql:index/role:Role");
  const names = roles.filter((r) => r.inputs.inherit === false).map((r) => r.name);
  expect(names).toEqual(["auth-prod-login", "wms-prod-login", "wms-prod-login-2"]);
  const closed = ["database-public-database"];
  for (const name of names) {
    expect(brokenPairs(run, [...DATABASE, [name], [`${name}-connect`], closed])).toEqual([]);
  }
  expect(brokenPairs(run, [...DATABASE, ["database-extension-pgcrypto"]])).toEqual([]);
});

test("an extension comes after those before it in the list, and no login waits for one", async () => {
  const extensions = ["cube", "earthdistance", "pgcrypto"];
  const run = await runStack("prod", { extensions });
  const chain = extensions.map((name) => [`database-extension-${name}`]);
  expect(brokenPairs(run, [...DATABASE, ...chain])).toEqual([]);
  expect(JSON.stringify(dependenciesByName(run)["wms-prod-login"])).not.toMatch(/-extension-/);
});

test("the provider comes after the instance and the way in; secrets come after their key", async () => {
  const run = await runStack("prod");
  const network = [
    "instance-network-subnets",
    "instance-network-security-group",
    "instance-network-ingress-apps",
  ];
  expect(brokenPairs(run, [network, ["instance"], ["master", "admin", "admin-secret-value"]])).toEqual([]);
  const after = ["admin", "admin-secret-value", "dev-admin-secret-value"];
  expect(brokenPairs(run, [...DEPLOYERS, after])).toEqual([]);
  expect(brokenPairs(run, [["secrets-key"], ["admin-secret"], ["admin-secret-value"]])).toEqual([]);
  expect(brokenPairs(run, [["secrets-key"], ["wms-prod-secret"], ["wms-prod-secret-value"]])).toEqual([]);
});

test("every direct link stands, those that another makes good for, too", async () => {
  const run = await runStack("prod", {
    apps: { wms: { reader: true, credential: 2 } },
    extensions: ["pgcrypto"],
  });
  const ready = ["database-connect-extensions", "wms-prod-reader-existing-sequences"];
  const links = Object.entries(dependenciesByName(run)).filter(([name]) =>
    /^(wms-prod|database|deployers)-/.test(name),
  );
  expect(Object.fromEntries(links)).toEqual({
    "deployers-owner": [],
    "deployers-database": ["deployers-owner"],
    "deployers-admin-password": [],
    "deployers-admin": ["deployers-admin-password", "deployers-database"],
    "deployers-dev-admin-password": [],
    "deployers-dev-admin": ["deployers-admin", "deployers-dev-admin-password"],
    "deployers-public-postgres": ["deployers-dev-admin"],
    "deployers-public-template1": ["deployers-dev-admin"],
    "database-public-schema": [],
    "database-public-database": ["database-connect-extensions", "wms-prod-login-2-connect"],
    "database-extensions": ["database-public-schema"],
    "database-connect-extensions": ["database-extensions"],
    "database-extension-pgcrypto": ["database-connect-extensions"],
    "wms-prod-owner": [],
    "wms-prod-reader": ["wms-prod-owner"],
    "wms-prod-schema": ["wms-prod-owner", "wms-prod-reader"],
    "wms-prod-owner-schema": ["wms-prod-schema"],
    "wms-prod-reader-schema": ["wms-prod-owner-schema", "wms-prod-reader"],
    "wms-prod-reader-tables": ["wms-prod-reader-schema"],
    "wms-prod-reader-sequences": ["wms-prod-reader-tables"],
    "wms-prod-reader-existing": ["wms-prod-reader-sequences"],
    "wms-prod-reader-existing-sequences": ["wms-prod-reader-existing"],
    "wms-prod-password": ready,
    "wms-prod-login": [...ready.slice(0, 1), "wms-prod-password", "wms-prod-reader-existing-sequences"],
    "wms-prod-login-connect": ["wms-prod-login"],
    "wms-prod-password-2": ["database-connect-extensions", "wms-prod-login-connect"],
    "wms-prod-login-2": ["database-connect-extensions", "wms-prod-login-connect", "wms-prod-password-2"],
    "wms-prod-login-2-connect": ["wms-prod-login-2"],
    "wms-prod-secret": ["secrets-key", "wms-prod-login-2-connect"],
    "wms-prod-secret-value": [
      "instance",
      "wms-prod-login-2-connect",
      "wms-prod-password-2",
      "wms-prod-secret",
    ],
    "wms-prod-secret-read": ["secrets-key", "wms-prod-login-2-connect", "wms-prod-secret"],
  });
});

const BASTION = { subnetId: "subnet-0a1b2c3d4e5f60711", instanceType: "t4g.nano" };
const EXTENSIONS = ["cube", "earthdistance"];

test.each([
  ["a reader", "dev", { apps: { wms: { reader: true } } }, { apps: { wms: {} } }],
  [
    "a prod reader",
    "prod",
    { apps: { wms: { reader: true, credential: 2 } } },
    { apps: { wms: { credential: 2 } } },
  ],
  [
    "a login for migrations",
    "prod",
    { apps: { wms: { reader: true, credential: 2, migrator: true } } },
    { apps: { wms: { reader: true, credential: 2, migrator: false } } },
  ],
  [
    "a runtime",
    "prod",
    { apps: { wms: { reader: true, migrator: false } } },
    { apps: { wms: { reader: true } } },
  ],
  ["both", "dev", { apps: { wms: { migrator: true } } }, { apps: { wms: {} } }],
  ["an app", "dev", { apps: { auth: {}, wms: { reader: true, credential: 2 } } }, { apps: { auth: {} } }],
  ["an environment", "dev", { environments: ["dev", "ci"] }, { environments: ["dev"] }],
  ["extensions", "prod", { extensions: EXTENSIONS }, { extensions: [] }],
  ["an extension", "prod", { extensions: EXTENSIONS }, { extensions: ["cube"] }],
  ["the bastion", "prod", { bastion: BASTION }, {}],
  ["addresses", "prod", { alarmEmails: ["a@example.com", "b@example.com"] }, {}],
])("%s that goes from %s goes in order", async (_, stack, before, after) => {
  const [run, next] = [await runStack(stack, before), await runStack(stack, after)];
  expect(Object.keys(dependenciesByName(run)).length).toBeGreaterThan(
    Object.keys(dependenciesByName(next)).length,
  );
  expect(unorderedRemovals(run, next)).toEqual([]);
});

test("apps run side by side: nothing of one depends on anything of another", async () => {
  const run = await runStack("dev");
  const components = run.ofType("portal-db:index:AppSchema").map((r) => r.name);
  const appOf = (name: string) => components.find((component) => name.startsWith(`${component}-`));
  const crossing = Object.entries(dependenciesByName(run)).flatMap(([name, needed]) =>
    needed.filter((n) => appOf(n) !== undefined && appOf(n) !== appOf(name)).map((n) => `${name} after ${n}`),
  );
  expect(crossing).toEqual([]);
});

test("the pairs of an order are every two of different steps", () => {
  expect(pairsOf([["a"], ["b", "c"], ["d"]])).toEqual([
    ...["b after a", "c after a", "d after a"],
    ...["d after b", "d after c"],
  ]);
});
