import { type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { awsTags, droppedTags, tagOutputs } from "./tags";

const GONE = ["NoSuchEntityException"];

function trustOf(inputs: Properties): string {
  const policy = inputs.assumeRolePolicy;
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

/** `aws:iam/role:Role`. */
export function iamRoleHandler(aws: AwsClients): Handler {
  const bring = async (before: Properties, inputs: Properties, outputs: Properties) => {
    const client = await aws.iam();
    const RoleName = textIn(inputs, "name");
    await client.updateAssumeRolePolicy({ RoleName, PolicyDocument: trustOf(inputs) });
    await client.updateRole({ RoleName, Description: textIn(inputs, "description") });
    const dropped = droppedTags(before, inputs);
    if (dropped.length > 0) await client.untagRole({ RoleName, TagKeys: dropped });
    await client.tagRole({ RoleName, Tags: awsTags(inputs) });
    const arn =
      textIn(outputs, "arn") || `arn:aws:iam::${ACCOUNT}:role${textIn(inputs, "path") || "/"}${RoleName}`;
    return { id: RoleName, outputs: { ...outputs, ...inputs, ...tagOutputs(inputs), arn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix", "path"],
    create: async (inputs, call) => {
      const client = await aws.iam();
      const RoleName = textIn(inputs, "name");
      await aws.seed(call.seed);
      const created = await unlessNamed(["EntityAlreadyExistsException"], () =>
        client.createRole({
          RoleName,
          Path: textIn(inputs, "path") || "/",
          Description: textIn(inputs, "description") || undefined,
          AssumeRolePolicyDocument: trustOf(inputs),
          Tags: awsTags(inputs),
        }),
      );
      if (created === undefined) return bring({}, inputs, {});
      const { Arn, RoleId } = created.Role ?? {};
      return {
        id: RoleName,
        outputs: { ...inputs, ...tagOutputs(inputs), arn: Arn ?? "", uniqueId: RoleId ?? "" },
      };
    },
    update: (before, inputs) => bring(before.inputs, inputs, before.outputs),
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, () => client.deleteRole({ RoleName: before.id }));
    },
  };
}

/** `aws:iam/rolePolicyAttachment:RolePolicyAttachment`. */
export function rolePolicyAttachmentHandler(aws: AwsClients): Handler {
  const pair = (inputs: Properties) => ({
    RoleName: textIn(inputs, "role"),
    PolicyArn: textIn(inputs, "policyArn"),
  });
  return {
    home: "emulator",
    replaceOn: true,
    create: async (inputs) => {
      const client = await aws.iam();
      await client.attachRolePolicy(pair(inputs));
      return { id: `${textIn(inputs, "role")}/${textIn(inputs, "policyArn")}`, outputs: inputs };
    },
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, () => client.detachRolePolicy(pair(before.inputs)));
    },
  };
}
