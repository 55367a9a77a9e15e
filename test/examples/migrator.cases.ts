import { mkdirSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { parseAllDocuments } from "yaml";
import { namesOf } from "../../infra/names";
import { secretsOf } from "../helpers/aws";
import { ExampleFolder } from "./example-folder";
import type { Installed, Stand } from "./stand";

const NAME = "20990101000000_later";
const MIGRATE = ["sh", "migrate-deploy.sh", "npx", "prisma", "migrate", "deploy"];
const ROW = "Weavers <orders@weavers.example>";

/** The examples after an app has got a login for its migrations. */
export function migratorCases(get: () => Stand): void {
  beforeAll(async () => {
    const { platform } = get();
    for (const stack of ["prod", "dev"]) platform.configure(stack, { apps: { wms: { migrator: true } } });
    await platform.succeed("up");
  });

  /** A copy with a migration that is new; it changes nothing that the app sees. */
  function copied(example: string, of: Installed, environment: string): ExampleFolder {
    const folder = ExampleFolder.copy(get().platform.dir, example, `${example}-migrator`);
    folder.packagesOf(get().folders[of]);
    mkdirSync(folder.path("migrations", `${NAME}_${environment}`), { recursive: true });
    writeFileSync(
      folder.path("migrations", `${NAME}_${environment}`, "migration.sql"),
      'ALTER TABLE "Supplier" ADD COLUMN "later" TEXT;\nALTER TABLE "Supplier" DROP COLUMN "later";\n',
    );
    return folder;
  }

  /** What one container is given. */
  async function keyOf(name: string, key: string): Promise<string> {
    const secrets = secretsOf(get().platform);
    const { SecretString = "{}" } = await secrets.getSecretValue({ SecretId: name });
    secrets.destroy();
    return String((JSON.parse(SecretString) as Record<string, unknown>)[key]);
  }

  const names = namesOf("wms", "prod");
  const app = async (folder: ExampleFolder) => {
    const DATABASE_URL = await keyOf(names.secret, "DATABASE_URL");
    expect(await folder.run(["npx", "prisma", "generate"])).toMatchObject({ status: 0 });
    return folder.run(["npx", "tsx", "main.ts"], { DATABASE_URL });
  };

  test.each(["prisma-7", "prisma-6"] as const)(
    "%s migrates by DIRECT_URL, is refused with DATABASE_URL alone, and the program needs no more than that",
    async (example) => {
      const environment = example === "prisma-7" ? "dev" : "ci";
      const folder = copied(example, example, environment);
      await get().writeEnv(folder, environment);
      const started = await folder.run(["npm", "start"]);
      expect(started).toMatchObject({ status: 0, stdout: expect.stringContaining(`${NAME}_${environment}`) });
      expect(started.stdout.trimEnd().split("\n").at(-1)).toBe(`wms_${environment}: ${ROW}`);
      mkdirSync(folder.path("migrations", "20990202000000_refused"));
      writeFileSync(
        folder.path("migrations", "20990202000000_refused", "migration.sql"),
        'DROP TABLE "Supplier";\n',
      );
      const { DATABASE_URL = "" } = parseEnv(folder.read(".env.dev")) as Record<string, string>;
      const alone = { DATABASE_URL, DIRECT_URL: DATABASE_URL };
      const refused = await folder.run(["npx", "prisma", "migrate", "deploy"], alone);
      expect(refused.status).toBe(1);
      expect(refused.stdout + refused.stderr).toContain("must be owner of table Supplier");
    },
  );

  test("the ECS task for migrations reads their URL by a role of its own, and migrates", async () => {
    const folder = copied("ecs", "prisma-7", "prod");
    const task = JSON.parse(folder.read("migrate-task.json")) as Record<string, never>;
    const { executionRoleArn } = JSON.parse(folder.read("task-definition.json")) as Record<string, string>;
    expect(task.executionRoleArn).not.toBe(executionRoleArn);
    expect(task).toMatchObject({
      containerDefinitions: [
        {
          command: MIGRATE,
          secrets: [
            {
              name: "DIRECT_URL",
              valueFrom: expect.stringMatching(
                new RegExp(`:secret:${names.migratorSecret}-\\w{6}:DIRECT_URL::$`),
              ),
            },
          ],
        },
      ],
    });
    const DIRECT_URL = await keyOf(names.migratorSecret, "DIRECT_URL");
    expect(await folder.run(MIGRATE, { DIRECT_URL })).toMatchObject({ status: 0 });
    expect(await app(folder)).toMatchObject({ status: 0, stdout: `wms_prod: ${ROW}\n` });
  });

  test("the Job's External Secret is the migrations', by a service account of its own", () => {
    const folder = ExampleFolder.copy(get().platform.dir, "kubernetes", "kubernetes-migrator");
    const [store, external, job] = parseAllDocuments(folder.read("migrate-job.yaml")).map(
      (one) => one.toJS() as object,
    );
    expect(store).toMatchObject({
      spec: { provider: { aws: { auth: { jwt: { serviceAccountRef: { name: "wms-migrate" } } } } } },
    });
    expect(external).toMatchObject({
      spec: {
        secretStoreRef: { name: "portal-db-migrate" },
        target: { name: "wms-migrations" },
        data: [{ secretKey: "DIRECT_URL", remoteRef: { key: names.migratorSecret, property: "DIRECT_URL" } }],
      },
    });
    expect(job).toMatchObject({
      kind: "Job",
      spec: {
        template: {
          spec: {
            serviceAccountName: "wms-migrate",
            containers: [{ command: MIGRATE, envFrom: [{ secretRef: { name: "wms-migrations" } }] }],
          },
        },
      },
    });
  });
}
