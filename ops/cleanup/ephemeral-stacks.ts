import { paginateListSecrets, type SecretListEntry } from "@aws-sdk/client-secrets-manager";
import { environmentsIn } from "../../infra/config/neighbours";
import { type Environments, environmentOfStack, namesOf, PROJECT } from "../../infra/names";
import type { Place } from "../app/place";
import { awsProblem, secretsManager } from "../app/secrets";
import { stackKeys } from "./stack-keys";

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

const tagsOf = ({ Tags = [] }: SecretListEntry): Map<string | undefined, string> =>
  new Map(Tags.map(({ Key, Value }) => [Key, Value ?? ""]));

/**
 * Reads a secret's tags as the stacks write them. Whatever does not fit in every part, also its name, is nobody's
 * business here: it is never listed, and so never removed.
 */
function partOf(secret: SecretListEntry, known: Environments): Part | undefined {
  const tags = tagsOf(secret);
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
