import { type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { awsTags, droppedTags, tagOutputs } from "./tags";

const GONE = ["NoSuchEntityException"];

function documentOf(inputs: Properties): string {
  return typeof inputs.policy === "string" ? inputs.policy : JSON.stringify(inputs.policy);
}

/** `aws:iam/policy:Policy`. */
export function policyHandler(aws: AwsClients): Handler {
  /** AWS keeps five versions of a policy; only the default one counts here. */
  const dropOldVersions = async (arn: string) => {
    const client = await aws.iam();
    const { Versions } = await client.listPolicyVersions({ PolicyArn: arn });
    for (const { IsDefaultVersion, VersionId } of Versions ?? []) {
      if (IsDefaultVersion !== true) await client.deletePolicyVersion({ PolicyArn: arn, VersionId });
    }
  };
  const bring = async (arn: string, before: Properties, inputs: Properties, outputs: Properties) => {
    const client = await aws.iam();
    await client.createPolicyVersion({
      PolicyArn: arn,
      PolicyDocument: documentOf(inputs),
      SetAsDefault: true,
    });
    await dropOldVersions(arn);
    const dropped = droppedTags(before, inputs);
    if (dropped.length > 0) await client.untagPolicy({ PolicyArn: arn, TagKeys: dropped });
    await client.tagPolicy({ PolicyArn: arn, Tags: awsTags(inputs) });
    return { id: arn, outputs: { ...outputs, ...inputs, ...tagOutputs(inputs), arn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix", "path", "description"],
    create: async (inputs, call) => {
      const client = await aws.iam();
      const name = textIn(inputs, "name");
      const path = textIn(inputs, "path") || "/";
      await aws.seed(call.seed);
      const created = await unlessNamed(["EntityAlreadyExistsException"], () =>
        client.createPolicy({
          PolicyName: name,
          Path: path,
          Description: textIn(inputs, "description"),
          PolicyDocument: documentOf(inputs),
          Tags: awsTags(inputs),
        }),
      );
      const arn = created?.Policy?.Arn ?? `arn:aws:iam::${ACCOUNT}:policy${path}${name}`;
      if (created === undefined) return bring(arn, {}, inputs, {});
      const policyId = created.Policy?.PolicyId ?? "";
      return { id: arn, outputs: { ...inputs, ...tagOutputs(inputs), arn, path, policyId } };
    },
    update: (before, inputs) => bring(before.id, before.inputs, inputs, before.outputs),
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, async () => {
        await dropOldVersions(before.id);
        await client.deletePolicy({ PolicyArn: before.id });
      });
    },
  };
}
