import { type AliasListEntry, KMS, paginateListAliases, paginateListResourceTags } from "@aws-sdk/client-kms";
import { paginateListSecrets, type SecretListEntry } from "@aws-sdk/client-secrets-manager";
import { CREATED_TAG } from "../../infra/age-label";
import { environmentsIn } from "../../infra/config/neighbours";
import { type Environments, environmentOfStack, namesOf, PROJECT } from "../../infra/names";
import { clientSettings, type Place } from "../app/place";
import { awsProblem, secretsManager } from "../app/secrets";

/** An ephemeral stack, as its key and its secrets show it. */
export interface EphemeralStack {
  readonly stack: string;
  readonly environment: string;
  /** Its schemas, sorted; none where a deployment failed before the first secret. */
  readonly schemas: readonly string[];
  /** When it was first deployed: its key's label, or else what AWS says of the key and of the first secret. */
  readonly created: Date;
}

/** A part of a stack; the parts are put together. */
interface Part {
  readonly stack: string;
  readonly schemas: readonly string[];
  readonly labelled?: Date | undefined;
  readonly secretMade?: Date | undefined;
}

/** Whether a stack may be one that comes and goes; prod and dev stay, whatever their age. */
function isEphemeral(stack: string, known: Environments): boolean {
  if (!/^[a-z][a-z0-9-]*$/.test(stack)) return false;
  const environment = environmentOfStack(stack);
  return (
    known.environmentProblem(environment) === undefined &&
    known.stackOf(environment) === stack &&
    stack !== "dev"
  );
}

const secretTagsOf = ({ Tags = [] }: SecretListEntry): Map<string | undefined, string> =>
  new Map(Tags.map(({ Key, Value }) => [Key, Value ?? ""]));

/**
 * Reads a secret's tags as the stacks write them. Whatever does not fit in every part, also its name, is nobody's
 * business here: it is never listed, and so never removed.
 */
function partOf(secret: SecretListEntry, known: Environments): Part | undefined {
  const tags = secretTagsOf(secret);
  const [stack = "", environment = "", app = ""] = ["stack", "environment", "app"].map((key) =>
    tags.get(key),
  );
  if (tags.get("project") !== PROJECT || !isEphemeral(stack, known)) return undefined;
  if (environmentOfStack(stack) !== environment) return undefined;
  const names = namesOf(app, environment);
  if (secret.Name !== names.secret || secret.CreatedDate === undefined) return undefined;
  return { stack, schemas: [names.schema], secretMade: secret.CreatedDate };
}

async function partsOf(place: Place): Promise<Part[]> {
  const parts: Part[] = [];
  const known = environmentsIn(place.configDir);
  const client = await secretsManager(place);
  const filters = [{ Key: "name" as const, Values: [`${PROJECT}/`] }];
  for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters: filters })) {
    parts.push(...SecretList.map((secret) => partOf(secret, known)).filter((part) => part !== undefined));
  }
  for (const { stack, created } of await stackKeys(place, (stack) => isEphemeral(stack, known))) {
    parts.push({ stack, schemas: [], labelled: created });
  }
  return parts;
}

const earliest = (dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];

/** The ephemeral stacks of a place, the oldest first. A stack of which nothing says a date counts as made now. */
export async function ephemeralStacks(place: Place): Promise<EphemeralStack[]> {
  let parts: Part[];
  try {
    parts = await partsOf(place);
  } catch (thrown) {
    throw awsProblem("the secrets and keys cannot be listed", place, thrown);
  }
  const stacks = [...new Set(parts.map(({ stack }) => stack))].map((stack) => {
    const own = parts.filter((part) => part.stack === stack);
    const made = earliest(own.map(({ secretMade }) => secretMade));
    return {
      stack,
      environment: environmentOfStack(stack),
      schemas: own.flatMap(({ schemas }) => schemas).sort(),
      created: earliest(own.map(({ labelled }) => labelled)) ?? made ?? new Date(),
    };
  });
  return stacks.sort((a, b) => a.created.getTime() - b.created.getTime());
}

/** The key of a stack's secrets: what a deployment makes first, and destroys last. */
interface StackKey {
  readonly stack: string;
  /** When the stack was first deployed: the tag, or what KMS says of the alias; undefined when neither does. */
  readonly created: Date | undefined;
}

const ALIAS = `alias/${PROJECT}-`;

async function keyTagsOf(kms: KMS, keyId: string): Promise<Map<string | undefined, string | undefined>> {
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
  const tags = await keyTagsOf(kms, TargetKeyId);
  if (tags.get("project") !== PROJECT || tags.get("stack") !== stack) return undefined;
  const label = tags.get(CREATED_TAG);
  const created = label !== undefined && /^\d{4}-\d\d-\d\d$/.test(label) ? new Date(label) : CreationDate;
  return { stack, created };
}

/**
 * The keys of the project's stacks in a place, by alias and tags alike.
 * @param isWanted which stacks are asked for; tags of other keys may be nobody's to read
 */
async function stackKeys(place: Place, isWanted: (stack: string) => boolean): Promise<StackKey[]> {
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
