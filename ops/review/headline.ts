import { namesOf } from "../../infra/names";
import type { Group } from "./groups";
import { type Kind, kindOfResource, subjectOf } from "./kind";
import { isRemade } from "./remade";
import type { PreviewedResource } from "./resource";
import { joined, type Sentence, say } from "./sentence";
import { maintenanceWindowOf } from "./timing";
import { allChangesOf, type ValueChange } from "./value";
import { changeWords, isImported, phraseOf } from "./words";

/** Kinds that only serve another one, which is named instead. */
const SERVING: readonly Kind[] = [
  ...["component", "grant", "default privileges", "read policy", "password", "secret value"],
  ...["alarm", "alarm topic", "alarm topic policy", "alarm subscription", "event subscription", "dashboard"],
  ...["random id", "key alias", "policy attachment"],
  "log group",
] as readonly Kind[];

/** What an app consists of for a reader of its headline; its owner role goes without saying. */
const PARTS = ["schema", "login", "reader", "secret"] as const;

/** How many resources a headline names. */
const MOST = 4;

const isInstance = (resource: PreviewedResource) => kindOfResource(resource) === "instance";

/** An app in its environment, or another part of the stack. */
function placeWords({ title, app, environment }: Group): Sentence {
  return app === undefined ? [title] : say`app ${app} in ${environment ?? ""}`;
}

/** A new app, or one that goes, by its parts; undefined where neither its schema nor its login does. */
function wholeApp(group: Group): { op: "create" | "delete"; words: Sentence } | undefined {
  const { app, environment, resources } = group;
  const reader = app !== undefined && environment !== undefined && namesOf(app, environment).reader;
  const partOf = (one: PreviewedResource) => {
    const kind = kindOfResource(one);
    return kind === "role" && subjectOf(one) === reader ? "reader" : kind;
  };
  for (const op of ["create", "delete"] as const) {
    const [schemas = [], logins = [], ...others] = PARTS.map((part) =>
      resources.filter((one) => one.op === op && !isRemade(one) && partOf(one) === part),
    );
    if (schemas.length === 0 || logins.length === 0) continue;
    const parts = [schemas, logins, ...others].flat();
    const named = joined(
      parts.map((one) => [`${partOf(one)} `, ...say`${subjectOf(one)}`]),
      ", ",
    );
    const where = placeWords(group);
    return {
      op,
      words: op === "create" ? ["new ", ...where, ": ", ...named] : [...where, " goes: ", ...named],
    };
  }
  return undefined;
}

/** Whether an app comes or goes as a whole. */
export function wholeChangeOf(group: Group): "new" | "gone" | undefined {
  const whole = group.app === undefined ? undefined : wholeApp(group);
  return whole && (whole.op === "create" ? "new" : "gone");
}

/** An instance that a deploy takes over. */
export interface TakenOver {
  readonly name: string;
  readonly changes: readonly ValueChange[];
  /** When RDS makes the changes that wait, such as `wed:06:38-wed:07:08`. */
  readonly window: string | undefined;
}

/** The instance that a group takes over; undefined where it takes over none, or the preview does not say how it changes. */
export function takenOverIn({ resources }: Group): TakenOver | undefined {
  const instance = resources.find((one) => isInstance(one) && isImported(one));
  if (instance === undefined) return undefined;
  const changes = instance.op === "update" ? allChangesOf(instance, "instance") : [];
  if (instance.op !== "import" && changes.length === 0) return undefined;
  return { name: subjectOf(instance), changes, window: maintenanceWindowOf(instance) };
}

/** What of an instance that is taken over changes, from what to what, and when. */
function takenOverWords({ name, changes, window }: TakenOver): Sentence {
  if (changes.length === 0)
    return say`takes over ${name}; where it differs from what is declared, it changes`;
  const until = window === undefined ? [] : say`; its maintenance window is ${window} UTC`;
  return [
    ...say`takes over ${name} as it is, and changes: `,
    ...joined(changes.map(changeWords), "; "),
    ...until,
  ];
}

/** What changes for an app, or for another part of the stack, in one sentence. */
export function headline(group: Group): Sentence {
  const { title, app, resources } = group;
  const whole = app === undefined ? undefined : wholeApp(group);
  if (whole !== undefined) return whole.words;
  const sorted = mainFirst(resources);
  const main = sorted.filter((one) => !SERVING.includes(kindOfResource(one)));
  const named = main.length > 0 ? main : sorted;
  const taken = takenOverIn(group);
  const phrases = named
    .slice(0, MOST)
    .map((one) => (isInstance(one) && taken !== undefined ? takenOverWords(taken) : phraseOf(one)));
  const end = named.length > MOST ? [`; and ${named.length - MOST} more`] : [];
  // The instance says what it is by itself.
  const isSaid = app === undefined && phrases[0]?.[0] === `${title} `;
  const start = isSaid || taken !== undefined ? [] : [...placeWords(group), ": "];
  return [...start, ...joined(phrases, "; "), ...end];
}

/** The instance, schemas, then roles, then the rest. */
function mainFirst(resources: readonly PreviewedResource[]): PreviewedResource[] {
  const ranks: Partial<Record<Kind, number>> = { instance: -1, database: -1, schema: 0, role: 1, login: 1 };
  const rank = (one: PreviewedResource) => ranks[kindOfResource(one)] ?? 2;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}
