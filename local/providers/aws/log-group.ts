import { type Before, type Handler, textIn, told, wholeIn } from "../../engine/handler";
import { isRecord, type Properties } from "../../engine/values";
import { REGION } from "../../servers/aws-emulator";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { awsTags, droppedTags, tagOutputs } from "./tags";

/** Type of a log group. */
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const arnOf = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;

const tagsIn = (inputs: Properties) =>
  Object.fromEntries(awsTags(inputs).map(({ Key, Value }) => [Key, Value]));

/** The log groups in the emulator, under the names of inputs and outputs. */
export async function logGroupsIn(
  aws: AwsClients,
  prefix?: string,
): Promise<(Properties & { readonly name: string })[]> {
  const { logGroups } = await aws.logs("DescribeLogGroups", prefix ? { logGroupNamePrefix: prefix } : {});
  const found = Array.isArray(logGroups) ? logGroups.filter(isRecord) : [];
  return Promise.all(
    found.map(async ({ logGroupName, retentionInDays = 0 }) => {
      const name = String(logGroupName);
      const { tags = {} } = await aws.logs("ListTagsForResource", { resourceArn: arnOf(name) });
      return { name, arn: arnOf(name), retentionInDays, tags };
    }),
  );
}

/** `aws:cloudwatch/logGroup:LogGroup`; internal/service/logs/group.go of the provider. */
export function logGroupHandler(aws: AwsClients): Handler {
  const keep = async (name: string, days: number) => {
    const logGroupName = name;
    if (days > 0) await aws.logs("PutRetentionPolicy", { logGroupName, retentionInDays: days });
    else await aws.logs("DeleteRetentionPolicy", { logGroupName });
  };
  const bring = async (inputs: Properties, before: Properties = {}) => {
    const name = textIn(inputs, "name");
    const resourceArn = arnOf(name);
    await unlessNamed(["ResourceAlreadyExistsException"], () =>
      aws.logs("CreateLogGroup", { logGroupName: name, tags: tagsIn(inputs) }),
    );
    await keep(name, wholeIn(inputs, "retentionInDays", 0));
    const tagKeys = droppedTags(before, inputs);
    if (tagKeys.length > 0) await aws.logs("UntagResource", { resourceArn, tagKeys });
    await aws.logs("TagResource", { resourceArn, tags: tagsIn(inputs) });
    return { id: name, outputs: { ...inputs, ...tagOutputs(inputs), arn: resourceArn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    defaults: { retentionInDays: 0, skipDestroy: false, logGroupClass: "STANDARD" },
    create: (inputs) => bring(inputs),
    update: (before, inputs) => bring(inputs, before.inputs),
    read: async (before: Before) => {
      const found = (await logGroupsIn(aws, before.id)).find(({ name }) => name === before.id);
      return found === undefined ? undefined : told(before, { ...found, tagsAll: found.tags });
    },
    remove: async ({ id }) => {
      await unlessNamed(["ResourceNotFoundException"], () =>
        aws.logs("DeleteLogGroup", { logGroupName: id }),
      );
    },
  };
}
