import { scramVerifier } from "../../infra/scram-verifier";
import { generatedPassword } from "../helpers/answers";
import type { Recorded } from "../helpers/recorded";
import { runStack, type StackRun } from "../helpers/stack-run";

let prod: StackRun;
let dev: StackRun;
beforeAll(async () => {
  const apps = { auth: {}, wms: { reader: true, connectionLimit: 40 } };
  prod = await runStack("prod", { apps, extensions: ["pgcrypto", "citext"] });
  dev = await runStack("dev", { apps });
});

const inputsOf = (r: Recorded) => (r.type.startsWith("postgresql:") ? r.inputs : undefined);

/** The Postgres resources of one app, but for the login, as their names end. */
function postgresOf(run: StackRun, component: string): Record<string, unknown> {
  const entries = Object.entries(run.byName(inputsOf))
    .filter(([name]) => name.startsWith(`${component}-`))
    .map(([name, inputs]) => [name.slice(component.length + 1), inputs]);
  return Object.fromEntries(entries);
}

const login = async (name: string, schema: string, connectionLimit: number, password: string) => ({
  login: {
    name,
    login: true,
    inherit: false,
    password: await scramVerifier(name, generatedPassword(password)),
    roles: [`${schema}_owner`],
    assumeRole: `${schema}_owner`,
    searchPaths: [schema],
    connectionLimit,
    idleInTransactionSessionTimeout: 60_000,
  },
  "login-connect": { role: name, database: "portal_db", objectType: "database", privileges: ["CONNECT"] },
});

const withoutReader = (schema: string) => ({
  owner: { name: `${schema}_owner` },
  schema: { name: schema, database: "portal_db", dropCascade: !schema.endsWith("_prod") },
  "owner-schema": {
    role: `${schema}_owner`,
    database: "portal_db",
    schema,
    objectType: "schema",
    privileges: ["USAGE", "CREATE"],
  },
});

const inSchema = (schema: string) => ({ role: `${schema}_reader`, database: "portal_db", schema });
const byOwner = (schema: string) => ({
  ...inSchema(schema),
  owner: `${schema}_owner`,
  privileges: ["SELECT"],
});
const readerOf = (schema: string) => ({
  reader: { name: `${schema}_reader` },
  "reader-schema": { ...inSchema(schema), objectType: "schema", privileges: ["USAGE"] },
  "reader-tables": { ...byOwner(schema), objectType: "table" },
  "reader-sequences": { ...byOwner(schema), objectType: "sequence" },
  "reader-existing": { ...inSchema(schema), objectType: "table", privileges: ["SELECT"] },
  "reader-existing-sequences": { ...inSchema(schema), objectType: "sequence", privileges: ["SELECT"] },
});

test("an app has an owner, a schema, one grant and one login that acts as the owner, and no more in Postgres", async () => {
  expect(postgresOf(prod, "auth-prod")).toEqual({
    ...withoutReader("auth_prod"),
    ...(await login("portal_auth", "auth_prod", 10, "auth-prod-password")),
  });
  expect(postgresOf(dev, "auth-ci")).toEqual({
    ...withoutReader("auth_ci"),
    ...(await login("portal_auth_ci", "auth_ci", 10, "auth-ci-password")),
  });
});

test("a reader may see every table and sequence, and that only, whoever makes it and whenever", async () => {
  expect(postgresOf(prod, "wms-prod")).toEqual({
    ...withoutReader("wms_prod"),
    ...readerOf("wms_prod"),
    ...(await login("portal_wms", "wms_prod", 40, "wms-prod-password")),
  });
  expect(postgresOf(dev, "wms-dev")).toEqual({
    ...withoutReader("wms_dev"),
    ...readerOf("wms_dev"),
    ...(await login("portal_wms_dev", "wms_dev", 40, "wms-dev-password")),
  });
});

test("nobody connects by merely existing, nobody creates in public, everybody may use the extensions", () => {
  const wide = { database: "portal_db" };
  const extension = (name: string) => ({ ...wide, name, schema: "extensions" });
  expect(postgresOf(prod, "database")).toEqual({
    "public-database": { ...wide, role: "public", objectType: "database", privileges: [] },
    "public-schema": {
      ...wide,
      role: "public",
      schema: "public",
      objectType: "schema",
      privileges: ["USAGE"],
    },
    extensions: { ...wide, name: "extensions", dropCascade: false },
    "connect-extensions": {
      ...wide,
      role: "public",
      schema: "extensions",
      objectType: "schema",
      privileges: ["USAGE"],
    },
    "extension-pgcrypto": extension("pgcrypto"),
    "extension-citext": extension("citext"),
  });
});

test("the master makes the database's owner and two admins, and closes the databases that it works from", async () => {
  const admin = async (name: string, password: string) => ({
    name,
    login: true,
    createRole: true,
    password: await scramVerifier(name, generatedPassword(password)),
    roles: ["portal_db_owner"],
    searchPaths: ["pg_catalog"],
    assumeRole: name,
    statementTimeout: 3_600_000,
    idleInTransactionSessionTimeout: 300_000,
  });
  const closed = (database: string) => ({ role: "public", database, objectType: "database", privileges: [] });
  expect(postgresOf(prod, "deployers")).toEqual({
    owner: { name: "portal_db_owner" },
    database: { name: "portal_db", owner: "portal_db_owner" },
    admin: await admin("portal_db_admin", "deployers-admin-password"),
    "dev-admin": await admin("portal_db_dev_admin", "deployers-dev-admin-password"),
    "public-postgres": closed("postgres"),
    "public-template1": closed("template1"),
  });
  const { importId, ignoreChanges, retainOnDelete } = prod.the("deployers-database");
  expect({ importId, ignoreChanges, retainOnDelete }).toEqual({
    importId: "portal_db",
    ignoreChanges: ["encoding", "isTemplate", "lcCollate", "lcCtype", "tablespaceName", "template"],
    retainOnDelete: true,
  });
});

test("dev declares nothing database-wide", () => {
  expect([postgresOf(dev, "database"), postgresOf(dev, "deployers")]).toEqual([{}, {}]);
});

test("extensions come after the schema that they live in may be used, in the order of the list", () => {
  const dependencies = (name: string) => prod.the(`database-extension-${name}`).dependencies;
  expect([dependencies("pgcrypto"), dependencies("citext")]).toEqual([
    ["postgresql:index/grant:Grant::database-connect-extensions"],
    ["postgresql:index/extension:Extension::database-extension-pgcrypto"],
  ]);
});

test("an app without a reader is 9 resources, 5 of them in Postgres; its component makes it 10", () => {
  const of = (component: string) =>
    prod.resources.filter((r) => r.parent.endsWith(`AppSchema::${component}`));
  const inPostgres = (component: string) => of(component).filter((r) => r.type.startsWith("postgresql:"));
  expect([of("auth-prod").length, inPostgres("auth-prod").length]).toEqual([9, 5]);
  expect([of("wms-prod").length, inPostgres("wms-prod").length]).toEqual([15, 11]);
});
