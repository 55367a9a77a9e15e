import { z } from "zod";
import { SSL_MODES } from "../app/database-url";
import { type AppNames, DEFAULT_MASTER, type Environments, namesOf } from "../names";
import { OLDEST_MAJOR } from "../postgres-version";
import { OWN_TAG_KEYS } from "../tags";
import { DEFAULT_CONNECTION_LIMIT, DEFAULT_CONNECTION_SHARE } from "./budget";
import { visitorShapes } from "./people";
import { allDiffer, endpoint, flag, integer, source, structured, TIMEOUTS, text, whole } from "./values";

/** The least storage that RDS gives an instance on the disks that the stacks declare. */
export const LEAST_STORAGE_GIB = 20;

/** The most storage that RDS gives an instance. */
export const MOST_STORAGE_GIB = 65_536;

/**
 * Days for which CloudWatch keeps logs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const LOG_RETENTION_DAYS = [
  ...[
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
    3653,
  ],
];

const SUBNET_ID = /^subnet-[0-9a-z]+$/;

const tags = z
  .record(
    z.string().min(1).max(128, { error: "a tag's key has at most 128 characters" }),
    z.string({ error: "must be text" }).max(256, { error: "has over 256 characters" }),
  )
  .refine((map) => Object.keys(map).every((key) => !/^aws:/i.test(key)), {
    error: "AWS keeps keys that start with aws: for itself; choose others",
  })
  .refine((map) => OWN_TAG_KEYS.every((key) => !(key in map)), {
    error: `${OWN_TAG_KEYS.join(", ")} are set by the stack; choose other keys`,
  });

const app = z.preprocess(
  (value) => value ?? {},
  z.strictObject(
    {
      /** Connections that the app's login may hold at once. @default 10 */
      connectionLimit: integer(1, 5000).default(DEFAULT_CONNECTION_LIMIT),
      /** Whether a NOLOGIN role that reads every table exists. @default false */
      reader: z.boolean({ error: "must be true or false" }).default(false),
      /**
       * Whether migrations have a login of their own, and the app another role than the owner's: false leaves that role
       * where it is, for sessions that still act as it. Left out, there is neither.
       */
      migrator: z.boolean({ error: "must be true or false" }).optional(),
      /** Number of the credential; raising it rotates the password. @default 1 */
      credential: integer(1, 1_000_000).default(1),
      ...TIMEOUTS,
      /** Further tags of the app's AWS resources. */
      tags: tags.default({}),
    },
    { error: "must be a map of the app's settings, or {}" },
  ),
);

const appName = (known: Environments) =>
  z.string().superRefine((value, context) => {
    const problem = known.appProblem(value);
    if (problem !== undefined) context.addIssue({ code: "custom", message: `bad app name: ${problem}` });
  });

const bastion = z.strictObject(
  {
    /** Subnet with a way out to SSM: a NAT gateway, or VPC endpoints. */
    subnetId: text("a subnet's id (subnet-…)", SUBNET_ID),
    /** EC2 instance type; the smallest is enough. */
    instanceType: text("an EC2 instance type, such as t4g.nano", /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/),
  },
  { error: "must be a map with subnetId and instanceType" },
);

const parameters = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$/i, { error: "is no name of a parameter" }),
    z
      .union([z.string(), z.number(), z.boolean()], {
        error: ({ input }) =>
          Array.isArray(input) ? "must be one text: a list is written with commas, a,b" : "must be one value",
      })
      .transform(String)
      .refine((value) => value.trim() !== "", { error: "must not be empty; leave it out" }),
    { error: "must be a map of the server's parameters to values" },
  )
  .refine((map) => allDiffer(Object.keys(map).map((key) => key.toLowerCase())), {
    error: "has a parameter twice: capitals make no difference",
  })
  // As RDS has them: its names are in lower case, whatever Postgres's are. Their values are for parameter-rules.ts to judge.
  .transform((map) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value] as const)),
  );

const name = /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/;

/** Settings that every stack may have. */
const common = (known: Environments) => ({
  apps: structured(z.record(appName(known), app, { error: "must be a map of apps" }), "a map of apps"),
  environments: structured(
    z.array(z.string({ error: "must be a name" })).min(1, { error: "needs one or more" }),
    "a list of environments, such as [dev, ci]",
  ).optional(),
  adminEndpoint: endpoint.optional(),
  appEndpoint: endpoint.optional(),
  sslmode: z.enum(SSL_MODES, { error: `must be one of ${SSL_MODES.join(", ")}` }).default("verify-full"),
  adminCaBundle: text("a path to the RDS CA bundle").optional(),
  adoptedLogins: structured(
    z.record(z.string(), text("a password"), { error: "must be a map of schemas to passwords" }),
    "a map of schemas to passwords",
  ).default({}),
  connectionShare: whole(1, 5000).default(DEFAULT_CONNECTION_SHARE),
  ...visitorShapes(known),
});

