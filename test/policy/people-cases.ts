import { readSecretPolicy } from "../../infra/app/secret-policy";
import { connectPolicy } from "../../infra/people/connect-policy";
import type { BoundaryCase } from "./boundary-case";
import { TAGS } from "./verdict";

const ROLE = "postgresql:index/role:Role";
const GRANT_ROLE = "postgresql:index/grantRole:GrantRole";
const GRANT = "postgresql:index/grant:Grant";
const SECRET = "aws:secretsmanager/secret:Secret";
const POLICY = "aws:iam/policy:Policy";

const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/0a1b";
const LOGIN = { login: true, inherit: true, idleInTransactionSessionTimeout: 60_000 };
const ANNA = {
  assumeRole: "person_anna",
  name: "person_anna",
  ...LOGIN,
  searchPaths: ["wms_prod"],
  validUntil: "2020-01-01 00:00:00+00",
};
const BI = { name: "tool_bi_dev", assumeRole: "tool_bi_dev", ...LOGIN, searchPaths: ["wms_dev", "auth_dev"] };
const ON_DATABASE = { objectType: "database", database: "portal_db", role: "person_anna" };
const tags = { ...TAGS, app: "person_anna", environment: "prod" };
const reads = (name: string) =>
  JSON.stringify(
    readSecretPolicy(`arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`, KEY_ARN),
  );
const instanceArn = "arn:aws:rds:us-east-1:123456789012:db:ecomos-prod";
const connects = (login: string, resourceId = "db-ABC") =>
  JSON.stringify(connectPolicy({ instanceArn, resourceId, login, until: "2099-01-31" }));
const endless = (login: string) =>
  JSON.stringify(connectPolicy({ instanceArn, resourceId: "db-ABC", login }));
const END = { DateLessThan: { "aws:CurrentTime": "2099-02-01T00:00:00Z" } };
const otherwise = (Condition: object) =>
  endless("person_anna").replace(/\}\]\}$/, `,"Condition":${JSON.stringify(Condition)}}]}`);
const CONNECT_TOOL = { name: "portal-db-prod-tools-bi-connect", tags };
const CONNECT = { name: "portal-db-prod-people-anna-connect", tags };

