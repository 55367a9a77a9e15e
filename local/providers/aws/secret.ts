import { type Handler, text, whole } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { droppedTags, tagOutputs, tagsOf } from "./tags";

function made(inputs: Properties, arn: string) {
  return { id: arn, outputs: { ...inputs, ...tagOutputs(inputs), arn, id: arn } };
}

function settings(inputs: Properties) {
  return { Description: text(inputs, "description"), KmsKeyId: text(inputs, "kmsKeyId") || undefined };
}

/** `aws:secretsmanager/secret:Secret`. */
export function secretHandler(aws: AwsClients): Handler {
  const bring = async (arn: string, before: Properties, inputs: Properties) => {
    const client = await aws.secrets();
    await client.updateSecret({ SecretId: arn, ...settings(inputs) });
    const dropped = droppedTags(before, inputs);
    if (dropped.length > 0) await client.untagResource({ SecretId: arn, TagKeys: dropped });
    const tags = tagsOf(inputs);
    if (tags.length > 0) await client.tagResource({ SecretId: arn, Tags: tags });
    return made(inputs, arn);
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    create: async (inputs, call) => {
      const client = await aws.secrets();
      const Name = text(inputs, "name");
      const present = await unlessNamed(["ResourceNotFoundException"], () =>
        client.describeSecret({ SecretId: Name }),
      );
      if (present?.ARN !== undefined && present.DeletedDate === undefined)
        return bring(present.ARN, {}, inputs);
      await aws.seed(call.seed);
      const created = await client.createSecret({ Name, ...settings(inputs), Tags: tagsOf(inputs) });
      return made(inputs, created.ARN ?? "");
    },
    update: (before, inputs) => bring(before.id, before.inputs, inputs),
    remove: async (before) => {
      const client = await aws.secrets();
      const days = whole(before.inputs, "recoveryWindowInDays", 30);
      const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
      await unlessNamed(["ResourceNotFoundException"], () =>
        client.deleteSecret({ SecretId: before.id, ...how }),
      );
    },
  };
}
