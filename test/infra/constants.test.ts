import { readSecretPolicy } from "../../infra/app/secret-policy";
import { lifecycleOf } from "../../infra/lifecycle";
import { OWN_TAG_KEYS, tagsOf } from "../../infra/tags";

test("prod lasts", () => {
  expect(lifecycleOf("prod")).toEqual({
    protect: true,
    dropCascade: false,
    secretRecoveryDays: 30,
    keyDeletionDays: 30,
  });
});

test.each(["dev", "ci", "pr_42", "production", "Prod", ""])(
  "'%s' can be destroyed and leaves nothing",
  (name) => {
    expect(lifecycleOf(name)).toEqual({
      protect: false,
      dropCascade: true,
      secretRecoveryDays: 0,
      keyDeletionDays: 7,
    });
  },
);

test.each([
  [{ stack: "dev" }, { project: "portal-db", stack: "dev" }],
  [
    { stack: "prod", environment: "prod" },
    { project: "portal-db", stack: "prod", environment: "prod" },
  ],
  [
    { stack: "dev", app: "wms", environment: "ci" },
    { project: "portal-db", stack: "dev", app: "wms", environment: "ci" },
  ],
])("tags say whose a resource is (case %#)", (scope, tags) => {
  expect(tagsOf(scope)).toEqual(tags);
});

test("an app's tags are added and never win over the project's own", () => {
  const extra = { team: "logistics", project: "x", stack: "x", app: "x", environment: "x" };
  expect(tagsOf({ stack: "dev", app: "wms", environment: "dev" }, extra)).toEqual({
    team: "logistics",
    project: "portal-db",
    stack: "dev",
    app: "wms",
    environment: "dev",
  });
  expect(OWN_TAG_KEYS).toEqual(["project", "stack", "app", "environment"]);
});

test("a read policy reads one secret, and decrypts for that secret alone", () => {
  expect(readSecretPolicy("arn:secret", "arn:key")).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSecret",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: "arn:secret",
      },
      {
        Sid: "DecryptSecret",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "arn:key",
        Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": "arn:secret" } },
      },
    ],
  });
});
