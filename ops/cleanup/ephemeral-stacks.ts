import { paginateListSecrets, type SecretListEntry } from "@aws-sdk/client-secrets-manager";
import { environmentOfStack, namesOf, PROJECT } from "../../infra/names";
import type { Place } from "../app/place";
import { awsProblem, secretsManager } from "../app/secrets";

/** An ephemeral stack, as its secrets show it. */
export interface EphemeralStack {
  readonly stack: string;
  readonly environment: string;
  /** Its schemas, sorted. */
  readonly schemas: readonly string[];
  /** When its first secret was made: what Secrets Manager says, so that no stack has to declare a date. */
  readonly created: Date;
}

/** Stacks that stay, whatever their age. */
const LASTING = ["prod", "dev"];

const tagsOf = ({ Tags = [] }: SecretListEntry): Map<string | undefined, string> =>
  new Map(Tags.map(({ Key, Value }) => [Key, Value ?? ""]));

/**
 * Reads a secret's tags as the stacks write them. Whatever does not fit in every part, also its name, is nobody's
 * business here: it is never listed, and so never removed.
 */
function partOf(secret: SecretListEntry): EphemeralStack | undefined {
  const tags = tagsOf(secret);
  const [stack = "", environment = "", app = ""] = ["stack", "environment", "app"].map((key) =>
    tags.get(key),
  );
  if (tags.get("project") !== PROJECT || LASTING.includes(stack)) return undefined;
  if (!/^[a-z][a-z0-9-]*$/.test(stack) || environmentOfStack(stack) !== environment) return undefined;
  if (/(^|_)(prod|dev|ci)$/.test(environment)) return undefined;
  const names = namesOf(app, environment);
  if (secret.Name !== names.secret || secret.CreatedDate === undefined) return undefined;
  return { stack, environment, schemas: [names.schema], created: secret.CreatedDate };
}

/** The ephemeral stacks of a place, the oldest first. */
export async function ephemeralStacks(place: Place): Promise<EphemeralStack[]> {
  const byStack = new Map<string, EphemeralStack>();
  try {
    const client = await secretsManager(place);
    const filters = [{ Key: "name" as const, Values: [`${PROJECT}/`] }];
    for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters: filters })) {
      for (const part of SecretList.map(partOf)) {
        if (part === undefined) continue;
        const known = byStack.get(part.stack) ?? { ...part, schemas: [] };
        byStack.set(part.stack, {
          ...known,
          schemas: [...known.schemas, ...part.schemas].sort(),
          created: part.created < known.created ? part.created : known.created,
        });
      }
    }
  } catch (thrown) {
    throw awsProblem("the secrets cannot be listed", place, thrown);
  }
  return [...byStack.values()].sort((a, b) => a.created.getTime() - b.created.getTime());
}
