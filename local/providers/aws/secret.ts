import { randomUUID } from "node:crypto";
import { type Call, type Handler, textIn, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { awsTags, droppedTags, tagOutputs } from "./tags";

function made(inputs: Properties, arn: string) {
  return { id: arn, outputs: { ...inputs, ...tagOutputs(inputs), arn, id: arn } };
}

function settings(inputs: Properties) {
  return { Description: textIn(inputs, "description"), KmsKeyId: textIn(inputs, "kmsKeyId") || undefined };
}

/** `aws:secretsmanager/secret:Secret`. */
export function secretHandler(aws: AwsClients): Handler {
  const bring = async (arn: string, before: Properties, inputs: Properties) => {
    const client = await aws.secrets();
    await client.updateSecret({ SecretId: arn, ...settings(inputs) });
    const dropped = droppedTags(before, inputs);
    if (dropped.length > 0) await client.untagResource({ SecretId: arn, TagKeys: dropped });
    const tags = awsTags(inputs);
    if (tags.length > 0) await client.tagResource({ SecretId: arn, Tags: tags });
    return made(inputs, arn);
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    create: async (inputs, call) => {
      const client = await aws.secrets();
      const Name = textIn(inputs, "name");
      const present = await unlessNamed(["ResourceNotFoundException"], () =>
        client.describeSecret({ SecretId: Name }),
      );
      if (present?.ARN !== undefined && present.DeletedDate === undefined)
        return bring(present.ARN, {}, inputs);
      await aws.seed(call.seed);
      const created = await client.createSecret({ Name, ...settings(inputs), Tags: awsTags(inputs) });
      return made(inputs, created.ARN ?? "");
    },
    update: (before, inputs) => bring(before.id, before.inputs, inputs),
    remove: async (before) => {
      const client = await aws.secrets();
      const days = wholeIn(before.inputs, "recoveryWindowInDays", 30);
      const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
      await unlessNamed(["ResourceNotFoundException"], () =>
        client.deleteSecret({ SecretId: before.id, ...how }),
      );
    },
  };
}

/** `aws:secretsmanager/secretVersion:SecretVersion`: another value is another version. */
export function secretVersionHandler(aws: AwsClients): Handler {
  const put = async (inputs: Properties, call: Call) => {
    const client = await aws.secrets();
    const secretId = textIn(inputs, "secretId");
    const versionId = textIn(call.recorded, "versionId") || randomUUID();
    const value = await client.putSecretValue({
      SecretId: secretId,
      SecretString: textIn(inputs, "secretString"),
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
