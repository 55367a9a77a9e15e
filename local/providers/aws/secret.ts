import { randomUUID } from "node:crypto";
import { type Call, type Handler, textIn, told, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { awsTags, droppedTags, readTags, tagOutputs } from "./tags";

/** What Secrets Manager says of a secret that is not there, or is waiting for its end. */
const GONE = ["ResourceNotFoundException", "InvalidRequestException"];

function made(inputs: Properties, arn: string) {
  return { id: arn, outputs: { ...inputs, ...tagOutputs(inputs), arn, id: arn } };
}

function settings(inputs: Properties) {
  return { Description: textIn(inputs, "description"), KmsKeyId: textIn(inputs, "kmsKeyId") || undefined };
}

/** `aws:secretsmanager/secret:Secret`; internal/service/secretsmanager/secret.go of the provider. */
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
    defaults: { recoveryWindowInDays: 30 },
    isRestorable: true,
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
    read: async (before) => {
      const client = await aws.secrets();
      const found = await unlessNamed(GONE, () => client.describeSecret({ SecretId: before.id }));
      if (found === undefined || found.DeletedDate !== undefined) return undefined;
      const { ARN: arn, Name: name, Description: description, KmsKeyId: kmsKeyId, Tags } = found;
      return told(before, { arn, id: arn, name, description, kmsKeyId, ...readTags(Tags) });
    },
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

/**
 * `aws:secretsmanager/secretVersion:SecretVersion`: another text, even of the same JSON, is another version, which is
 * AWSCURRENT as soon as it is there. The one before stays as AWSPREVIOUS; internal/service/secretsmanager/secret_version.go.
 */
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
    replaceOn: ["secretId", "secretString", "secretBinary"],
    create: put,
    read: async (before) => {
      const client = await aws.secrets();
      const [SecretId = "", VersionId] = before.id.split("|");
      const found = await unlessNamed(GONE, () => client.getSecretValue({ SecretId, VersionId }));
      if (found === undefined) return undefined;
      const { ARN: arn, SecretString: secretString, VersionId: versionId, VersionStages } = found;
      const versionStages = VersionStages ?? [];
      return told(before, { secretId: SecretId, arn, secretString, versionId, versionStages });
    },
    // Nothing removes a version: AWSCURRENT cannot be taken from it, and it goes with its secret.
  };
}
