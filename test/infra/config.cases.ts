import { type OwnerConfig, parseBorrowerConfig, parseOwnerConfig } from "../../infra/config/config";
import { committedSettings, settingsOf } from "../helpers/settings";

const APP = { connectionLimit: 10, reader: false, credential: 1, tags: {} };
const APPS = { auth: APP, wms: APP, xplan: APP, website: APP };
const EVERY_APP_SETTING = {
  connectionLimit: 5,
  reader: true,
  credential: 3,
  statementTimeout: 0,
  idleInTransactionTimeout: 90,
  tags: { team: "logistics" },
};
const LOCALHOST = { host: "localhost", port: 6543 };

const NOBODY = { people: {}, tools: {} };

const PROD: OwnerConfig = {
  ...NOBODY,
  stack: "prod",
  environments: ["prod"],
  apps: { ...APPS, wms: { ...APP, connectionLimit: 40, reader: true } },
  sslmode: "verify-full",
  masterUsername: "ecomos_admin",
  adoptedLogins: {},
  connectionShare: 200,
  adoptInstance: "ecomos-prod",
  instanceOnly: false,
  engineVersion: "17",
  allowMajorVersionUpgrade: false,
  instanceClass: "db.t4g.medium",
  allocatedStorageGib: 50,
  maxAllocatedStorageGib: 200,
  multiAz: true,
  backupRetentionDays: 14,
  vpcId: "vpc-0a1b2c3d4e5f60718",
  subnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  allowedSources: { apps: "10.0.0.0/16" },
  alarmEmails: [],
  extensions: [],
  iamDatabaseAuthentication: false,
  parameters: {},
};

const DEV = {
  ...NOBODY,
  stack: "dev",
  environments: ["dev", "ci"],
  apps: APPS,
  adminEndpoint: LOCALHOST,
  appEndpoint: LOCALHOST,
  sslmode: "require",
  adoptedLogins: {},
  connectionShare: 160,
};

test("the committed prod file parses to these settings", () => {
  expect(parseOwnerConfig(committedSettings("prod"))).toEqual(PROD);
});

test("the committed dev file parses to these settings", () => {
  expect(parseBorrowerConfig("dev", committedSettings("dev"))).toEqual(DEV);
});

test.each([
  ["pr-42", "pr_42"],
  ["demo", "demo"],
])("the stack %s has the environment %s and no other", (stack, environment) => {
  expect(parseBorrowerConfig(stack, settingsOf(stack))).toEqual({
    ...DEV,
    stack,
    environments: [environment],
  });
});

test("what a borrower's file leaves out has the documented default", () => {
  expect(parseBorrowerConfig("dev", { apps: '{"wms":null}' })).toEqual({
    stack: "dev",
    environments: ["dev", "ci"],
    apps: { wms: APP },
    ...NOBODY,
    sslmode: "verify-full",
    adoptedLogins: {},
    connectionShare: 40,
  });
});

test("every setting of the owner can be set", () => {
  const settings = settingsOf("prod", {
    apps: { wms: EVERY_APP_SETTING },
    environments: ["prod"],
    adminEndpoint: "[::1]:6543",
    appEndpoint: "db.internal:5432",
    sslmode: "require",
    masterUsername: "master",
    masterPassword: "Present1",
    adminCaBundle: "/etc/ssl/rds.pem",
    adoptedLogins: { wms_prod: "Present" },
    connectionShare: 10,
    adoptInstance: null,
    instanceOnly: true,
    engineVersion: 18,
    allowMajorVersionUpgrade: true,
    instanceClass: "db.z1d.large",
    maxConnections: 500,
    multiAz: false,
    backupRetentionDays: 35,
    allowedSources: { apps: "10.0.0.0/8", office: "192.0.2.7/32", jobs: "sg-0a1b2c" },
    alarmEmails: ["ops@example.com"],
    extensions: ["pgcrypto", "uuid-ossp"],
    iamDatabaseAuthentication: true,
    parameters: {
      max_connections: 500,
      log_connections: true,
      log_disconnections: "on",
      synchronous_commit: "off",
      DateStyle: "ISO, DMY",
      "auto_explain.log_min_duration": "5s",
      shared_preload_libraries: "pg_stat_statements,auto_explain",
    },
    instanceTags: { backup: "daily" },
    logRetentionDays: 365,
  });
  const { adoptInstance, ...created } = PROD;
  expect(parseOwnerConfig(settings)).toEqual({
    ...created,
    apps: { wms: EVERY_APP_SETTING },
    adminEndpoint: { host: "::1", port: 6543 },
    appEndpoint: { host: "db.internal", port: 5432 },
    sslmode: "require",
    masterUsername: "master",
    masterPassword: "Present1",
    adminCaBundle: "/etc/ssl/rds.pem",
    adoptedLogins: { wms_prod: "Present" },
    connectionShare: 10,
    instanceOnly: true,
    engineVersion: "18",
    allowMajorVersionUpgrade: true,
    instanceClass: "db.z1d.large",
    maxConnections: 500,
    multiAz: false,
    backupRetentionDays: 35,
    allowedSources: { apps: "10.0.0.0/8", office: "192.0.2.7/32", jobs: "sg-0a1b2c" },
    alarmEmails: ["ops@example.com"],
    extensions: ["pgcrypto", "uuid-ossp"],
    iamDatabaseAuthentication: true,
    parameters: {
      max_connections: "500",
      log_connections: "receipt,authentication,authorization",
      log_disconnections: "1",
      synchronous_commit: "off",
      datestyle: "ISO, DMY",
      "auto_explain.log_min_duration": "5000",
      shared_preload_libraries: "pg_stat_statements,auto_explain",
    },
    instanceTags: { backup: "daily" },
    logRetentionDays: 365,
  });
});
