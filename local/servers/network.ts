import { createHash } from "node:crypto";
import { endpointOf, REGION } from "./aws-emulator";

/** A VPC and two subnets of it. */
export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** Stands in for the emulator's network while there is none, as in the preview of a first deployment. */
export const UNKNOWN_NETWORK: Network = {
  vpcId: "vpc-00000000",
  subnetIds: ["subnet-00000001", "subnet-00000002"],
};

/** Makes the ids that the emulator draws next follow from a seed, so that they can be drawn again. */
export async function seedEmulator(port: number, seed: string): Promise<void> {
  const number = createHash("sha256").update(seed).digest().readUInt32BE(0);
  const reply = await fetch(`${endpointOf(port)}/moto-api/seed?a=${number}`, { method: "POST" });
  if (!reply.ok) throw new Error(`the AWS emulator refused a seed (${reply.status})`);
}

/** The emulator's default VPC. Its ids are drawn when they are first asked for: always the same ones. */
export async function defaultNetwork(port: number): Promise<Network> {
  await seedEmulator(port, "network");
  const reply = await fetch(`${endpointOf(port)}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: "Action=DescribeSubnets&Version=2016-11-15",
  });
  const answer = await reply.text();
  const subnetIds = [...answer.matchAll(/<subnetId>(subnet-[0-9a-z]+)</g)].map(([, id]) => String(id));
  const vpcId = /<vpcId>(vpc-[0-9a-z]+)</.exec(answer)?.[1];
  if (vpcId === undefined || subnetIds.length < 2) throw new Error("the AWS emulator has no default VPC");
  return { vpcId, subnetIds: subnetIds.sort().slice(0, 2) };
}
