import { Instance } from "@pulumi/aws/ec2";
import { InstanceProfile, Role, RolePolicyAttachment } from "@pulumi/aws/iam";
import { getParameterOutput } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import type { BastionSettings } from "../config/shape";
import { declare } from "../declare";
import { declareBastionNetwork } from "./bastion-network";
import { BASTION_TRUST, imageParameter, SESSION_POLICY_ARN } from "./bastion-settings";

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
    const ownName = `${args.identifier}-bastion`;
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
