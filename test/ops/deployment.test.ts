import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentOf } from "../../ops/app/deployment";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-deployment-"));
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    "config:\n  portal-db:environments: [dev, qa]\n  portal-db:apps: { wms: {} }\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (app: string, environment: string, stack?: string) =>
  deploymentOf("env", [app, environment], { aws: true, region: "us-east-1", stack, "config-dir": folder });

test.each([
  ["prod", "prod", "portal-db/prod/wms"],
  ["dev", "dev", "portal-db/dev/wms"],
  ["ci", "dev", "portal-db/ci/wms"],
  // What dev's file names is dev's.
  ["qa", "dev", "portal-db/qa/wms"],
  ["pr_42", "pr-42", "portal-db/pr_42/wms"],
  ["demo", "demo", "portal-db/demo/wms"],
])("wms in %s is the stack %s's, and its secret %s", (environment, stack, secret) => {
  const deployment = of("wms", environment);
  expect([deployment.stack, deployment.names.secret, deployment.place.name]).toEqual([
    stack,
    secret,
    "AWS us-east-1",
  ]);
});

test.each([
  ["qa", "prod"],
  ["qa", "qa"],
  ["dev", "pr-42"],
  ["prod", "dev"],
  ["pr_42", "dev"],
  ["demo", "pr-42"],
])("%s is not the stack %s's: refused before anything is asked", (environment, stack) => {
  expect(() => of("wms", environment, stack)).toThrow(
    `stack ${stack} has no environment ${environment}: leave --stack out`,
  );
});

test("a name that reads as another app's in an environment is refused", () => {
  expect(() => of("wms_qa", "prod")).toThrow(
    'bad app "wms_qa": its end reads as an environment or a role of another app; choose another name',
  );
  expect(() => of("wms", "x_qa")).toThrow(
    'bad environment "x_qa": its end reads as the environment qa; choose another name',
  );
});
