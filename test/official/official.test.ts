import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigMap, Stack } from "@pulumi/pulumi/automation";
import type { Network } from "../../local/servers/network";
import { connectSuperuser } from "../../local/servers/postgres";
import { readCatalog } from "../helpers/catalog";
import { TestPlatform } from "../helpers/platform";
import { refusalOf } from "../helpers/query";
import { appSecrets, changes, missingEngine, OfficialProject, review } from "./engine";

/** Apps of both stacks, on the official engine and on the local platform alike. */
const APPS = { auth: {}, wms: { reader: true } };
/** The emulator keeps neither Performance Insights nor which parameters were set: the provider sets them each time. */
const FORGOTTEN = ["update instance", "update instance-parameters"];
const ENDPOINTS = ["cloudwatch", "ec2", "iam", "kms", "rds", "secretsmanager", "sns", "sts"];

const missing = missingEngine();
const whenThere = missing === undefined ? describe : describe.skip;

whenThere(`on the official engine${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  jest.setTimeout(600_000);
  const password = randomBytes(16).toString("hex");
  let target: TestPlatform;
  let local: TestPlatform;
  let project: OfficialProject;
  let prod: Stack;
  let dev: Stack;

  /** The catalog of a platform's server, as its superuser sees it. */
  async function catalogOf(platform: TestPlatform) {
    const client = await connectSuperuser(platform.places, platform.port, "portal_db");
    return readCatalog(client).finally(() => client.end());
  }

  /** Settings that point a stack at the embedded servers. */
  function settingsOf(stack: string, emulatorPort: number, network: Network): ConfigMap {
    const endpoint = `localhost:${target.port}`;
    const settings: ConfigMap = {
      "portal-db:adminEndpoint": { value: endpoint },
      "portal-db:appEndpoint": { value: endpoint },
      "portal-db:sslmode": { value: "disable" },
      "aws:accessKey": { value: "test" },
      "aws:secretKey": { value: "test", secret: true },
      "aws:skipCredentialsValidation": { value: "true" },
      "aws:skipMetadataApiCheck": { value: "true" },
      "aws:skipRequestingAccountId": { value: "true" },
    };
    for (const service of ENDPOINTS) {
      settings[`aws:endpoints[0].${service}`] = { value: `http://127.0.0.1:${emulatorPort}` };
    }
    if (stack === "prod") {
      settings["portal-db:masterPassword"] = { value: password, secret: true };
      settings["portal-db:vpcId"] = { value: network.vpcId };
      for (const [index, id] of network.subnetIds.entries()) {
        settings[`portal-db:subnetIds[${index}]`] = { value: id };
      }
    }
    return settings;
  }

  beforeAll(async () => {
    local = await TestPlatform.make();
    target = await TestPlatform.make();
    for (const stack of ["prod", "dev"]) local.configure(stack, { apps: APPS });
    await local.succeed("up");
    const { emulatorPort, network } = await target.startRds(password);
    project = new OfficialProject(mkdtempSync(join(tmpdir(), "portal-db-official-")), APPS);
    prod = await project.stack("prod", settingsOf("prod", emulatorPort, network));
    dev = await project.stack("dev", settingsOf("dev", emulatorPort, network));
  });

  afterAll(async () => {
    project?.remove();
    await target?.remove();
    await local?.remove();
  });

  it("deploys prod, then dev, and a preview after that shows no change", async () => {
    await prod.up();
    await dev.up();
    expect(changes(project.previewJson("prod")).filter((change) => !FORGOTTEN.includes(change))).toEqual([]);
    await dev.preview({ expectNoChanges: true });
  });

  it("leaves the catalog that the local platform leaves", async () => {
    expect(await catalogOf(target)).toEqual(await catalogOf(local));
  });

  it("finds no drift after the apps made tables", async () => {
    for (const stack of [prod, dev]) {
      for (const { DATABASE_URL } of await appSecrets(stack)) {
        await target.asApp(DATABASE_URL, "CREATE TABLE orders (id serial PRIMARY KEY, note text)");
      }
    }
    await prod.refresh({ expectNoChanges: true });
    await dev.refresh({ expectNoChanges: true });
    await dev.preview({ expectNoChanges: true });
  });

  it("adds an app, and removes just that", async () => {
    const before = await catalogOf(target);
    await dev.setConfig("portal-db:apps.billing.connectionLimit", { value: "5" }, true);
    const added = await dev.up();
    await dev.removeConfig("portal-db:apps.billing", true);
    const removed = await dev.up();
    expect([added.summary.resourceChanges, removed.summary.resourceChanges]).toEqual([
      { create: 20, same: 56 },
      { delete: 20, same: 56 },
    ]);
    expect(await catalogOf(target)).toEqual(before);
  });

  it("takes a reader away from an app with tables, and gives it back", async () => {
    const before = await catalogOf(target);
    await dev.setConfig("portal-db:apps.wms.reader", { value: "false" }, true);
    const removed = await dev.up();
    await dev.setConfig("portal-db:apps.wms.reader", { value: "true" }, true);
    const added = await dev.up();
    expect([removed.summary.resourceChanges, added.summary.resourceChanges]).toEqual([
      { delete: 12, same: 44 },
      { create: 12, same: 44 },
    ]);
    expect(await catalogOf(target)).toEqual(before);
  });

  it("rotates a credential twice, and each time the URL before goes on working", async () => {
    const secret = async () => (await appSecrets(dev)).find(({ schema }) => schema === "wms_dev");
    const secrets = [await secret()];
    for (const credential of ["2", "3"]) {
      await dev.setConfig("portal-db:apps.wms.credential", { value: credential }, true);
      await dev.up();
      secrets.push(await secret());
      for (const one of secrets.slice(-2)) {
        await target.asApp(one?.DATABASE_URL ?? "", "INSERT INTO orders (note) VALUES ('kept')");
      }
    }
    expect(secrets.map((one) => one?.username)).toEqual([
      "portal_wms_dev",
      "portal_wms_dev_2",
      "portal_wms_dev",
    ]);
    expect(await refusalOf(target.asApp(secrets[0]?.DATABASE_URL ?? "", "SELECT 1"))).toBe("28P01");
  });

  it("reviews its own previews: an app removed from prod blocks, and no change is safe", async () => {
    expect(review(project.previewJson("prod")).status).toBe(0);
    await prod.removeConfig("portal-db:apps.auth", true);
    const removed = review(project.previewJson("prod"));
    await prod.setConfig("portal-db:apps.auth.reader", { value: "false" }, true);
    expect(removed.status).toBe(2);
    expect(removed.stdout).not.toContain(password);
  });

  it("passes its own policy pack", () => {
    project.previewJson("prod", "--policy-pack", "policy");
  });

  it("destroys dev and leaves nothing of it", async () => {
    await dev.destroy();
    const { roles = [], schemas = [] } = await catalogOf(target);
    expect(JSON.stringify([roles, schemas])).not.toMatch(/_(dev|ci)\b/);
  });
});
