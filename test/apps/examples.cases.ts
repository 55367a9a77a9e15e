import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { namesOf } from "../../infra/names";
import { lintWorkflow } from "../../scripts/lint-workflows";
import { endOf } from "./app-ended";
import { ANSWERS, type Deployed } from "./deploy.cases";

const read = (file: string): string => readFileSync(resolve(__dirname, "../../examples", file), "utf8");

interface Container {
  readonly command?: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}
interface Step {
  readonly name?: string;
  readonly env?: Record<string, string>;
  readonly run?: string;
}
interface Remote {
  readonly secretKey: string;
  readonly remoteRef: { readonly key: string; readonly property: string };
}

/** The committed examples of reading the secret, each played as its platform would. */
export function exampleCases(get: () => Deployed): void {
  /** What a platform reads: one key of the JSON in a secret. */
  const keyOf = async (secret: string, key: string): Promise<string> =>
    String((JSON.parse(await get().workspace.secret(secret)) as Record<string, unknown>)[key]);
  const answersWith = async (url: string, environment: string): Promise<void> => {
    const { results } = await get().workspace.withUrl("wms", url, "queries");
    expect(results).toEqual([ANSWERS.wms(namesOf("wms", environment).schema)]);
  };

  test("the ECS task definition leads both containers to prod's URL, and the app waits for the migration", async () => {
    const { containerDefinitions } = JSON.parse(read("ecs/task-definition.json")) as {
      containerDefinitions: readonly Container[];
    };
    expect(containerDefinitions).toMatchObject([
      {
        name: "migrate",
        essential: false,
        command: ["sh", "migrate-deploy.sh", "npx", "prisma", "migrate", "deploy"],
      },
      { name: "app", essential: true, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] },
    ]);
    for (const { secrets } of containerDefinitions) {
      const [{ name = "", valueFrom = "" } = {}, ...others] = secrets;
      const arn = /^arn:aws:secretsmanager:us-east-1:\d{12}:secret:(.+)-[A-Za-z0-9]{6}:(\w+)::$/;
      const [, secret = "", key = ""] = arn.exec(valueFrom) ?? [];
      expect({ name, secret, key, others }).toEqual({
        name: "DATABASE_URL",
        secret: namesOf("wms", "prod").secret,
        key: "DATABASE_URL",
        others: [],
      });
      await answersWith(await keyOf(secret, key), "prod");
    }
  });

  test("the GitHub step masks the URL before anything else, and hands it to the steps after it", async () => {
    const text = read("github/migrate.yml");
    expect(await lintWorkflow(text, "migrate.yml")).toEqual([]);
    const { jobs } = parse(text) as { jobs: { migrate: { steps: readonly Step[] } } };
    const step = jobs.migrate.steps.find(({ name }) => name === "Read the database's URL");
    const folder = resolve(get().platform.dir, "github");
    mkdirSync(folder);
    // The AWS CLI, as far as the step uses it.
    const wanted =
      "secretsmanager get-secret-value --secret-id portal-db/ci/wms --query SecretString --output text";
    writeFileSync(
      resolve(folder, "aws"),
      `#!/bin/sh\n[ "$*" = "${wanted}" ] && printf '%s' "$SECRET_VALUE"\n`,
      { mode: 0o755 },
    );
    const outFile = resolve(folder, "env");
    const env = {
      ...step?.env,
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_ENV: outFile,
      SECRET_VALUE: await get().workspace.secret(namesOf("wms", "ci").secret),
    };
    const url = await get().workspace.url("wms", "ci");
    // As GitHub runs it.
    const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? ""];
    const child = spawn("bash", shell, { env, stdio: ["ignore", "pipe", "pipe"] });
    const { status, stdout, stderr } = await endOf(child, false);
    const isMasked = stdout === `::add-mask::${url}\n`;
    const isHandedOver = readFileSync(outFile, "utf8") === `DATABASE_URL=${url}\n`;
    expect({ status, stderr, isMasked, isHandedOver }).toEqual({
      status: 0,
      stderr: "",
      isMasked: true,
      isHandedOver: true,
    });
    await answersWith(url, "ci");
  });

  test("the External Secret takes prod's URL, and the Deployment takes that secret", async () => {
    const documents = parseAllDocuments(read("kubernetes/external-secret.yaml"));
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
            initContainers: [{ envFrom: [{ secretRef }] }],
            containers: [{ envFrom: [{ secretRef }] }],
          },
        },
      },
    });
    await answersWith(await keyOf(remoteRef?.key ?? "", remoteRef?.property ?? ""), "prod");
  });

  test("the compose file hands over the URL that the local platform prints, and refuses to start without one", async () => {
    const { services } = parse(read("compose/compose.yaml")) as { services: Record<string, object> };
    const environment = { DATABASE_URL: `\${DATABASE_URL:?start the local platform and export its URL}` };
    expect(services).toMatchObject({
      migrate: { network_mode: "host", environment },
      app: {
        network_mode: "host",
        environment,
        depends_on: { migrate: { condition: "service_completed_successfully" } },
      },
    });
    await answersWith(await get().platform.url("wms", "dev"), "dev");
  });
}
