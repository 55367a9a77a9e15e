import { databaseRows } from "../../policy/own";
import { AWS_CASES } from "./aws-cases";
import type { BoundaryCase } from "./boundary-case";
import { PEOPLE_CASES } from "./people-cases";
import { UNKNOWN_LIST, UNKNOWN_TEXT } from "./verdict";

type Inputs = Readonly<Record<string, unknown>>;

const ROLE = "postgresql:index/role:Role";
const GRANT_ROLE = "postgresql:index/grantRole:GrantRole";
const GRANT = "postgresql:index/grant:Grant";
const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";
const SCHEMA = "postgresql:index/schema:Schema";
const DATABASE = "postgresql:index/database:Database";
const FUNCTION = "postgresql:index/function:Function";
const EXTENSION = "postgresql:index/extension:Extension";

const BOUNDED = { idleInTransactionSessionTimeout: 60_000 };
const actsAs = (schema: string) => ({
  login: true,
  inherit: false,
  assumeRole: `${schema}_owner`,
  searchPaths: [schema],
  ...BOUNDED,
});
const LOGIN = { name: "portal_wms", roles: ["wms_prod_owner"], ...actsAs("wms_prod") };
const DEV_LOGIN = { name: "portal_wms_dev", ...actsAs("wms_dev") };
const TAKEN_OVER = { name: "portal_wms", login: true, inherit: true, searchPaths: ["wms_prod"], ...BOUNDED };
const FORMER = {
  ...{ name: "portal_wms", login: true, assumeRole: "wms_prod_owner", searchPaths: ["wms_prod"] },
  roles: ["wms_prod_owner", "portal_db_connect"],
  ...BOUNDED,
};
const WMS_SCHEMA = { name: "wms_prod" };
const ON_WMS = { role: "wms_prod_reader", schema: "wms_prod", objectType: "table", privileges: ["SELECT"] };
const ON_DATABASE = { objectType: "database", database: "portal_db" };
const LATER = { owner: "wms_prod_owner", role: "wms_prod_reader", schema: "wms_prod", objectType: "table" };
const SELECT = { privileges: ["SELECT"] };
const READS = { role: "person_anna", grantRole: "wms_prod_reader" };
const READS_DEV = { role: "person_anna_dev", grantRole: "wms_dev_reader" };
const BODY = { name: "total", language: "sql", returns: "int", body: "SELECT 1" };

/** What the rows of the whole database declare of a type. */
const declared = (type: string, at = 0): Inputs =>
  databaseRows().filter((row) => row.type === type)[at]?.inputs ?? {};

