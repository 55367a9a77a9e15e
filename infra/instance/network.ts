import { SecurityGroup } from "@pulumi/aws/ec2";
import { SubnetGroup } from "@pulumi/aws/rds";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { IN_USE, POSTGRES_PORT } from "./settings";

/** Where the instance stands and who reaches it. */
export interface InstanceNetworkArgs {
  /** Identifier of the instance; names of the groups derive from it. */
  identifier: string;
  /** VPC of the security group. */
  vpcId: string;
  /** Private subnets in two availability zones or more. */
  subnetIds: readonly string[];
  /** Name of a source to its IPv4 CIDR block or security group id. */
  allowedSources: Readonly<Record<string, string>>;
  /** Tags of all of it. */
  tags: Record<string, string>;
}

/** The subnet group, and a security group with one ingress rule a named source and nothing else. */
export class InstanceNetwork extends pulumi.ComponentResource {
  public readonly subnetGroupName: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: InstanceNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:InstanceNetwork", name, {}, opts);
    const { tags } = args;
    const subnetGroup = declare(
      SubnetGroup,
      `${name}-subnets`,
      {
        name: `${args.identifier}-subnets`,
        description: `Private subnets of ${args.identifier}`,
        subnetIds: [...args.subnetIds],
        tags,
      },
      { parent: this, ...IN_USE },
    );
    const securityGroup = declare(
      SecurityGroup,
      `${name}-security-group`,
      {
        name: `${args.identifier}-postgres`,
        description: `Named sources that reach Postgres on ${args.identifier}`,
        vpcId: args.vpcId,
        tags,
      },
      { parent: this, ...IN_USE },
    );
    for (const [source, address] of Object.entries(args.allowedSources)) {
      declare(
        SecurityGroupIngressRule,
        `${name}-ingress-${source}`,
        {
          securityGroupId: securityGroup.id,
          description: `Postgres from ${source}`,
          ipProtocol: "tcp",
          fromPort: POSTGRES_PORT,
          toPort: POSTGRES_PORT,
          ...(address.startsWith("sg-") ? { referencedSecurityGroupId: address } : { cidrIpv4: address }),
          tags,
        },
        { parent: this },
      );
    }
    this.subnetGroupName = subnetGroup.name;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({ subnetGroupName: this.subnetGroupName, securityGroupId: this.securityGroupId });
  }
}