/** What a person or a tool has beyond reading in its own environment, as what its legal twin has is none. */
// biome-ignore format: one case a line
export const PEOPLE_CASES: readonly BoundaryCase[] = [
  ["own-roles-alone", "prod", ROLE, ANNA, { roles: ["wms_prod_owner"] }, { roles: ["wms_prod_reader", "auth_prod_reader"] }],
  ["own-roles-alone", "prod", ROLE, ANNA, { roles: ["wms_dev_reader"] }, { roles: [] }],
  ["own-roles-alone", "prod", ROLE, ANNA, { roles: ["portal_wms"] }, {}],
  ["own-roles-alone", "prod", ROLE, ANNA, { roles: ["portal_db_owner"] }, {}],
  ["own-roles-alone", "dev", ROLE, BI, { roles: ["wms_prod_reader"] }, { roles: ["wms_dev_reader"] }],
  ["own-roles-alone", "dev", ROLE, BI, { roles: ["wms_ci_reader"] }, { roles: ["auth_dev_reader"] }],
  ["own-roles-alone", "prod", ROLE, { ...ANNA, name: "person_wms", assumeRole: "person_wms", searchPaths: [] }, { roles: ["wms_prod_owner"] }, { roles: ["wms_prod_reader"] }],
  ["own-roles-alone", "prod", GRANT_ROLE, { role: "person_anna" }, { grantRole: "wms_prod_owner" }, { grantRole: "wms_prod_reader" }],
  ["own-roles-alone", "prod", GRANT_ROLE, { role: "person_anna", grantRole: "wms_prod_reader" }, { withAdminOption: true }, { withAdminOption: false }],
  ["own-roles-alone", "prod", GRANT_ROLE, { grantRole: "person_anna" }, { role: "portal_wms" }, { role: "portal_db_admin" }],
  ["no-powerful-role", "prod", GRANT_ROLE, { grantRole: "rds_iam" }, { role: "portal_db_admin" }, { role: "person_anna", grantRole: "wms_prod_reader" }],
  ["no-powerful-role", "prod", ROLE, ANNA, { roles: ["pg_read_all_data"] }, {}],
  ["own-schemas-alone", "prod", GRANT, ON_DATABASE, { privileges: ["CONNECT", "TEMPORARY"] }, { privileges: ["CONNECT"] }],
  ["own-schemas-alone", "prod", GRANT, { role: "person_anna", schema: "wms_prod", objectType: "table" }, { privileges: ["SELECT"] }, { privileges: ["SELECT"], role: "wms_prod_reader" }],
  ["role-as-declared", "prod", ROLE, ANNA, { assumeRole: "wms_prod_reader" }, {}],
  ["role-as-declared", "prod", ROLE, ANNA, { inherit: false }, {}],
  ["names-fit-stack", "prod", ROLE, { ...ANNA, roles: [] }, { name: "person_anna_dev" }, {}],
  ["names-fit-stack", "dev", ROLE, BI, { name: "tool_bi" }, {}],
  ["names-fit-stack", "dev", ROLE, BI, { searchPaths: ["wms_prod"] }, {}],
  ["names-fit-stack", "prod", ROLE, { ...ANNA, roles: [] }, { name: "guest_anna" }, {}],
  ["names-fit-stack", "prod", ROLE, { ...ANNA, roles: [] }, { name: "person_x_owner" }, {}],
  ["names-fit-stack", "prod", SECRET, { kmsKeyId: KEY_ARN, recoveryWindowInDays: 0, tags }, { name: "portal-db/dev/people/anna" }, { name: "portal-db/prod/people/anna" }],
  ["names-fit-stack", "prod", SECRET, { kmsKeyId: KEY_ARN, recoveryWindowInDays: 30, tags }, { name: "portal-db/prod/guests/anna" }, { name: "portal-db/prod/tools/bi" }],
  ["reads-named-secrets", "prod", POLICY, { name: "portal-db-prod-people-anna-read", tags }, { policy: reads("portal-db/prod/people/bob") }, { policy: reads("portal-db/prod/people/anna") }],
  ["reads-named-secrets", "prod", POLICY, { name: "portal-db-prod-people-anna-read", tags }, { policy: connects("person_anna") }, { policy: reads("portal-db/prod/people/anna") }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: connects("portal_wms") }, { policy: connects("person_anna") }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: connects("person_anna", "*") }, { policy: connects("person_anna", "db-0A1B") }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: reads("portal-db/prod/people/anna") }, { policy: connects("person_anna") }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: endless("person_anna") }, { policy: otherwise(END) }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: otherwise({ DateGreaterThan: END.DateLessThan }) }, { policy: connects("person_anna") }],
  ["reads-named-secrets", "prod", POLICY, CONNECT, { policy: otherwise({ DateLessThan: { "aws:CurrentTime": ["2099-02-01T00:00:00Z", "never"] } }) }, { policy: otherwise({ ...END, Bool: { "aws:SecureTransport": "true" } }) }],
  ["reads-named-secrets", "prod", POLICY, CONNECT_TOOL, { policy: connects("person_anna") }, { policy: endless("tool_bi") }],
  ["people-end", "prod", ROLE, ANNA, { validUntil: null }, {}],
  ["people-end", "prod", ROLE, ANNA, { validUntil: "infinity" }, { validUntil: "2099-02-01 00:00:00+00" }],
  ["people-end", "prod", ROLE, ANNA, { validUntil: "" }, { name: "tool_bi", assumeRole: "tool_bi", validUntil: null }],
  ["reads-named-secrets", "prod", POLICY, { tags, name: "portal-db-prod-wms-read" }, { policy: connects("person_anna") }, { policy: reads("portal-db/prod/wms") }],
];