/** Settings of a stack that borrows the instance. @param known environments at whose names no app may end */
export const borrowerShape = common;

/** Settings of the stack that owns the instance. @param known environments at whose names no app may end */
export const ownerShape = (known: Environments) => ({
  ...common(known),
  masterUsername: text("a role's name: letters, digits and '_'", name).default(DEFAULT_MASTER),
  /** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
  masterPassword: text(
    'a password as RDS takes it: 8 to 128 printable ASCII characters without a space, /, " and @',
    /^[!#-.0-?A-~]{8,128}$/,
  ).optional(),
  adoptInstance: text("an instance's identifier", /^[a-z][a-z0-9-]{0,62}$/)
    .refine((id) => !/--|-$/.test(id), {
      error: "has a hyphen at its end, or two in a row, which RDS refuses",
    })
    .optional(),
  instanceOnly: flag.default(false),
  engineVersion: text("a major version alone, such as 17", /^\d{2}$/).refine(
    (version) => Number(version) >= OLDEST_MAJOR,
    { error: `must be ${OLDEST_MAJOR} or later: before, a role that makes roles may change every other one` },
  ),
  allowMajorVersionUpgrade: flag.default(false),
  instanceClass: text("an instance class, such as db.t4g.medium", /^db\.[a-z0-9]+\.[a-z0-9]+$/),
  maxConnections: whole(50, 20000).optional(),
  allocatedStorageGib: whole(LEAST_STORAGE_GIB, MOST_STORAGE_GIB),
  maxAllocatedStorageGib: whole(LEAST_STORAGE_GIB, MOST_STORAGE_GIB),
  multiAz: flag,
  backupRetentionDays: whole(1, 35).default(14),
  vpcId: text("a VPC's id (vpc-…)", /^vpc-[0-9a-z]+$/),
  subnetIds: structured(
    z
      .array(text("a subnet's id (subnet-…)", SUBNET_ID))
      .min(2, { error: "needs two subnets or more" })
      .refine(allDiffer, { error: "names a subnet twice" }),
    "a list of subnet ids",
  ),
  allowedSources: structured(
    z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, { error: "names are lower-case words" }), source)
      .refine((map) => allDiffer(Object.values(map)), { error: "has a source under two names" }),
    "a map of names to CIDR blocks or security group ids",
  ),
  alarmEmails: structured(
    z
      .array(z.email({ error: "must be an e-mail address" }))
      .refine(allDiffer, { error: "names an address twice" }),
    "a list of addresses",
  ).default([]),
  bastion: structured(bastion, "a map with subnetId and instanceType").optional(),
  extensions: structured(
    z
      .array(text("an extension's name", /^[a-z][a-z0-9_-]*$/))
      .refine(allDiffer, { error: "names an extension twice" }),
    "a list of extensions, such as [pgcrypto]",
  ).default([]),
  iamDatabaseAuthentication: flag.default(false),
  logRetentionDays: whole(0, 3653)
    .refine((days) => LOG_RETENTION_DAYS.includes(days), {
      error: `must be one of ${LOG_RETENTION_DAYS.join(", ")}, as CloudWatch keeps logs; 0 is for ever`,
    })
    .optional(),
  parameters: structured(parameters, "a map of the server's parameters to values").default({}),
  instanceTags: structured(tags, "a map of tags").optional(),
});

/** What a borrower's settings parse to. */
export type BorrowerSettings = z.output<z.ZodObject<ReturnType<typeof borrowerShape>>>;

/** What the owner's settings parse to. */
export type OwnerSettings = z.output<z.ZodObject<ReturnType<typeof ownerShape>>>;

/** The bastion's settings. */
export type BastionSettings = z.output<typeof bastion>;

/** One app's settings. */
export type AppSettings = z.output<typeof app>;

/** One app in one environment of a stack, with the app's settings. */
export interface DeclaredApp {
  readonly app: string;
  readonly environment: string;
  readonly settings: AppSettings;
}

/** The apps of a stack whose login existed before, with their names, in the order in which they are declared. */
export function adoptedApps(
  settings: Parameters<typeof declaredApps>[0] & {
    readonly adoptedLogins: Readonly<Record<string, string>>;
  },
): AppNames[] {
  return declaredApps(settings)
    .map(({ app, environment }) => namesOf(app, environment))
    .filter(({ schema }) => schema in settings.adoptedLogins);
}

/** Every app in every environment of a stack, in the order in which they are declared. */
export function declaredApps({
  apps,
  environments,
}: {
  readonly apps: Readonly<Record<string, AppSettings>>;
  readonly environments: readonly string[];
}): DeclaredApp[] {
  const sorted = Object.entries(apps).sort(([a], [b]) => (a < b ? -1 : 1));
  return environments.flatMap((environment) =>
    sorted.map(([app, settings]) => ({ app, environment, settings })),
  );
}
