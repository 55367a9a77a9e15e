import { parse, parseAllDocuments } from "yaml";
import { namesOf } from "../../infra/names";
import type { Deployed } from "./deploy.cases";
import { answersWith, read } from "./example";

interface Container {
  readonly command?: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
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
      await answersWith(get().workspace, await keyOf(secret, key), "prod");
    }
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
    await answersWith(get().workspace, await keyOf(remoteRef?.key ?? "", remoteRef?.property ?? ""), "prod");
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
    await answersWith(get().workspace, await get().platform.url("wms", "dev"), "dev");
  });
}