/** The one list of what crosses: the pack and the review are both held against it. */
// biome-ignore format: one case a line
export const BOUNDARY_CASES: readonly BoundaryCase[] = [
  // Roles.
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "auth_prod_owner"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "portal_db_owner"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "portal_auth"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: UNKNOWN_LIST }, { roles: ["wms_prod_owner", ""] }],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "reporting"] }, { roles: ["wms_prod_owner"] }],
  ["no-powerful-role", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "rds_iam"] }, {}],
  ["own-roles-alone", "prod", ROLE, { name: "auth_prod_owner" }, { assumeRole: "wms_prod_owner" }, {}],
  ["own-roles-alone", "dev", ROLE, DEV_LOGIN, { roles: ["wms_ci_owner"] }, { roles: ["wms_dev_owner"] }],
  ["own-roles-alone", "dev", ROLE, DEV_LOGIN, { roles: ["wms_prod_owner"] }, { roles: ["wms_dev_owner"] }],
  ["own-roles-alone", "pr-42", ROLE, { name: "wms_pr_42_reader" }, { roles: ["wms_dev_owner"] }, { roles: [] }],
  // What a refresh finds of a deployer: membership in the roles that it made.
  ["own-roles-alone", "prod", ROLE, declared(ROLE, 1), { roles: ["portal_db_owner", "wms_dev_owner"] }, { roles: ["portal_db_owner", "wms_prod_owner", "portal_wms", "wms_prod_reader"] }],
  ["own-roles-alone", "prod", ROLE, declared(ROLE, 2), { roles: ["portal_db_owner", "wms_prod_owner"] }, { roles: ["portal_db_owner", "wms_ci_owner", "portal_wms_pr_42"] }],
  ["own-roles-alone", "prod", ROLE, declared(ROLE, 2), { roles: ["portal_db_owner", "portal_db_admin"] }, {}],
  ["own-roles-alone", "dev", GRANT_ROLE, { grantRole: "wms_dev_owner" }, { role: "portal_db_dev_admin" }, READS_DEV],
  ["own-roles-alone", "prod", GRANT_ROLE, { role: "portal_wms" }, { grantRole: "auth_prod_owner" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "wms_prod_owner" }, { role: "portal_auth" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, READS, { withAdminOption: true }, {}],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "portal_wms", withAdminOption: true }, { role: "portal_db_dev_admin" }, { role: "portal_db_admin" }],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "portal_wms_dev", withAdminOption: true }, { role: "portal_db_admin" }, { role: "portal_db_dev_admin" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms_dev", ...ON_DATABASE }, { privileges: ["CONNECT", "CREATE"] }, { privileges: ["CONNECT"] }],
  ["own-roles-alone", "dev", GRANT_ROLE, { role: "portal_wms_dev" }, { grantRole: UNKNOWN_TEXT }, READS_DEV],
  // Inside one app: the app's login, its groups and its migrations are apart from each other.
  ["own-roles-alone", "prod", GRANT_ROLE, {}, { role: "portal_wms", grantRole: "wms_prod_owner" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, {}, { role: "portal_wms_migrator", grantRole: "wms_prod_owner" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, {}, { role: "portal_wms", grantRole: "portal_wms_migrator" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, {}, { role: "wms_prod_runtime", grantRole: "wms_prod_owner" }, READS],
  ["own-roles-alone", "prod", GRANT_ROLE, {}, { role: "wms_prod_reader", grantRole: "wms_prod_owner" }, READS],
  ["own-roles-alone", "dev", GRANT_ROLE, {}, { role: "portal_wms_dev", grantRole: "portal_wms_dev_migrator" }, READS_DEV],
  ["own-roles-alone", "prod", ROLE, { name: "wms_prod_runtime" }, { roles: ["wms_prod_owner"] }, { roles: [] }],
  ["own-roles-alone", "prod", ROLE, { name: "wms_prod_reader" }, { roles: ["wms_prod_runtime"] }, {}],
  ["own-roles-alone", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "portal_wms_migrator"] }, { roles: ["wms_prod_owner", "wms_prod_runtime"] }],
  ["own-schemas-alone", "prod", GRANT, { objectType: "schema", schema: "wms_prod", role: "wms_prod_runtime" }, { privileges: ["USAGE", "CREATE"] }, { privileges: ["USAGE"] }],
  ["own-schemas-alone", "prod", GRANT, { objectType: "schema", schema: "wms_prod", privileges: ["CREATE"] }, { role: "portal_wms" }, { role: "wms_prod_owner" }],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, role: "wms_prod_runtime" }, { privileges: ["TRUNCATE"] }, { privileges: ["SELECT", "DELETE"] }],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, role: "wms_prod_runtime" }, { privileges: ["TRIGGER"] }, { objectType: "column", objects: ["orders"], columns: ["id"] }],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, role: "wms_prod_runtime" }, { privileges: ["TRUNCATE"] }, { privileges: ["INSERT"] }],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { owner: "wms_prod_runtime" }, { owner: "wms_prod_owner" }],
  ["no-powerful-role", "prod", ROLE, LOGIN, { createRole: true }, {}],
  ["no-powerful-role", "prod", ROLE, LOGIN, { superuser: true }, { superuser: false }],
  ["no-powerful-role", "prod", ROLE, LOGIN, { roles: ["wms_prod_owner", "pg_read_all_data"] }, {}],
  ["no-powerful-role", "prod", ROLE, declared(ROLE, 1), { bypassRowLevelSecurity: true }, {}],
  ["no-powerful-role", "dev", GRANT_ROLE, { role: "portal_wms_dev" }, { grantRole: "rds_superuser" }, READS_DEV],
  ["role-as-declared", "prod", ROLE, LOGIN, { searchPaths: ["public", "wms_prod"] }, {}],
  ["role-as-declared", "prod", ROLE, LOGIN, { searchPaths: null }, {}],
  ["role-as-declared", "prod", ROLE, LOGIN, { searchPaths: UNKNOWN_LIST }, {}],
  ["role-as-declared", "prod", ROLE, LOGIN, { inherit: true }, {}],
  ["role-as-declared", "prod", ROLE, LOGIN, { inherit: null }, {}],
  ["role-as-declared", "prod", ROLE, LOGIN, { assumeRole: null }, {}],
  ["role-as-declared", "prod", ROLE, { ...LOGIN, name: "portal_wms_2" }, { inherit: true, assumeRole: null }, {}],
  ["role-as-declared", "prod", ROLE, TAKEN_OVER, { searchPaths: ["public"] }, {}],
  ["role-as-declared", "prod", ROLE, FORMER, { inherit: true }, { inherit: true, __defaults: ["inherit"] }],
  ["role-as-declared", "prod", ROLE, { name: "wms_prod_owner" }, { login: true }, { login: false, inherit: true }],
  ["role-as-declared", "prod", ROLE, { name: "portal_db_owner" }, { login: true }, {}],
  ["role-as-declared", "prod", ROLE, declared(ROLE, 1), { searchPaths: ["public"] }, {}],
  ["role-as-declared", "dev", ROLE, { name: "wms_dev_reader" }, { login: true }, {}],
  ["role-as-declared", "dev", ROLE, DEV_LOGIN, { searchPaths: ["wms_ci", "wms_dev"] }, {}],
  // Schemas, what is in them, and the database.
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { role: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { withGrantOption: true }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { role: UNKNOWN_TEXT }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: UNKNOWN_TEXT }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { database: "postgres" }, { database: "portal_db" }],
  ["own-schemas-alone", "prod", GRANT, ON_WMS, { schema: "pg_catalog" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, objectType: "sequence" }, { role: "reporting" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, role: "wms_prod_runtime", objectType: "function", privileges: ["EXECUTE"] }, { schema: "extensions" }, {}],
  ["own-schemas-alone", "prod", GRANT, { ...ON_WMS, objectType: "column", objects: ["orders"], columns: ["id"] }, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", GRANT, { role: "wms_prod_owner", objectType: "schema", privileges: ["USAGE", "CREATE"] }, { schema: "public" }, { schema: "wms_prod" }],
  ["own-schemas-alone", "prod", GRANT, { role: "wms_prod_owner", privileges: ["USAGE"] }, { objectType: "foreign_server", objects: ["other"] }, { objectType: "schema", schema: "wms_prod" }],
  ["own-schemas-alone", "dev", GRANT, { role: "wms_dev_owner", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_prod" }, { schema: "wms_dev" }],
  ["own-schemas-alone", "dev", GRANT, { objectType: "schema", schema: "wms_dev" }, { role: "wms_prod_owner", privileges: [] }, { role: "wms_ci_owner", privileges: [] }],
  ["own-schemas-alone", "pr-42", GRANT, { role: "wms_pr_42_owner", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_pr_43" }, { schema: "wms_pr_42" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", ...ON_DATABASE }, { privileges: ["CREATE"] }, { privileges: ["CONNECT"] }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", objectType: "database", privileges: ["CONNECT"] }, { database: "postgres" }, { database: "portal_db" }],
  ["own-schemas-alone", "prod", GRANT, { role: "portal_wms", ...ON_DATABASE }, { privileges: UNKNOWN_LIST }, { privileges: ["CONNECT"] }],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { role: "auth_prod_reader" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { owner: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { owner: "portal_db_admin" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { schema: "auth_prod" }, {}],
  ["own-schemas-alone", "prod", DEFAULTS, { ...LATER, ...SELECT }, { withGrantOption: true }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { owner: "auth_prod_owner" }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { owner: "portal_db_owner" }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ role: "auth_prod_owner", usage: true }] }, { policies: [{ role: "wms_prod_owner", usage: true }] }],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ role: "wms_prod_owner", createWithGrant: true }] }, {}],
  ["own-schemas-alone", "prod", SCHEMA, WMS_SCHEMA, { policies: UNKNOWN_LIST }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { owner: "wms_prod_owner" }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { owner: "portal_db_dev_admin" }, {}],
  ["own-schemas-alone", "prod", DATABASE, declared(DATABASE), { name: "reporting" }, {}],
  ["database-as-made", "prod", DATABASE, declared(DATABASE), { isTemplate: true }, { isTemplate: false }],
  ["database-as-made", "prod", DATABASE, declared(DATABASE), { allowConnections: false }, { allowConnections: true }],
  ["database-as-made", "prod", DATABASE, declared(DATABASE), { connectionLimit: 0 }, { connectionLimit: -1 }],
  ["no-grant-to-public", "prod", GRANT, { role: "public", ...ON_DATABASE }, { privileges: ["CONNECT"] }, { privileges: [] }],
  ["no-grant-to-public", "prod", GRANT, { role: "PUBLIC", objectType: "schema", privileges: ["USAGE"] }, { schema: "wms_prod" }, { schema: "extensions" }],
  ["no-grant-to-public", "dev", GRANT, { role: "public", objectType: "schema" }, { schema: "extensions", privileges: ["USAGE"] }, { schema: "wms_dev", privileges: [] }],
  ["no-grant-to-public", "dev", GRANT, { role: "public", objectType: "schema", privileges: [] }, { schema: "extensions" }, { schema: "wms_dev" }],
  ["no-grant-to-public", "prod", DEFAULTS, { ...LATER, role: "public" }, SELECT, { privileges: [] }],
  ["no-grant-to-public", "prod", SCHEMA, WMS_SCHEMA, { policies: [{ usage: true }] }, { policies: [{ role: "wms_prod_owner", usage: true }] }],
  ["names-fit-stack", "dev", SCHEMA, {}, { name: "wms_prod" }, { name: "wms_dev" }],
  ["names-fit-stack", "dev", ROLE, {}, { name: "portal_db_owner" }, { name: "wms_dev_owner" }],
  ["names-fit-stack", "prod", ROLE, {}, { name: UNKNOWN_TEXT }, { name: "wms_prod_reader" }],
  ["no-foreign-function", "prod", FUNCTION, { ...BODY, schema: "wms_prod" }, { securityDefiner: true }, { securityDefiner: false }],
  ["no-foreign-function", "prod", FUNCTION, BODY, { schema: "extensions" }, { schema: "wms_prod" }],
  ["no-foreign-function", "prod", FUNCTION, BODY, { schema: "public" }, { schema: "wms_prod" }],
  ["no-foreign-function", "prod", FUNCTION, BODY, {}, { schema: "wms_prod" }],
  ["no-foreign-function", "dev", FUNCTION, BODY, { schema: "wms_prod" }, { schema: "wms_dev" }],
  ["no-foreign-function", "dev", FUNCTION, BODY, { schema: UNKNOWN_TEXT }, { schema: "wms_dev" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: "dblink" }, { name: "pgcrypto" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: "postgres_fdw" }, { name: "uuid-ossp" }],
  ["trusted-extensions", "prod", EXTENSION, { schema: "extensions" }, { name: UNKNOWN_TEXT }, { name: "citext" }],
  ["trusted-extensions", "prod", EXTENSION, { name: "pgcrypto" }, { schema: "wms_prod" }, { schema: "extensions" }],
  ["trusted-extensions", "prod", EXTENSION, { name: "pgcrypto" }, {}, { schema: "extensions" }],
  ["trusted-extensions", "prod", EXTENSION, { name: "pgcrypto", schema: "extensions" }, { database: "postgres" }, { database: "portal_db" }],
  ...AWS_CASES,
  ...PEOPLE_CASES,
];
