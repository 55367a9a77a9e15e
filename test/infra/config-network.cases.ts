import { messageOf, problemsOf } from "../helpers/config-problems";

const NOT_A_SOURCE =
  "allowedSources.apps: must be an IPv4 CIDR block of /8 or narrower, never 0.0.0.0/0, or a security group id (sg-…)";

test.each([
  ...["0.0.0.0/0", "::/0", "0.0.0.0/1", "10.0.0.1/8", "10.0.0.0/7", "10.0.0.1/31", "10.0.0.0/33"],
  ...["10.0.0.0", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0/8", "fd00::/8", "", "sg-XYZ", "anyone"],
])("the source '%s' is refused", (apps) => {
  expect(problemsOf("prod", { allowedSources: { apps } })).toEqual([NOT_A_SOURCE]);
});

test.each(["10.0.0.0/8", "10.128.0.0/9", "172.16.0.0/12", "192.0.2.7/32", "10.0.0.2/31", "sg-0a1b2c3d"])(
  "the source '%s' is let in",
  (apps) => expect(problemsOf("prod", { allowedSources: { apps } })).toEqual([]),
);

test("sources of wrong types, names or counts are refused", () => {
  expect(problemsOf("prod", { allowedSources: { apps: 5 } })).toEqual([
    "allowedSources.apps: must be a CIDR block or a security group id",
  ]);
  expect(problemsOf("prod", { allowedSources: { "The Apps": "10.0.0.0/8" } })).toEqual([
    "allowedSources.The Apps: names are lower-case words",
  ]);
  expect(problemsOf("prod", { allowedSources: { a: "10.0.0.0/8", b: "10.0.0.0/8" } })).toEqual([
    "allowedSources: has a source under two names",
  ]);
});

test("each setting that is missing is named: nothing about the network or the instance is guessed", () => {
  const needed = [
    "engineVersion",
    "instanceClass",
    "allocatedStorageGib",
    "maxAllocatedStorageGib",
    "multiAz",
  ];
  const missing = ["apps", ...needed, "vpcId", "subnetIds", "allowedSources"];
  const none = Object.fromEntries(missing.map((key) => [key, null]));
  expect(problemsOf("prod", none)).toEqual(
    missing.map((key) => `${key}: is missing; set it in the stack's file`),
  );
});

test("each setting of the instance that cannot be is refused", () => {
  const wrong = {
    adoptInstance: "Ecomos_Prod",
    instanceOnly: "1",
    engineVersion: "17.2",
    allowMajorVersionUpgrade: "maybe",
    instanceClass: "medium",
    maxConnections: "10",
    logRetentionDays: "91",
    allocatedStorageGib: "ten",
    maxAllocatedStorageGib: "10",
    multiAz: "yes",
    backupRetentionDays: "0",
    vpcId: "vpc",
    subnetIds: ["subnet-1"],
    alarmEmails: ["ops"],
    extensions: ["x;y"],
  };
  expect(problemsOf("prod", wrong)).toEqual([
    "adoptInstance: must be an instance's identifier",
    "instanceOnly: must be true or false",
    "engineVersion: must be a major version alone, such as 17",
    "allowMajorVersionUpgrade: must be true or false",
    "instanceClass: must be an instance class, such as db.t4g.medium",
    "maxConnections: must be from 50 to 20000",
    "allocatedStorageGib: must be a whole number",
    "maxAllocatedStorageGib: must be from 20 to 65536",
    "multiAz: must be true or false",
    "backupRetentionDays: must be from 1 to 35",
    "vpcId: must be a VPC's id (vpc-…)",
    "subnetIds: needs two subnets or more",
    "alarmEmails.0: must be an e-mail address",
    "extensions.0: must be an extension's name",
    "logRetentionDays: must be one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, as CloudWatch keeps logs; 0 is for ever",
  ]);
});

test.each([
  [{ subnetIds: ["subnet-1", "subnet-1"] }, "subnetIds: names a subnet twice"],
  [{ subnetIds: ["subnet-1", "vpc-1"] }, "subnetIds.1: must be a subnet's id (subnet-…)"],
  [{ subnetIds: "subnet-1,subnet-2" }, "subnetIds: must be a list of subnet ids"],
  [{ extensions: ["pgcrypto", "pgcrypto"] }, "extensions: names an extension twice"],
  [{ alarmEmails: ["ops@example.com", "ops@example.com"] }, "alarmEmails: names an address twice"],
  [
    { allocatedStorageGib: "200" },
    "maxAllocatedStorageGib: must be above allocatedStorageGib, or storage cannot grow",
  ],
  [
    { connectionShare: "386" },
    "connectionShare: 386 and the admin's reserve of 20 are above max_connections of db.t4g.medium, 405; " +
      "lower a share or take a larger class",
  ],
  [
    { maxConnections: "219" },
    "connectionShare: 200 and the admin's reserve of 20 are above max_connections of db.t4g.medium, 219; " +
      "lower a share or take a larger class",
  ],
  [
    { instanceClass: "db.z1d.large" },
    "instanceClass: the memory of db.z1d.large is not known here; set maxConnections, too",
  ],
])("what would fail halfway is refused before (case %#)", (overrides, problem) => {
  expect(problemsOf("prod", overrides)).toEqual([problem]);
});

test("a share that just leaves the admin's reserve is accepted", () => {
  expect(problemsOf("prod", { connectionShare: "385" })).toEqual([]);
  expect(problemsOf("prod", { maxConnections: "220" })).toEqual([]);
});

test("several problems of a stack's file stand in one message", () => {
  expect(
    messageOf("prod", {
      aps: "{}",
      apps: { Wms: {}, auth: { connectionLimit: "5" } },
      environments: ["dev"],
      sslmode: "on",
      vpcId: null,
      allowedSources: { internet: "0.0.0.0/0" },
      allocatedStorageGib: "300",
      connectionShare: "500",
      alarmEmails: ["ops"],
    }).replace(/known are .*/, "known are …"),
  ).toBe(
    `the config of stack prod has 10 problems; nothing was declared:
  - portal-db:aps: unknown setting; known are …
  - portal-db:apps.Wms: bad app name: use lower-case letters, digits and '_', starting with a letter, such as 'wms'
  - portal-db:apps.auth.connectionLimit: must be a whole number
  - portal-db:sslmode: must be one of disable, require, verify-full
  - portal-db:vpcId: is missing; set it in the stack's file
  - portal-db:allowedSources.internet: must be an IPv4 CIDR block of /8 or narrower, never 0.0.0.0/0, or a security group id (sg-…)
  - portal-db:alarmEmails.0: must be an e-mail address
  - portal-db:environments: the prod stack has the environment prod alone; remove the setting
  - portal-db:connectionShare: 500 and the admin's reserve of 20 are above max_connections of db.t4g.medium, 405; lower a share or take a larger class
  - portal-db:maxAllocatedStorageGib: must be above allocatedStorageGib, or storage cannot grow`,
  );
});
