import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { namesOf } from "../../infra/names";
import { secretsOf } from "../helpers/aws";
import { runVerb } from "../helpers/ops-platform";
import { EXAMPLES, ExampleFolder } from "./example-folder";
import type { Stand } from "./stand";

const DEPLOYMENTS = ["compose", "ecs", "github", "kubernetes"] as const;
const MIGRATE = ["sh", "migrate-deploy.sh", "npx", "prisma", "migrate", "deploy"];
const ROW = "Weavers <orders@weavers.example>";

interface Container {
  readonly command?: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}
interface Remote {
  readonly secretKey: string;
  readonly remoteRef: { readonly key: string; readonly property: string };
}
interface Step {
  readonly name?: string;
  readonly env?: Record<string, string>;
  readonly run?: string;
}

/** The examples of deploying, each played as its platform would. */
export function deploymentCases(get: () => Stand): void {
  const copied = (example: (typeof DEPLOYMENTS)[number]): ExampleFolder => {
    const folder = ExampleFolder.copy(get().platform.dir, example);
    folder.packagesOf(get().folders["prisma-7"]);
    return folder;
  };
  const secret = async (name: string): Promise<string> => {
    const secrets = secretsOf(get().platform);
    const { SecretString } = await secrets.getSecretValue({ SecretId: name });
    secrets.destroy();
    return SecretString ?? "";
  };
  /** What a platform reads: one key of the JSON in a secret. */
  const keyOf = async (name: string, key: string): Promise<string> =>
    String((JSON.parse(await secret(name)) as Record<string, unknown>)[key]);
  /** What the image does when it is built, and the command that it then runs. */
  const built = async (folder: ExampleFolder): Promise<string[]> => {
    const dockerfile = folder.read("Dockerfile");
    for (const [, command = ""] of dockerfile.matchAll(/^RUN (npx .*)$/gm))
      expect(await folder.run(command.split(" "))).toMatchObject({ status: 0 });
    return JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
  };
  /** Migrates, then runs the app, each with these variables alone. */
  const deployed = async (folder: ExampleFolder, migrate: readonly string[], env: Record<string, string>) => {
    const app = await built(folder);
    expect(await folder.run(migrate, env)).toMatchObject({ status: 0 });
    return folder.run(app, env);
  };

  test.each(DEPLOYMENTS)("%s carries the app of prisma-7, and the script, whole", (example) => {
    const files = readdirSync(resolve(EXAMPLES, "prisma-7"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "README.md")
      .map((entry) => resolve(entry.parentPath, entry.name).slice(resolve(EXAMPLES, "prisma-7").length + 1));
    const textOf = (...path: readonly string[]) => readFileSync(resolve(EXAMPLES, ...path), "utf8");
    expect(files.filter((file) => textOf(example, file) !== textOf("prisma-7", file))).toEqual([]);
    expect(textOf(example, "migrate-deploy.sh")).toBe(textOf("migrate-deploy.sh"));
  });

  test.each(DEPLOYMENTS)("check-prisma finds nothing wrong in %s", async (example) => {
    const folder = resolve(EXAMPLES, example);
    expect(await runVerb(["check-prisma", folder])).toEqual({
      status: 0,
      stdout: `${folder}: fits wms`,
      stderr: "",
    });
  });

  test.each(["compose", "ecs", "kubernetes"] as const)("%s puts no .env file into its image", (example) => {
    const ignored = readFileSync(resolve(EXAMPLES, example, ".dockerignore"), "utf8");
    expect(ignored).toBe("node_modules\ngenerated\n.env*\n");
  });

  test("the ECS task definition leads both containers to prod's URL, and the app waits for the migration", async () => {
    const folder = copied("ecs");
    const { containerDefinitions } = JSON.parse(folder.read("task-definition.json")) as {
      containerDefinitions: readonly Container[];
    };
    expect(containerDefinitions).toMatchObject([
      { name: "migrate", essential: false, command: MIGRATE },
      { name: "app", essential: true, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] },
    ]);
    const urls = await Promise.all(
      containerDefinitions.map(async ({ secrets }) => {
        const [{ name = "", valueFrom = "" } = {}, ...others] = secrets;
        const arn = /^arn:aws:secretsmanager:us-east-1:\d{12}:secret:(.+)-[A-Za-z0-9]{6}:(\w+)::$/;
        const [, secretName = "", key = ""] = arn.exec(valueFrom) ?? [];
        expect({ name, secretName, key, others }).toEqual({
          name: "DATABASE_URL",
          secretName: namesOf("wms", "prod").secret,
          key: "DATABASE_URL",
          others: [],
        });
        return keyOf(secretName, key);
      }),
    );
    expect(new Set(urls).size).toBe(1);
    const env = { DATABASE_URL: urls[0] ?? "" };
    expect(await deployed(folder, containerDefinitions[0]?.command ?? [], env)).toMatchObject({
      status: 0,
      stdout: `wms_prod: ${ROW}\n`,
    });
  });

  test("the External Secret takes prod's URL, and the Deployment takes that secret", async () => {
    const folder = copied("kubernetes");
    const documents = parseAllDocuments(folder.read("external-secret.yaml"));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const [store, external, deployment] = documents.map(
      (document) => document.toJS() as Record<string, never>,
    );
    expect(store).toMatchObject({
      kind: "SecretStore",
      spec: { provider: { aws: { service: "SecretsManager" } } },
    });
    const { spec } = external as unknown as { spec: { target: { name: string }; data: readonly Remote[] } };
    expect(external).toMatchObject({
      kind: "ExternalSecret",
      spec: { secretStoreRef: { name: "portal-db" } },
    });
    const [{ secretKey = "", remoteRef } = {} as Partial<Remote>, ...others] = spec.data;
    expect({ secretKey, others }).toEqual({ secretKey: "DATABASE_URL", others: [] });
    const secretRef = { name: spec.target.name };
    expect(deployment).toMatchObject({
      kind: "Deployment",
      spec: {
        template: {
          spec: {
            initContainers: [{ command: MIGRATE, envFrom: [{ secretRef }] }],
            containers: [{ envFrom: [{ secretRef }] }],
          },
        },
      },
    });
    const env = { DATABASE_URL: await keyOf(remoteRef?.key ?? "", remoteRef?.property ?? "") };
    expect(await deployed(folder, MIGRATE, env)).toMatchObject({ status: 0, stdout: `wms_prod: ${ROW}\n` });
  });

  test("the compose file gives both containers .env.dev, and the app waits for the migration", async () => {
    const folder = copied("compose");
    const { services } = parse(folder.read("compose.yaml")) as { services: Record<string, object> };
    const both = { build: ".", network_mode: "host", env_file: ".env.dev" };
    expect(services).toEqual({
      migrate: { ...both, command: MIGRATE },
      app: { ...both, depends_on: { migrate: { condition: "service_completed_successfully" } } },
    });
    await get().writeEnv(folder, "dev");
    const env = parseEnv(folder.read(".env.dev")) as Record<string, string>;
    expect(await deployed(folder, MIGRATE, env)).toMatchObject({ status: 0, stdout: `wms_dev: ${ROW}\n` });
  });

  test("GitHub's steps mask the URL before anything else, and end with the app's row", async () => {
    const folder = copied("github");
    const { jobs } = parse(folder.read(".github/workflows/migrate.yml")) as {
      jobs: { migrate: { steps: readonly Step[] } };
    };
    const bin = folder.path("bin");
    mkdirSync(bin);
    // The AWS CLI, as far as the step uses it.
    const wanted =
      "secretsmanager get-secret-value --secret-id portal-db/ci/wms --query SecretString --output text";
    writeFileSync(resolve(bin, "aws"), `#!/bin/sh\n[ "$*" = "${wanted}" ] && printf '%s' "$SECRET_VALUE"\n`, {
      mode: 0o755,
    });
    const handedOver = folder.path("github-env");
    writeFileSync(handedOver, "");
    const base = {
      PATH: `${bin}:${process.env.PATH}`,
      GITHUB_ENV: handedOver,
      SECRET_VALUE: await secret(namesOf("wms", "ci").secret),
    };
    const url = await keyOf(namesOf("wms", "ci").secret, "DATABASE_URL");
    const printed: string[] = [];
    for (const { run, env } of jobs.migrate.steps) {
      // Its packages are there.
      if (run === undefined || run === "npm install") continue;
      const variables = { ...base, ...env, ...(parseEnv(readFileSync(handedOver, "utf8")) as object) };
      const shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run];
      const { status, stdout } = await folder.run(shell, variables);
      expect({ run, status }).toEqual({ run, status: 0 });
      printed.push(stdout);
    }
    const [masked, ...later] = printed;
    expect(masked === `::add-mask::${url}\n`).toBe(true);
    expect(readFileSync(handedOver, "utf8") === `DATABASE_URL=${url}\n`).toBe(true);
    expect(later.join("")).not.toContain(new URL(url).password);
    expect(later.at(-1)).toBe(`wms_ci: ${ROW}\n`);
  });
}
