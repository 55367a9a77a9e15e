import { z } from "zod";
import { type Environments, PROD } from "../names";
import { isOver, lastDayIn } from "../people/end";
import {
  KINDS_OF_VISITORS,
  type VisitorKind,
  type VisitorNames,
  visitorNamesOf,
  visitorProblem,
} from "../people/names";
import { DEFAULT_VISITOR_CONNECTIONS } from "./budget";
import type { Neighbour } from "./neighbours";
import { parsedJson } from "./stack-file";
import { allDiffer, integer, structured, TIMEOUTS } from "./values";

const NO_DATE = "must be a date up to 2999-12-31, such as 2027-01-31";

const until = z.string({ error: NO_DATE }).transform((text, context) => {
  const day = lastDayIn(text);
  if (day !== undefined) return day;
  context.addIssue({ code: "custom", message: NO_DATE });
  return z.NEVER;
});

const flag = (by: boolean) => z.boolean({ error: "must be true or false" }).default(by);

const shared = {
  /** Apps whose tables it may read; the first one's are found by their bare names. */
  reads: z
    .array(z.string({ error: "must be an app's name" }), { error: "must be a list of apps, such as [wms]" })
    .min(1, { error: "must name an app or more" })
    .refine(allDiffer, { error: "names an app twice" }),
  /** Connections that it may hold at once. @default 2 */
  connectionLimit: integer(1, 5000).default(DEFAULT_VISITOR_CONNECTIONS),
  /** Whether it logs in with an IAM token, and has no password; in prod alone. @default false */
  iam: flag(false),
  /** Number of the password; raised by one, it gets another one, and the one before ends at once. @default 1 */
  credential: integer(1, 1_000_000).default(1),
  ...TIMEOUTS,
};

const person = z.strictObject({ ...shared, until }, { error: "must be a map with reads and until" });
const tool = z.strictObject({ ...shared, until: until.optional() }, { error: "must be a map with reads" });

/** One person's or tool's settings. @property until the last day of its access, in UTC */
export type VisitorSettings = Omit<z.output<typeof person>, "until"> & {
  readonly until?: string | undefined;
};

/** The settings `people` and `tools`. @param known environments at whose names none of theirs may end */
export function visitorShapes(known: Environments) {
  const name = z.string().superRefine((value, context) => {
    const problem = visitorProblem(value, known);
    if (problem !== undefined) context.addIssue({ code: "custom", message: `bad name: ${problem}` });
  });
  return {
    people: structured(
      z.record(name, person, { error: "must be a map of people" }),
      "a map of people",
    ).default({}),
    tools: structured(z.record(name, tool, { error: "must be a map of tools" }), "a map of tools").default(
      {},
    ),
  };
}

/** A person or a tool in one environment of a stack. */
export interface DeclaredVisitor {
  readonly names: VisitorNames;
  readonly settings: VisitorSettings;
}

type Visitors = Readonly<Record<VisitorKind, Readonly<Record<string, VisitorSettings>>>> & {
  readonly environments: readonly string[];
};

/** Every person and tool of a stack in each of its environments, in the order in which they are declared. */
export function declaredVisitors(settings: Visitors): DeclaredVisitor[] {
  return settings.environments.flatMap((environment) =>
    KINDS_OF_VISITORS.flatMap((kind) =>
      Object.entries(settings[kind])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, own]) => ({ names: visitorNamesOf(kind, name, environment), settings: own })),
    ),
  );
}

/** Each person and tool once, with the words before what is wrong with it. */
function eachVisitor(settings: Visitors): (DeclaredVisitor & { readonly where: string })[] {
  const [environment = PROD] = settings.environments;
  return declaredVisitors({ ...settings, environments: [environment] }).map((one) => ({
    ...one,
    where: `${one.names.kind}.${one.names.name}`,
  }));
}

