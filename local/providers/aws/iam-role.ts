import { type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { policyText, readPolicy, samePolicyIn } from "./policy-document";
import { awsTags, droppedTags, readTags, tagOutputs } from "./tags";

const GONE = ["NoSuchEntityException"];

/** `aws:iam/role:Role`; internal/service/iam/role.go of the provider. */
export function iamRoleHandler(aws: AwsClients): Handler {
  const bring = async (before: Properties, inputs: Properties, outputs: Properties) => {
    const client = await aws.iam();
    const RoleName = textIn(inputs, "name");
    await client.updateAssumeRolePolicy({ RoleName, PolicyDocument: policyText(inputs.assumeRolePolicy) });
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
    defaults: { path: "/" },
    same: samePolicyIn("assumeRolePolicy"),
    create: async (inputs, call) => {
      const client = await aws.iam();
      const RoleName = textIn(inputs, "name");
      await aws.seed(call.seed);
      const created = await unlessNamed(["EntityAlreadyExistsException"], () =>
        client.createRole({
          RoleName,
          Path: textIn(inputs, "path") || "/",
          Description: textIn(inputs, "description") || undefined,
          AssumeRolePolicyDocument: policyText(inputs.assumeRolePolicy),
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
    read: async (before) => {
      const client = await aws.iam();
      const found = (await unlessNamed(GONE, () => client.getRole({ RoleName: before.id })))?.Role;
      if (found === undefined) return undefined;
      const { Arn: arn, RoleName: name, Path: path, Description: description, RoleId: uniqueId } = found;
      const assumeRolePolicy = readPolicy(found.AssumeRolePolicyDocument, before.outputs.assumeRolePolicy);
      const tags = readTags(found.Tags);
      return told(before, { arn, name, path, description, uniqueId, assumeRolePolicy, ...tags });
    },
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, () => client.deleteRole({ RoleName: before.id }));
    },
  };
}

/** `aws:iam/rolePolicyAttachment:RolePolicyAttachment`; internal/service/iam/role_policy_attachment.go. */
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
    read: async (before) => {
      const client = await aws.iam();
      const at = before.id.indexOf("/");
      const [role, policyArn] = [before.id.slice(0, at), before.id.slice(at + 1)];
      const found = await unlessNamed(GONE, () => client.listAttachedRolePolicies({ RoleName: role }));
      const isThere = found?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn);
      return isThere === true ? told(before, { role, policyArn }) : undefined;
    },
    remove: async (before) => {
      const client = await aws.iam();
      await unlessNamed(GONE, () => client.detachRolePolicy(pair(before.inputs)));
    },
  };
}
