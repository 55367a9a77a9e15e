import { opened, type Properties, UNKNOWN_VALUE } from "../../local/engine/values";

/** What a provider or AWS adds to a resource's inputs when it makes it. */
type Outputs = (name: string, inputs: Properties) => Properties;

/** Host of the mocked instance. */
export const INSTANCE_ADDRESS = "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com";

/** What the mocked secret of the dev admin says. */
export const DEV_ADMIN_LOGIN = {
  host: INSTANCE_ADDRESS,
  port: 5432,
  username: "portal_db_dev_admin",
  password: "DevAdminsPasswordOfThirtyTwoSign",
};

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
  "aws:cloudwatch/dashboard:Dashboard": nothing,
  "aws:cloudwatch/logGroup:LogGroup": nothing,
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
  "aws:rds/eventSubscription:EventSubscription": nothing,
  "aws:rds/instance:Instance": () => ({
    arn: "arn:aws:rds:us-east-1:123456789012:db:ecomos-prod",
    resourceId: "db-ABCDEFGHIJKL01234",
    address: INSTANCE_ADDRESS,
    endpoint: `${INSTANCE_ADDRESS}:5432`,
    engineVersionActual: "17.4",
  }),
  "aws:rds/parameterGroup:ParameterGroup": nothing,
  "aws:rds/subnetGroup:SubnetGroup": nothing,
  "aws:secretsmanager/secret:Secret": arn("secretsmanager:us-east-1:123456789012:secret:"),
  "aws:secretsmanager/secretVersion:SecretVersion": (_, { secretId }) => ({ arn: secretId }),
  "aws:sns/topic:Topic": arn("sns:us-east-1:123456789012:"),
  "aws:sns/topicPolicy:TopicPolicy": nothing,
  "aws:sns/topicSubscription:TopicSubscription": nothing,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": nothing,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
  "postgresql:index/database:Database": nothing,
  "postgresql:index/defaultPrivileges:DefaultPrivileges": nothing,
  "postgresql:index/extension:Extension": nothing,
  "postgresql:index/grant:Grant": nothing,
  "postgresql:index/grantRole:GrantRole": nothing,
  "postgresql:index/role:Role": nothing,
  "postgresql:index/schema:Schema": (_, { name }) => ({
    owner: /_prod$|^extensions$/.test(String(name)) ? "portal_db_admin" : DEV_ADMIN_LOGIN.username,
  }),
  "pulumi:providers:postgresql": nothing,
  "random:index/randomId:RandomId": () => ({ hex: "0123abcd" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: generatedPassword(name) }),
};

/** Provider functions that the stacks may call. No log group is there. */
const INVOKES: Readonly<Record<string, (inputs: Properties) => Properties>> = {
  "aws:cloudwatch/getLogGroups:getLogGroups": () => ({ logGroupNames: [] }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ insecureValue: `image of ${String(name)}` }),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }) => {
    if (secretId !== "portal-db/dev-admin") throw new Error(`no secret ${String(secretId)} is mocked`);
    return { secretString: JSON.stringify(DEV_ADMIN_LOGIN) };
  },
};

/** What differs from the world as it mostly is. */
export interface Differences {
  /** Outputs of resources, by their logical names. */
  readonly outputs?: Readonly<Record<string, Properties>>;
  /** Functions that fail, by their tokens, with what they say. */
  readonly failures?: Readonly<Record<string, string>>;
}

/** Who makes and knows what a program asks for, in place of providers, AWS and other stacks; notes what nobody mocked. */
export class MockedWorld {
  /** What was asked for and is not mocked. */
  readonly problems: string[] = [];

  /** @param preview whether nothing is made, so that ids and outputs are not known yet */
  constructor(
    private readonly preview = false,
    private readonly differences: Differences = {},
  ) {}

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
    const made = { ...outputs?.(name, plain), ...this.differences.outputs?.[name] };
    // A secret's id is its ARN, as it is on AWS.
    const isSecret = type === "aws:secretsmanager/secret:Secret";
    return { id: isSecret ? String(made.arn) : `id of ${plain.name ?? name}`, outputs: made };
  }

  /** Calls a provider's function. */
  call(token: string, inputs: Properties): Properties {
    const failure = this.differences.failures?.[token];
    if (failure !== undefined) throw new Error(failure);
    const answer = INVOKES[token];
    if (answer === undefined) this.problems.push(`the function ${token} is not mocked`);
    return answer?.(inputs) ?? {};
  }
}
