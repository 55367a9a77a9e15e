/** What makes the bastion a machine that only Session Manager reaches, as constants and pure functions. */

/** Lets EC2 machines take the role. */
export const BASTION_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
} as const;

/** AWS's own policy for a machine that Session Manager opens sessions on; it reads no secret and no bucket. */
export const SESSION_POLICY_ARN = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/** Port of AWS's own endpoints, which the SSM agent calls: the agent calls out, nobody calls in. */
export const HTTPS_PORT = 443;

/**
 * Public parameter that holds the newest Amazon Linux 2023 image for an instance type, whose SSM agent is
 * installed. Graviton types have a `g` after the generation: `t4g.nano`, `c7gn.medium`.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
export function imageParameter(instanceType: string): string {
  const architecture = /^[a-z]+\d+g/.test(instanceType) ? "arm64" : "x86_64";
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}
