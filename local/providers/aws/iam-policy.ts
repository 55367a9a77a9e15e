import { type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { policyText, readPolicy, samePolicyIn } from "./policy-document";
import { awsTags, droppedTags, readTags, tagOutputs } from "./tags";

const GONE = ["NoSuchEntityException"];

/** `aws:iam/policy:Policy`; internal/service/iam/policy.go of the provider. */
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
      PolicyDocument: policyText(inputs.policy),
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
    defaults: { path: "/" },
    same: samePolicyIn("policy"),
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
          PolicyDocument: policyText(inputs.policy),
          Tags: awsTags(inputs),
        }),
      );
      const arn = created?.Policy?.Arn ?? `arn:aws:iam::${ACCOUNT}:policy${path}${name}`;
      if (created === undefined) return bring(arn, {}, inputs, {});
      const policyId = created.Policy?.PolicyId ?? "";
      return { id: arn, outputs: { ...inputs, ...tagOutputs(inputs), arn, path, policyId } };
    },
    update: (before, inputs) => bring(before.id, before.inputs, inputs, before.outputs),
    read: async (before) => {
      const client = await aws.iam();
      const PolicyArn = before.id;
      const found = (await unlessNamed(GONE, () => client.getPolicy({ PolicyArn })))?.Policy;
      if (found === undefined) return undefined;
      const { Arn: arn, PolicyName: name, Path: path, Description: description, PolicyId: policyId } = found;
      const { DefaultVersionId: VersionId, Tags } = found;
      const { PolicyVersion } = await client.getPolicyVersion({ PolicyArn, VersionId });
      const policy = readPolicy(PolicyVersion?.Document, before.outputs.policy);
      return told(before, { arn, name, path, description, policyId, policy, ...readTags(Tags) });
    },
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, async () => {
        await dropOldVersions(before.id);
        await client.deletePolicy({ PolicyArn: before.id });
      });
    },
  };
}