/** Whoever reads an app that is not there, or that nobody can read. */
export function readsProblems(
  settings: Visitors & {
    readonly apps: Readonly<Record<string, { readonly reader: boolean }>>;
    readonly stack: string;
  },
): string[] {
  const { apps, stack } = settings;
  return eachVisitor(settings).flatMap(({ where, settings: { reads } }) =>
    reads.flatMap((app) => {
      const own = Object.hasOwn(apps, app) ? apps[app] : undefined;
      if (own === undefined) {
        const known = Object.keys(apps).join(", ") || "none";
        return [`${where}.reads: there is no app '${app}' in the stack ${stack}; it has ${known}`];
      }
      return own.reader ? [] : [`${where}.reads: ${app} has no reader; set apps.${app}.reader to true`];
    }),
  );
}

/** Roles that Postgres would cut, or that somebody else has. */
export function visitorNameProblems(
  settings: Visitors & { readonly masterUsername?: string },
  neighbours: readonly Neighbour[],
): string[] {
  const takenBy = new Map<string, string>(
    neighbours.flatMap(({ stack, visitors }) =>
      visitors.map((login) => [login, `the stack ${stack}`] as const),
    ),
  );
  if (settings.masterUsername !== undefined) takenBy.set(settings.masterUsername, "the master user");
  return declaredVisitors(settings).flatMap(({ names: { kind, name, login } }) => {
    const taken = takenBy.get(login);
    if (Buffer.byteLength(login) > 63)
      return [`${kind}.${name}: '${login}' is over Postgres's 63 bytes; choose a shorter name`];
    return taken === undefined
      ? []
      : [`${kind}.${name}: '${login}' is already the name of ${taken}; choose another`];
  });
}

/** An end that has passed: whoever had it is to be taken out, since the role stays until then. @param now undefined where nothing is deployed */
export function endProblems(
  settings: Visitors & { readonly stack: string },
  now: Date | undefined,
): string[] {
  return eachVisitor(settings).flatMap(({ where, settings: { until: end } }) =>
    now !== undefined && end !== undefined && isOver(end, now)
      ? [`${where}: until ${end} has passed; take the line out of Pulumi.${settings.stack}.yaml`]
      : [],
  );
}

/** What an IAM login needs, and only prod has: the master gives it, and IAM knows the instance. */
export function iamProblems(
  settings: Visitors & {
    readonly stack: string;
    readonly sslmode: string;
    readonly iamDatabaseAuthentication?: boolean;
  },
): string[] {
  return eachVisitor(settings).flatMap(({ where, settings: { iam } }) => {
    if (!iam) return [];
    if (settings.stack !== PROD)
      return [`${where}.iam: only the stack prod can let somebody in by IAM; leave it out here`];
    return [
      ...(settings.iamDatabaseAuthentication === true
        ? []
        : [`${where}.iam: the instance takes no IAM tokens; set iamDatabaseAuthentication to true`]),
      ...(settings.sslmode === "disable"
        ? [`${where}.iam: RDS takes IAM tokens over TLS alone; set sslmode to verify-full`]
        : []),
    ];
  });
}

/** A server whose clock reads otherwise than UTC: it would answer with another text of each end, and each deploy would change it back. */
export function timezoneProblems(
  settings: Visitors & { readonly parameters: Readonly<Record<string, string>> },
): string[] {
  const { timezone } = settings.parameters;
  const isUtc = timezone === undefined || /^(utc|gmt|etc\/(utc|gmt|uct|zulu)|zulu|uct)$/i.test(timezone);
  const ends = eachVisitor(settings).filter(({ settings: { until: end } }) => end !== undefined);
  if (isUtc || ends.length === 0) return [];
  return [
    `parameters.timezone: must be UTC or left out, since ${ends.map(({ where }) => where).join(", ")} has an end: ` +
      "the provider compares it as the server shows it, and would change it in each deploy",
  ];
}

/**
 * The text of `people` or `tools` with a password for whoever logs in by IAM: where there is no IAM, and where it is asked
 * what they may do, which is the same.
 */
export function withoutIam(text: string | undefined): string | undefined {
  const visitors = parsedJson(text);
  if (typeof visitors !== "object" || visitors === null) return text;
  const entries = Object.entries(visitors).map(([name, settings]) => {
    if (typeof settings !== "object" || settings === null) return [name, settings] as const;
    const { iam: _, ...others } = settings as Record<string, unknown>;
    return [name, others] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}
