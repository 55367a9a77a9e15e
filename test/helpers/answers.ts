import { opened, type Properties, UNKNOWN_VALUE } from "../../local/engine/values";

/** What a provider or AWS adds to a resource's inputs when it makes it. */
type Outputs = (name: string, inputs: Properties) => Properties;

/** Host of the mocked instance. */
export const INSTANCE_ADDRESS = "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com";

/** ARN of the mocked admin's secret, as prod's outputs give it. */
export const ADMIN_SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db/admin";

/** Password in the mocked admin's secret. */
export const ADMIN_PASSWORD = "AdminsOwnPasswordOfThirtyTwoSign";

/** The password that the mocked `random` provider makes for a resource: 32 letters and digits. */
export function generatedPassword(name: string): string {
  return `Generated${name.replaceAll(/[^a-z0-9]/g, "")}`.padEnd(32, "0");
}

const arn =
  (prefix: string): Outputs =>
  (name, inputs) => ({ arn: `arn:aws:${prefix}${inputs.name ?? name}` });
const nothing: Outputs = () => ({});

/** Every type that the stacks may declare; a new one is added here on purpose. */
const OUTPUTS_BY_TYPE: Readonly<Record<string, Outputs>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": nothing,
  "aws:ec2/instance:Instance": nothing,
  "aws:ec2/securityGroup:SecurityGroup": nothing,
  "aws:iam/instanceProfile:InstanceProfile": nothing,
  "aws:iam/policy:Policy": arn("iam::123456789012:policy/"),
  "aws:iam/role:Role": arn("iam::123456789012:role/"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": nothing,
  "aws:kms/alias:Alias": nothing,
  "aws:kms/key:Key": (name) => ({
    arn: `arn:aws:kms:us-east-1:123456789012:key/${name}`,
    keyId: `${name}-key-id`,
  }),
  "aws:rds/instance:Instance": () => ({
    address: INSTANCE_ADDRESS,
    endpoint: `${INSTANCE_ADDRESS}:5432`,
  }),
  "aws:rds/parameterGroup:ParameterGroup": nothing,
  "aws:rds/subnetGroup:SubnetGroup": nothing,
  "aws:secretsmanager/secret:Secret": arn("secretsmanager:us-east-1:123456789012:secret:"),
  "aws:secretsmanager/secretVersion:SecretVersion": (_, inputs) => ({
    arn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${String(inputs.secretId).replace(/^id of /, "")}`,
  }),
  "aws:sns/topic:Topic": arn("sns:us-east-1:123456789012:"),
  "aws:sns/topicSubscription:TopicSubscription": nothing,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": nothing,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
  "postgresql:index/defaultPrivileges:DefaultPrivileges": nothing,
  "postgresql:index/extension:Extension": nothing,
  "postgresql:index/grant:Grant": nothing,
  "postgresql:index/role:Role": nothing,
  "postgresql:index/schema:Schema": nothing,
  "pulumi:providers:postgresql": nothing,
  "random:index/randomId:RandomId": () => ({ hex: "0123abcd" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: generatedPassword(name) }),
};

const PROD_OUTPUTS = { instancePort: 5432, adminSecretArn: ADMIN_SECRET_ARN };

/** Outputs of stacks that others refer to. */
const OUTPUTS_BY_STACK: Readonly<Record<string, Properties>> = {
  "organization/portal-db/prod": { ...PROD_OUTPUTS, instanceAddress: INSTANCE_ADDRESS },
  "begun/portal-db/prod": {
    ...PROD_OUTPUTS,
    instanceAddress: INSTANCE_ADDRESS,
    declared: "the instance alone; set instanceOnly to false once it can be reached",
  },
  "new/portal-db/prod": {},
  "other/portal-db/prod": { ...PROD_OUTPUTS, instanceAddress: "other.internal" },
};

/** Provider functions that the stacks may call. */
const INVOKES: Readonly<Record<string, (inputs: Properties) => Properties>> = {
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ insecureValue: `image of ${String(name)}` }),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }) => {
    if (secretId !== ADMIN_SECRET_ARN) throw new Error(`no secret ${String(secretId)} is mocked`);
    return { secretString: JSON.stringify({ username: "ecomos_admin", password: ADMIN_PASSWORD }) };
  },
};

/** Who makes and knows what a program asks for, in place of providers, AWS and other stacks; notes what nobody mocked. */
export class MockedWorld {
  /** What was asked for and is not mocked. */
  readonly problems: string[] = [];

  /** @param preview whether nothing is made, so that ids and outputs are not known yet */
  constructor(private readonly preview = false) {}

  /** Makes a resource that a provider makes. @param inputs as the program gave them, secrets wrapped */
  make(
    type: string,
    name: string,
    inputs: Properties,
  ): { readonly id: string; readonly outputs: Properties } {
    const outputs = OUTPUTS_BY_TYPE[type];
    if (outputs === undefined) this.problems.push(`the type ${type} of ${name} is not mocked`);
    if (this.preview) return { id: UNKNOWN_VALUE, outputs: {} };
    const plain = opened(inputs);
    return { id: `id of ${plain.name ?? name}`, outputs: outputs?.(name, plain) ?? {} };
  }

  /** Reads what exists already: the outputs of another stack. */
  read(type: string, name: string): Properties {
    const outputs = type === "pulumi:pulumi:StackReference" ? OUTPUTS_BY_STACK[name] : undefined;
    if (outputs === undefined) this.problems.push(`reading ${type} ${name} is not mocked`);
    return { name, outputs: outputs ?? {}, secretOutputNames: [] };
  }

  /** Calls a provider's function. */
  call(token: string, inputs: Properties): Properties {
    const answer = INVOKES[token];
    if (answer === undefined) this.problems.push(`the function ${token} is not mocked`);
    return answer?.(inputs) ?? {};
  }
}
