import { randomUUID } from "node:crypto";
import { type Call, type Handler, text } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import type { AwsClients } from "./clients";

/** `aws:secretsmanager/secretVersion:SecretVersion`: another value is another version. */
export function secretVersionHandler(aws: AwsClients): Handler {
  const put = async (inputs: Properties, call: Call) => {
    const client = await aws.secrets();
    const secretId = text(inputs, "secretId");
    const versionId = text(call.recorded, "versionId") || randomUUID();
    const value = await client.putSecretValue({
      SecretId: secretId,
      SecretString: text(inputs, "secretString"),
      ClientRequestToken: versionId,
    });
    const id = `${secretId}|${versionId}`;
    return {
      id,
      outputs: { ...inputs, arn: value.ARN ?? secretId, versionId, versionStages: ["AWSCURRENT"] },
    };
  };
  return {
    home: "emulator",
    replaceOn: ["secretId"],
    create: put,
    update: (_before, inputs, call) => put(inputs, call),
    // The current version goes with its secret, as with the official provider.
  };
}
