import { Instance, SecurityGroup } from "@pulumi/aws/ec2";
import { InstanceProfile, Role, RolePolicyAttachment } from "@pulumi/aws/iam";
import { getParameterOutput } from "@pulumi/aws/ssm";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { BastionSettings } from "../config/shape";
import { declare } from "../declare";
import { architectureOf, BASTION_END, POSTGRES_PORT, roleNameOf, SESSION_POLICY_ARN } from "./settings";

/** A machine beside the instance. */
export interface BastionArgs {
  /** The stack's setting `bastion`. */
  settings: BastionSettings;
  /** Identifier of the database instance; every name derives from it. */
  identifier: string;
  /** VPC of the instance. */
  vpcId: string;
  /** Security group of the database instance, which lets the bastion in. */
  databaseGroupId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Record<string, string>;
}

/**
 * A machine through which Session Manager forwards a port to the private instance. It has no inbound port, no
 * public address and no key; who may open a session is for IAM to say, and CloudTrail records it.
 */
export class Bastion extends pulumi.ComponentResource {
  /** Target of the tunnel. */
  public readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:Bastion", name, {}, opts);
    const { settings, vpcId, databaseGroupId, tags } = args;
    const ownName = roleNameOf(args.identifier, BASTION_END);
    const child = { parent: this };

    const securityGroupId = declareBastionNetwork(
      name,
      { groupName: ownName, vpcId, databaseGroupId, tags },
      child,
    );
    const role = declare(
      Role,
      `${name}-role`,
      {
        name: ownName,
        description: `Session Manager on the bastion of ${args.identifier}`,
        assumeRolePolicy: JSON.stringify(BASTION_TRUST),
        tags,
      },
      child,
    );
    const sessions = declare(
      RolePolicyAttachment,
      `${name}-role-sessions`,
      { role: role.name, policyArn: SESSION_POLICY_ARN },
      child,
    );
    const profile = declare(
      InstanceProfile,
      `${name}-profile`,
      { name: ownName, role: role.name, tags },
      child,
    );
    const machine = declare(
      Instance,
      name,
      {
        ami: getParameterOutput({ name: imageParameter(settings.instanceType) }, child).insecureValue,
        instanceType: settings.instanceType,
        subnetId: settings.subnetId,
        associatePublicIpAddress: false,
        vpcSecurityGroupIds: [securityGroupId],
        iamInstanceProfile: profile.name,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", tags },
        tags: { ...tags, Name: ownName },
      },
      // A newer image is no reason to replace a machine that somebody works through.
      { ...child, dependsOn: sessions, ignoreChanges: ["ami"] },
    );
    this.instanceId = machine.id;
    this.registerOutputs({ instanceId: this.instanceId });
  }
}

/** What the bastion may reach. */
interface BastionNetworkArgs {
  /** Name of the security group. */
  groupName: string;
  /** VPC of the instance and of the bastion. */
  vpcId: string;
  /** Security group of the database instance. */
  databaseGroupId: pulumi.Input<string>;
  /** Tags of all of it. */
  tags: Record<string, string>;
}

/**
 * A security group that lets nothing in, and lets out to AWS's endpoints and to the database alone.
 * @returns its id, known once the ways out and the way into the database stand
 */
function declareBastionNetwork(
  name: string,
  { groupName, vpcId, databaseGroupId, tags }: BastionNetworkArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const group = declare(
    SecurityGroup,
    `${name}-security-group`,
    { name: groupName, description: "Bastion: lets nothing in", vpcId, tags },
    opts,
  );
  const port = (number: number) => ({ ipProtocol: "tcp", fromPort: number, toPort: number, tags });
  const https = declare(
    SecurityGroupEgressRule,
    `${name}-egress-https`,
    {
      securityGroupId: group.id,
      description: "AWS's endpoints, for the SSM agent",
      cidrIpv4: "0.0.0.0/0",
      ...port(HTTPS_PORT),
    },
    opts,
  );
  const toDatabase = declare(
    SecurityGroupEgressRule,
    `${name}-egress-postgres`,
    {
      securityGroupId: group.id,
      description: "The database",
      referencedSecurityGroupId: databaseGroupId,
      ...port(POSTGRES_PORT),
    },
    opts,
  );
  const fromBastion = declare(
    SecurityGroupIngressRule,
    `${name}-ingress-database`,
    {
      securityGroupId: databaseGroupId,
      description: "Postgres from the bastion",
      referencedSecurityGroupId: group.id,
      ...port(POSTGRES_PORT),
    },
    opts,
  );
  return pulumi.all([group.id, https.id, toDatabase.id, fromBastion.id]).apply(([id]) => id);
}

/** Lets EC2 machines take the role. */
const BASTION_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
} as const;

/** Port of AWS's own endpoints, which the SSM agent calls: the agent calls out, nobody calls in. */
const HTTPS_PORT = 443;

/**
 * Public parameter that holds the newest Amazon Linux 2023 image for an instance type, whose SSM agent is installed.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
function imageParameter(instanceType: string): string {
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architectureOf(instanceType)}`;
}
