import type { RDS } from "@aws-sdk/client-rds";
import type { Properties } from "../../engine/values";
import { awsTags, droppedTags, readTags } from "./tags";

/** Brings the tags of something of RDS from the old inputs to the new ones. */
export async function bringTags(
  client: RDS,
  arn: string,
  before: Properties,
  inputs: Properties,
): Promise<void> {
  const TagKeys = droppedTags(before, inputs);
  if (TagKeys.length > 0) await client.removeTagsFromResource({ ResourceName: arn, TagKeys });
  await client.addTagsToResource({ ResourceName: arn, Tags: awsTags(inputs) });
}

/** The tags of something of RDS, under the names of inputs and outputs. */
export async function rdsTags(client: RDS, arn: string | undefined): Promise<Properties> {
  const { TagList } = await client.listTagsForResource({ ResourceName: arn });
  return readTags(TagList);
}
