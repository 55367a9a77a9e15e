import { runStack, type StackRun } from "../helpers/stack-run";

const PROD = { project: "portal-db", stack: "prod", environment: "prod" };
const ofApp = (stack: string, environment: string, app: string) => ({
  project: "portal-db",
  stack,
  app,
  environment,
});

const tagsByName = (run: StackRun) =>
  run.byName((r) => (r.type.startsWith("aws:") ? (r.inputs.tags ?? "none") : undefined));

/** Types of AWS that take no tags. */
const UNTAGGED = [
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
];

test("every AWS resource of prod has exactly these tags", async () => {
  const run = await runStack("prod", {
    apps: { auth: {}, wms: { tags: { team: "logistics" } } },
    alarmEmails: ["ops@example.com"],
  });
  const wms = { ...ofApp("prod", "prod", "wms"), team: "logistics" };
  expect(tagsByName(run)).toEqual({
    "admin-secret": PROD,
    "admin-secret-value": "none",
    "alarms-connections": PROD,
    "alarms-cpu": PROD,
    "alarms-cpu-credits": PROD,
    "alarms-dashboard": "none",
    "alarms-disk-bytes": PROD,
    "alarms-disk-operations": PROD,
    "alarms-email-ops@example.com": "none",
    "alarms-events": PROD,
    "alarms-free-storage": PROD,
    "alarms-freeable-memory": PROD,
    "alarms-slot-lag": PROD,
    "alarms-storage-days": PROD,
    "alarms-topic": PROD,
    "alarms-topic-policy": "none",
    "alarms-transaction-ids": PROD,
    "alarms-transaction-ids-critical": PROD,
    "alarms-wal": PROD,
    "auth-prod-secret": ofApp("prod", "prod", "auth"),
    "auth-prod-secret-read": ofApp("prod", "prod", "auth"),
    "auth-prod-secret-value": "none",
    "dev-admin-secret": PROD,
    "dev-admin-secret-value": "none",
    instance: PROD,
    "instance-key": PROD,
    "instance-key-alias": "none",
    "instance-logs-postgresql": PROD,
    "instance-logs-upgrade": PROD,
    "instance-monitoring": PROD,
    "instance-monitoring-policy": "none",
    "instance-network-ingress-apps": PROD,
    "instance-network-security-group": PROD,
    "instance-network-subnets": PROD,
    "instance-parameters": PROD,
    "master-secret": PROD,
    "master-secret-value": "none",
    "secrets-key": PROD,
    "secrets-key-alias": "none",
    "wms-prod-secret": wms,
    "wms-prod-secret-read": wms,
    "wms-prod-secret-value": "none",
  });
  const untagged = run.resources.filter((r) => r.type.startsWith("aws:") && r.inputs.tags === undefined);
  expect([...new Set(untagged.map((r) => r.type))].sort()).toEqual(UNTAGGED);
});

test.each([
  ["dev", ["dev", "ci"]],
  ["pr-42", ["pr_42"]],
])("every AWS resource of %s has exactly these tags", async (stack, environments) => {
  const run = await runStack(stack, { apps: { wms: { tags: { team: "logistics" } } } });
  const expected: Record<string, unknown> = {
    "secrets-key": {
      project: "portal-db",
      stack,
      ...(stack === "pr-42" ? { created: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } : {}),
    },
    "secrets-key-alias": "none",
  };
  for (const environment of environments) {
    const component = `wms-${environment.replace("_", "-")}`;
    const tags = { ...ofApp(stack, environment, "wms"), team: "logistics" };
    expected[`${component}-secret`] = tags;
    expected[`${component}-secret-read`] = tags;
    expected[`${component}-secret-value`] = "none";
  }
  expect(tagsByName(run)).toEqual(expected);
  expect(run.the("secrets-key").ignoreChanges).toEqual(stack === "pr-42" ? ["tags.created"] : []);
});
