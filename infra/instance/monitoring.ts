import { Role, RolePolicyAttachment } from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { MONITORING_POLICY_ARN, MONITORING_TRUST } from "./settings";

/** The role of an instance's enhanced monitoring. */
export interface MonitoringRoleArgs {
  /** Identifier of the instance. */
  identifier: string;
  /** Tags of the role. */
  tags: Record<string, string>;
}

/**
 * The role in which RDS writes operating system metrics to CloudWatch.
 * @returns its ARN, known once its policy is attached: RDS tries the role when the instance is made
 */
export function declareMonitoringRole(
  name: string,
  { identifier, tags }: MonitoringRoleArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const role = declare(
    Role,
    name,
    {
      name: `${identifier}-monitoring`,
      description: `Enhanced monitoring of ${identifier}`,
      assumeRolePolicy: JSON.stringify(MONITORING_TRUST),
      tags,
    },
    opts,
  );
  const attachment = declare(
    RolePolicyAttachment,
    `${name}-policy`,
    { role: role.name, policyArn: MONITORING_POLICY_ARN },
    opts,
  );
  return pulumi.all([role.arn, attachment.id]).apply(([arn]) => arn);
}
