import { namesOf } from "../../infra/names";
import { visitorNamesOf } from "../../infra/people/names";
import { listOf, type RequestContext } from "../helpers/iam-evaluation";
import { may, ROLES, statementsOf } from "./iam-roles";

const KEY = "arn:aws:kms:us-east-1:ACCOUNT_ID:key/";
const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:ACCOUNT_ID:secret:${name}-AbCdEf`;
const policy = (name: string) => `arn:aws:iam::ACCOUNT_ID:policy/${name}`;
const state = (stack: string, file: string) => `arn:aws:s3:::STATE_BUCKET/${stack}/.pulumi/${file}`;
const MASTER = "portal-db/master";
const ADMIN = "portal-db/admin";
const DEV_ADMIN = "portal-db/dev-admin";

/** The key that encrypts a stack's secrets, as Secrets Manager asks it for one of them. */
const keyOf = (stack: string, name: string): RequestContext => ({
  "aws:ResourceTag/project": "portal-db",
  "aws:ResourceTag/stack": stack,
  "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
  "kms:EncryptionContext:SecretARN": secret(name),
});
const reads = (role: string, stack: string, name: string) =>
  may(role, "secretsmanager:GetSecretValue", secret(name)) &&
  may(role, "kms:Decrypt", `${KEY}a`, keyOf(stack, name));

const NAMES = Object.keys(ROLES);
/** The roles for which something holds. */
const rolesThat = (can: (role: string) => boolean) => NAMES.filter(can).sort();
const OF_PROD = ["deploy-prod", "drift-prod", "preview-prod"];

describe("the state", () => {
  const FILES = ["stacks/portal-db/x.json", "backups/x", "history/x", "locks/x"];
  const DECRYPT = (stack: string) => (role: string) =>
    may(role, "kms:Decrypt", `${KEY}STATE_KEY_${stack.toUpperCase()}`, {
      "aws:ResourceTag/project": "portal-db",
      "aws:ResourceTag/stack": stack,
    });

  it.each([
    ["prod", OF_PROD],
    ["dev", ["deploy-dev", "drift-dev", "preview-dev"]],
    ["ephemeral", ["ephemeral"]],
  ])("of %s is read and decrypted by its own roles alone", (stack, own) => {
    for (const file of FILES) {
      expect(rolesThat((role) => may(role, "s3:GetObject", state(stack, file)))).toEqual(own);
    }
    expect(rolesThat(DECRYPT(stack))).toEqual(own);
  });

  it("is written by the role that deploys it, and a new ephemeral stack wraps its own key", () => {
    const writes = (stack: string) =>
      rolesThat((role) =>
        ["s3:PutObject", "s3:DeleteObject"].some((action) => may(role, action, state(stack, "x"))),
      );
    expect(["prod", "dev", "ephemeral"].map(writes)).toEqual([
      ["deploy-prod"],
      ["deploy-dev"],
      ["ephemeral"],
    ]);
    const wraps = (stack: string) =>
      rolesThat((role) => may(role, "kms:Encrypt", `${KEY}STATE_KEY_${stack.toUpperCase()}`));
    expect(["prod", "dev", "ephemeral"].map(wraps)).toEqual([[], [], ["ephemeral"]]);
  });
});

describe("secrets", () => {
  it.each([
    ["prod", MASTER, ["deploy-prod", "drift-prod"]],
    ["prod", ADMIN, ["deploy-prod", "drift-prod"]],
    ["prod", namesOf("wms", "prod").secret, ["deploy-prod", "drift-prod"]],
    ["prod", DEV_ADMIN, ["deploy-dev", "deploy-prod", "drift-dev", "drift-prod", "ephemeral", "preview-dev"]],
    ["dev", namesOf("wms", "dev").secret, ["deploy-dev", "drift-dev"]],
    ["dev", namesOf("wms", "ci").secret, ["deploy-dev", "drift-dev"]],
    ["pr-42", namesOf("wms", "pr_42").secret, ["ephemeral"]],
  ])("of %s: who reads %s", (stack, name, readers) => {
    expect(rolesThat((role) => reads(role, stack, name))).toEqual(readers);
  });

  it("are opened with prod's key by nobody of dev's but for the dev admin's own", () => {
    const contexts: RequestContext[] = [
      { "aws:ResourceTag/project": "portal-db", "aws:ResourceTag/stack": "prod" },
      ...[MASTER, ADMIN, namesOf("wms", "prod").secret].map((name) => keyOf("prod", name)),
      { ...keyOf("prod", DEV_ADMIN), "kms:ViaService": "ec2.us-east-1.amazonaws.com" },
    ];
    const opens = contexts.flatMap((context) =>
      rolesThat((role) => may(role, "kms:Decrypt", `${KEY}a`, context)),
    );
    expect(new Set(opens)).toEqual(new Set(["deploy-prod", "drift-prod"]));
  });

  it("and keys of prod are deleted by nobody; dev's and ephemeral ones go with their stacks", () => {
    const deleted = (name: string) =>
      rolesThat((role) => may(role, "secretsmanager:DeleteSecret", secret(name)));
    const names = [
      MASTER,
      ADMIN,
      DEV_ADMIN,
      ...["prod", "dev", "pr_42"].map((one) => namesOf("wms", one).secret),
    ];
    expect(names.map(deleted)).toEqual([[], [], [], [], ["deploy-dev"], ["ephemeral"]]);
    // What ends somebody's access goes with it, wherever it is.
    const people = ["prod", "dev", "pr_42"].map((one) => visitorNamesOf("people", "anna", one).secret);
    expect(people.map(deleted)).toEqual([["deploy-prod"], ["deploy-dev"], ["ephemeral"]]);
    const ends = (stack: string) =>
      rolesThat((role) => may(role, "kms:ScheduleKeyDeletion", `${KEY}a`, keyOf(stack, ADMIN)));
    expect(["prod", "dev", "pr-42"].map(ends)).toEqual([[], ["deploy-dev"], ["ephemeral"]]);
  });

  it("lend prod's key to AWS's own services alone", () => {
    const lends = (isService: string) =>
      rolesThat((role) =>
        may(role, "kms:CreateGrant", `${KEY}a`, {
          ...keyOf("prod", ADMIN),
          "kms:GrantIsForAWSResource": isService,
        }),
      );
    expect([lends("true"), lends("false")]).toEqual([["deploy-prod"], []]);
  });
});

describe("IAM", () => {
  const READ_POLICIES = ["prod", "dev", "ci", "pr_42"].map((one) => policy(namesOf("wms", one).readPolicy));
  const CI = [...new Set(Object.values(ROLES).flat())].map((name) => policy(`portal-db-github-${name}`));
  const CI_ROLES = NAMES.map((name) => `arn:aws:iam::ACCOUNT_ID:role/portal-db-github-${name}`);
  const OWN_ROLES = ["bastion", "monitoring"].map(
    (name) => `arn:aws:iam::ACCOUNT_ID:role/ecomos-prod-${name}`,
  );
  const ALL = [...READ_POLICIES, ...CI, ...CI_ROLES, ...OWN_ROLES];

  it("policies are made by the role that deploys their environment", () => {
    expect(READ_POLICIES.map((arn) => rolesThat((role) => may(role, "iam:CreatePolicy", arn)))).toEqual([
      ["deploy-prod"],
      ["deploy-dev"],
      ["deploy-dev"],
      ["ephemeral"],
    ]);
  });

  it.each([
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:DeleteRolePermissionsBoundary",
    "sts:AssumeRole",
  ])("nobody may %s: what a role may do cannot be rewritten once it is attached", (action) => {
    expect(ALL.flatMap((arn) => rolesThat((role) => may(role, action, arn)))).toEqual([]);
  });

  it("no role changes itself, another one of CI or their policies", () => {
    const changes = [...new Set(NAMES.flatMap(actionsOf))].filter((action) =>
      /^iam:(?!Get|List)/.test(action),
    );
    const found = [...CI, ...CI_ROLES].flatMap((arn) =>
      changes.flatMap((action) => rolesThat((role) => may(role, action, arn))),
    );
    expect([changes.length > 0, found]).toEqual([true, []]);
  });

  it("attaches to the machine and the monitoring AWS's own policy for each, and no other", () => {
    const attached = (arn: string, context: RequestContext) =>
      rolesThat((role) => may(role, "iam:AttachRolePolicy", arn, context));
    const of = (name: string): RequestContext => ({ "iam:PolicyARN": `arn:aws:iam::aws:policy/${name}` });
    const [bastion = "", monitoring = ""] = OWN_ROLES;
    expect([
      attached(bastion, of("AmazonSSMManagedEC2InstanceDefaultPolicy")),
      attached(bastion, of("AmazonSSMManagedInstanceCore")),
      attached(bastion, of("AdministratorAccess")),
      attached(monitoring, of("service-role/AmazonRDSEnhancedMonitoringRole")),
      attached(monitoring, of("AdministratorAccess")),
    ]).toEqual([["deploy-prod"], [], [], ["deploy-prod"], []]);
  });
});

describe("alarms, events and the dashboard", () => {
  const ALARM = "arn:aws:cloudwatch:us-east-1:ACCOUNT_ID:alarm:portal-db-cpu";
  const BOARD = "arn:aws:cloudwatch::ACCOUNT_ID:dashboard/portal-db-instance";
  const TOPIC = "arn:aws:sns:us-east-1:ACCOUNT_ID:portal-db-alarms";
  const EVENTS = "arn:aws:rds:us-east-1:ACCOUNT_ID:es:portal-db-events";

  it.each([
    ["cloudwatch:PutMetricAlarm", ALARM],
    ["cloudwatch:DeleteAlarms", ALARM],
    ["cloudwatch:PutDashboard", BOARD],
    ["cloudwatch:DeleteDashboards", BOARD],
    ["sns:SetTopicAttributes", TOPIC],
    ["sns:Subscribe", TOPIC],
    ["rds:CreateEventSubscription", EVENTS],
    ["rds:ModifyEventSubscription", EVENTS],
    ["rds:AddSourceIdentifierToSubscription", EVENTS],
    ["rds:RemoveSourceIdentifierFromSubscription", EVENTS],
    ["rds:AddTagsToResource", EVENTS],
    ["rds:DeleteEventSubscription", EVENTS],
  ])("are changed by prod's deploy alone: %s", (action, arn) => {
    expect(rolesThat((role) => may(role, action, arn))).toEqual(["deploy-prod"]);
    expect(rolesThat((role) => may(role, action, arn.replace("portal-db", "others")))).toEqual([]);
  });

  it.each([
    ["cloudwatch:GetDashboard", BOARD],
    ["sns:GetTopicAttributes", TOPIC],
    ["rds:DescribeEventSubscriptions", EVENTS],
  ])("are read by whoever refreshes: %s", (action, arn) => {
    expect(rolesThat((role) => may(role, action, arn))).toEqual([
      ...["deploy-dev", "deploy-prod", "drift-dev", "drift-prod", "ephemeral"],
    ]);
  });
});

describe("the tunnel", () => {
  const MACHINE = "arn:aws:ec2:us-east-1:ACCOUNT_ID:instance/BASTION_INSTANCE_ID";
  const isChecked = (value: string): RequestContext => ({ "ssm:SessionDocumentAccessCheck": value });
  const starts = (role: string, arn: string, isDocumentChecked: string) =>
    may(role, "ssm:StartSession", arn, isChecked(isDocumentChecked));
  const opens = (document: string) => (role: string) =>
    starts(role, MACHINE, "true") && starts(role, `arn:aws:ssm:us-east-1::document/${document}`, "true");

  it("is opened by the roles that connect", () => {
    expect(rolesThat(opens("AWS-StartPortForwardingSessionToRemoteHost"))).toEqual([
      "deploy-dev",
      "deploy-prod",
      "drift-dev",
      "drift-prod",
      "ephemeral",
    ]);
  });

  it("is no shell: neither by its document nor by leaving the document out", () => {
    expect(rolesThat(opens("SSM-SessionManagerRunShell"))).toEqual([]);
    expect(rolesThat(opens("AWS-StartInteractiveCommand"))).toEqual([]);
    expect(rolesThat(opens("AWS-StartSSHSession"))).toEqual([]);
    expect(rolesThat((role) => starts(role, MACHINE, "false"))).toEqual([]);
    expect(NAMES.flatMap(actionsOf).filter((action) => /^ssm:SendCommand/.test(action))).toEqual([]);
  });
});

/** Every action that a role's policies name. */
function actionsOf(role: string): readonly string[] {
  return (ROLES[role] ?? []).flatMap((name) =>
    statementsOf("permissions", name).flatMap(({ Action }) => listOf(Action)),
  );
}

describe("changes", () => {
  const CHANGES = /:(?!Get|List|Describe|Decrypt|StartSession|TerminateSession|ResumeSession)/;

  it("are made by the roles that deploy alone", () => {
    expect(rolesThat((role) => actionsOf(role).some((action) => CHANGES.test(action)))).toEqual([
      "deploy-dev",
      "deploy-prod",
      "ephemeral",
    ]);
  });

  it("never delete the instance, or touch users", () => {
    const found = NAMES.flatMap(actionsOf).filter((action) =>
      /DeleteDBInstance|DeleteImportedKeyMaterial|^iam:.*(User|AccessKey)/.test(action),
    );
    expect(found).toEqual([]);
  });
});
