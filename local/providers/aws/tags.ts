import { isRecord, type Properties } from "../../engine/values";

/** A tag as AWS APIs take it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

function tagMap(inputs: Properties): Readonly<Record<string, string>> {
  const { tags } = inputs;
  if (!isRecord(tags)) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** The tags of a resource's inputs. */
export function awsTags(inputs: Properties): Tag[] {
  return Object.entries(tagMap(inputs)).map(([Key, Value]) => ({ Key, Value }));
}

/** Keys of tags that were there and are no longer. */
export function droppedTags(before: Properties, after: Properties): string[] {
  const kept = tagMap(after);
  return Object.keys(tagMap(before)).filter((key) => !(key in kept));
}

/** Outputs that every tagged resource has. */
export function tagOutputs(inputs: Properties): Properties {
  return { tagsAll: tagMap(inputs) };
}

/** Tags as an API lists them, under the names of inputs and outputs. */
export function readTags(list: readonly { Key?: string; Value?: string }[] | undefined): Properties {
  const tags = Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  return { tags, tagsAll: tags };
}
