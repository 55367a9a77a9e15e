import type { KMS } from "@aws-sdk/client-kms";
import { flagIn, type Handler, textIn, told, wholeIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { samePolicyIn } from "./policy-document";
import { awsTags, droppedTags, readTags, tagOutputs } from "./tags";

function keyTags(inputs: Properties) {
  return awsTags(inputs).map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

async function setRotation(client: KMS, keyId: string, inputs: Properties): Promise<void> {
  if (flagIn(inputs, "enableKeyRotation")) await client.enableKeyRotation({ KeyId: keyId });
  else await client.disableKeyRotation({ KeyId: keyId });
}

/** `aws:kms/key:Key`; internal/service/kms/key.go of the provider. */
export function keyHandler(aws: AwsClients): Handler {
  return {
    home: "emulator",
    replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
    defaults: {
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
    same: samePolicyIn("policy"),
    create: async (inputs, call) => {
      const client = await aws.kms();
      await aws.seed(call.seed);
      const { KeyMetadata } = await client.createKey({
        Description: textIn(inputs, "description"),
        Policy: textIn(inputs, "policy") || undefined,
        Tags: keyTags(inputs),
      });
      const keyId = KeyMetadata?.KeyId ?? "";
      await setRotation(client, keyId, inputs);
      return { id: keyId, outputs: { ...inputs, ...tagOutputs(inputs), keyId, arn: KeyMetadata?.Arn ?? "" } };
    },
    update: async (before, inputs) => {
      const client = await aws.kms();
      const KeyId = before.id;
      await client.updateKeyDescription({ KeyId, Description: textIn(inputs, "description") });
      await setRotation(client, KeyId, inputs);
      const dropped = droppedTags(before.inputs, inputs);
      if (dropped.length > 0) await client.untagResource({ KeyId, TagKeys: dropped });
      await client.tagResource({ KeyId, Tags: keyTags(inputs) });
      return { id: KeyId, outputs: { ...before.outputs, ...inputs, ...tagOutputs(inputs) } };
    },
    read: async (before) => {
      const client = await aws.kms();
      const KeyId = before.id;
      const found = await unlessNamed(["NotFoundException"], () => client.describeKey({ KeyId }));
      if (found?.KeyMetadata === undefined || found.KeyMetadata.KeyState === "PendingDeletion")
        return undefined;
      const { Arn: arn, Description: description, KeyId: keyId } = found.KeyMetadata;
      const { KeyRotationEnabled: enableKeyRotation } = await client.getKeyRotationStatus({ KeyId });
      const { Tags = [] } = await client.listResourceTags({ KeyId });
      const tags = readTags(Tags.map(({ TagKey = "", TagValue = "" }) => ({ Key: TagKey, Value: TagValue })));
      return told(before, { arn, description, keyId, enableKeyRotation, ...tags });
    },
    remove: async (before) => {
      const client = await aws.kms();
      const days = wholeIn(before.inputs, "deletionWindowInDays", 30);
      await unlessNamed(["NotFoundException", "KMSInvalidStateException"], () =>
        client.scheduleKeyDeletion({ KeyId: before.id, PendingWindowInDays: days }),
      );
    },
  };
}

/** `aws:kms/alias:Alias`; internal/service/kms/alias.go of the provider. */
export function aliasHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties) => {
    const client = await aws.kms();
    const alias = { AliasName: textIn(inputs, "name"), TargetKeyId: textIn(inputs, "targetKeyId") };
    const created = await unlessNamed(["AlreadyExistsException"], () => client.createAlias(alias));
    if (created === undefined) await client.updateAlias(alias);
    const base = `arn:aws:kms:us-east-1:${ACCOUNT}`;
    const arns = { arn: `${base}:${alias.AliasName}`, targetKeyArn: `${base}:key/${alias.TargetKeyId}` };
    return { id: alias.AliasName, outputs: { ...inputs, ...arns } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    create: (inputs) => bring(inputs),
    update: (_before, inputs) => bring(inputs),
    read: async (before) => {
      const client = await aws.kms();
      const found = await unlessNamed(["NotFoundException"], () => client.describeKey({ KeyId: before.id }));
      if (found === undefined) return undefined;
      const { KeyId: targetKeyId, Arn: targetKeyArn } = found.KeyMetadata ?? {};
      return told(before, { name: before.id, targetKeyId, targetKeyArn });
    },
    remove: async (before) => {
      const client = await aws.kms();
      await unlessNamed(["NotFoundException"], () => client.deleteAlias({ AliasName: before.id }));
    },
  };
}
