import { SecurityGroup } from "@pulumi/aws/ec2";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { HTTPS_PORT } from "./bastion-settings";
import { POSTGRES_PORT } from "./settings";

/** What the bastion may reach. */
export interface BastionNetworkArgs {
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
export function declareBastionNetwork(
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
