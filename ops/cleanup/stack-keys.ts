import { type AliasListEntry, KMS, paginateListAliases, paginateListResourceTags } from "@aws-sdk/client-kms";
import { CREATED_TAG } from "../../infra/age-label";
import { PROJECT } from "../../infra/names";
import { clientSettings, type Place } from "../app/place";

/** The key of a stack's secrets: what a deployment makes first, and destroys last. */
export interface StackKey {
  readonly stack: string;
  /** When the stack was first deployed: the tag, or what KMS says of the alias; undefined when neither does. */
  readonly created: Date | undefined;
}

const ALIAS = `alias/${PROJECT}-`;

async function tagsOf(kms: KMS, keyId: string): Promise<Map<string | undefined, string | undefined>> {
  const tags = new Map<string | undefined, string | undefined>();
  for await (const { Tags = [] } of paginateListResourceTags({ client: kms }, { KeyId: keyId })) {
    for (const { TagKey, TagValue } of Tags) tags.set(TagKey, TagValue);
  }
  return tags;
}

/** The stack that an alias is named after; undefined for every other alias. */
function stackOf({ AliasName = "" }: AliasListEntry): string | undefined {
  return AliasName.startsWith(ALIAS) ? AliasName.slice(ALIAS.length) : undefined;
}

async function stackKey(kms: KMS, stack: string, { TargetKeyId, CreationDate }: AliasListEntry) {
  if (TargetKeyId === undefined) return undefined;
  const tags = await tagsOf(kms, TargetKeyId);
  if (tags.get("project") !== PROJECT || tags.get("stack") !== stack) return undefined;
  const label = tags.get(CREATED_TAG);
  const created = label !== undefined && /^\d{4}-\d\d-\d\d$/.test(label) ? new Date(label) : CreationDate;
  return { stack, created };
}

/**
 * The keys of the project's stacks in a place, by alias and tags alike.
 * @param isWanted which stacks are asked for; tags of other keys may be nobody's to read
 */
export async function stackKeys(place: Place, isWanted: (stack: string) => boolean): Promise<StackKey[]> {
  const kms = new KMS(clientSettings(place));
  const found: StackKey[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {})) {
    for (const alias of Aliases) {
      const stack = stackOf(alias);
      if (stack === undefined || !isWanted(stack)) continue;
      const key = await stackKey(kms, stack, alias);
      if (key !== undefined) found.push(key);
    }
  }
  return found;
}
