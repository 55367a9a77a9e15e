import { changeCases, declared, type HandlerStand, KEYS } from "./handler-stand";

const TYPE = "aws:rds/instance:Instance";
const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const INSTANCE = {
  identifier: "ecomos-prod",
  engine: "postgres",
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 40,
  maxAllocatedStorage: 100,
  storageType: "gp3",
  storageEncrypted: true,
  multiAz: false,
  dbName: "portal_db",
  port: 5432,
  username: "ecomos_admin",
  password: "MastersPasswordOfThirtyTwoSigns1",
  publiclyAccessible: false,
  backupRetentionPeriod: 14,
  copyTagsToSnapshot: true,
  deletionProtection: false,
  skipFinalSnapshot: false,
  monitoringInterval: 60,
  monitoringRoleArn: roleArn("one"),
  kmsKeyId: `${KEYS}$oneKey`,
  dbSubnetGroupName: "one",
  vpcSecurityGroupIds: ["sg-1", "sg-2"],
  parameterGroupName: "one",
  tags: { app: "wms" },
};
/** What the official AWS provider does to an instance: asked of version 5.100, by its plans. */
export function instanceCases(get: () => HandlerStand): void {
  changeCases(get, {
    type: TYPE,
    inputs: INSTANCE,
    rows: [
      [{ vpcSecurityGroupIds: ["sg-2", "sg-1"], autoMinorVersionUpgrade: true }, "no change"],
      // What nobody declares stays as it is.
      [{ port: undefined }, "no change"],
      // It has grown by itself, or may have.
      [{ allocatedStorage: 20 }, "no change"],
      [{ allocatedStorage: 50 }, "in place"],
      [{ allocatedStorage: 20, maxAllocatedStorage: 20 }, "in place"],
      [{ engineVersion: "18" }, "in place"],
      [{ instanceClass: "db.t4g.small", multiAz: true, storageType: "gp2" }, "in place"],
      [{ dbSubnetGroupName: "other", parameterGroupName: "other" }, "in place"],
      [{ vpcSecurityGroupIds: ["sg-1"] }, "in place"],
      [{ backupRetentionPeriod: 7, copyTagsToSnapshot: false, monitoringInterval: 0 }, "in place"],
      [{ password: "AnotherPasswordOfThirtyTwoSigns1" }, "in place"],
      [{ tags: { app: "WMS" } }, "in place"],
      // Last: the emulator's first backup of a renamed instance stays for good, under the old name and the minute.
      [{ identifier: "ecomos-prod-2" }, "in place"],
    ],
  });

  test.each([
    ["availabilityZone", "us-east-1b"],
    ["engine", "mysql"],
    ["dbName", "other"],
    ["username", "other"],
    ["storageEncrypted", false],
    ["kmsKeyId", `${KEYS}$otherKey`],
  ])(
    "another %s asks for a new instance, which AWS refuses beside the old one, and leaves that as it is",
    async (input, value) => {
      const stand = get();
      const inputs = { ...stand.filled(INSTANCE), identifier: "other-prod" };
      const changed = { ...inputs, ...stand.filled({ [input]: value }) };
      await stand.deploy(declared(TYPE, inputs, { protect: true }));
      await expect(stand.deploy(declared(TYPE, changed))).rejects.toThrow(
        "as it is currently marked for protection",
      );
      await stand.deploy(declared(TYPE, inputs));
      await expect(stand.deploy(declared(TYPE, changed))).rejects.toThrow(
        "DB instance other-prod already exists: a new one needs another identifier",
      );
      expect(await stand.read(stand.known())).toEqual({});
      expect(await stand.platform.asSuperuser("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await stand.deploy(declared(TYPE, inputs));
    },
  );

  test("a renaming that was cut off is ended by the next run", async () => {
    const stand = get();
    const inputs = { ...stand.filled(INSTANCE), identifier: "cut-off" };
    await stand.deploy(declared(TYPE, inputs));
    const rds = await stand.providers.aws.rds();
    await rds.modifyDBInstance({ DBInstanceIdentifier: "cut-off", NewDBInstanceIdentifier: "renamed" });
    const renamed = declared(TYPE, { ...inputs, identifier: "renamed", multiAz: true });
    expect(await stand.deploy(renamed)).toEqual({ it: "in place" });
    expect(await stand.read(stand.known())).toEqual({});
    await stand.deploy();
  });
}
