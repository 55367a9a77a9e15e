import {
  type DeclaredResource,
  inputOf,
  isOn,
  isPartlyUnknown,
  mapsOf,
  textOf,
  UNKNOWN,
} from "../access/declared-resource";
import { harmOf } from "../infra/instance/harmful-parameters";
import { isProd } from "./names";
import { ownVisitor, visitorOfRole } from "./own";

/** Whether it is a person's or a tool's: it holds nothing, and goes when its line does. */
function isVisitors({ type, inputs, ...scope }: DeclaredResource): boolean {
  const name = textOf(inputs, "name") ?? "";
  return type === "aws:secretsmanager/secret:Secret"
    ? ownVisitor("secret", name, scope) !== undefined
    : type === "postgresql:index/role:Role" && visitorOfRole(name, scope) !== undefined;
}

/** Prod's data and access: deletes and replacements are refused. */
export function protectProblem(resource: DeclaredResource): string | undefined {
  if (!isProd(resource.stack) || resource.protect || isVisitors(resource)) return undefined;
  return "is not protected; a delete or a replacement would go through: set protect";
}

/** Without cascade Postgres refuses to drop a schema that has tables. */
export function cascadeProblem({ stack, inputs }: DeclaredResource): string | undefined {
  if (!isProd(stack) || !isOn(inputOf(inputs, "dropCascade"))) return undefined;
  return "has dropCascade, so that dropping it drops what depends on it, tables too: set dropCascade to false";
}

/** A switch of the instance that has to stand at one value; AWS's own default is off. */
export function switchProblem(key: string, wanted: boolean) {
  return ({ inputs }: DeclaredResource): string | undefined => {
    const value = inputOf(inputs, key);
    if (value === UNKNOWN || isOn(value) === wanted) return undefined;
    return `has ${key} ${wanted ? "off" : "on"}: set it to ${wanted}`;
  };
}

/** Zero days switch backups off, and delete those that exist. */
export function retentionProblem({ inputs }: DeclaredResource): string | undefined {
  const days = inputOf(inputs, "backupRetentionPeriod");
  if (days === UNKNOWN || Number(days ?? 0) > 0) return undefined;
  return "keeps no backups: set backupRetentionPeriod to 1 day or more";
}

/** The last chance when the instance is deleted in spite of everything. */
export function finalSnapshotProblem({ inputs }: DeclaredResource): string | undefined {
  if (!isOn(inputOf(inputs, "skipFinalSnapshot"))) return undefined;
  return "leaves no snapshot when it is deleted: set skipFinalSnapshot to false";
}

/** Every client uses TLS, whatever its own settings say. */
export function forceSslProblem({ inputs }: DeclaredResource): string | undefined {
  const parameter = mapsOf(inputs, "parameters").find(({ name }) => name === "rds.force_ssl");
  const isUnknown =
    parameter === undefined ? isPartlyUnknown(inputs, "parameters") : parameter.value === UNKNOWN;
  if (isUnknown || parameter?.value === "1") return undefined;
  return "lets clients connect without TLS: set rds.force_ssl to 1";
}

/** Parameters that would hand passwords on, with what each may be. */
const QUIET: Readonly<Record<string, readonly string[]>> = {
  log_statement: ["none", "ddl"],
  password_encryption: ["scram-sha-256"],
};

const isNone = (value: unknown) => Number.parseFloat(String(value)) === 0;

/** Which part of what is long enough is logged, by the parameter that says how long; all, unless one says less. */
const SAMPLED_BY: Readonly<Record<string, string>> = {
  "auto_explain.log_min_duration": "auto_explain.sample_rate",
};

/** What logs each statement by another name than `log_statement`: none is quicker than this, all are sampled, each tree is printed. */
const LOGS_ALL: Readonly<Record<string, (value: unknown) => boolean>> = {
  "auto_explain.log_min_duration": isNone,
  debug_print_parse: (value) => value === "1",
  debug_print_plan: (value) => value === "1",
  debug_print_rewritten: (value) => value === "1",
  log_min_duration_statement: isNone,
  log_transaction_sample_rate: (value) => Number(value) === 1,
};

const ownOf = <T>(record: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === "string" && Object.hasOwn(record, key) ? record[key] : undefined;

/** The server's log holds no row of an app, and nobody's password can be guessed from what the server keeps. */
export function parameterProblem({ inputs }: DeclaredResource): string | undefined {
  const parameters = mapsOf(inputs, "parameters");
  const isSampled = (name: unknown) => {
    const rate = parameters.find((one) => one.name === ownOf(SAMPLED_BY, name))?.value;
    return rate !== undefined && Number(String(rate)) < 1;
  };
  const problems = parameters.flatMap(({ name, value }) => {
    const sets = `sets ${String(name)} to ${String(value)}`;
    if (ownOf(LOGS_ALL, name)?.(value) === true && !isSampled(name)) {
      const cure = String(name).includes("_duration") ? "set it to 100 or more, or leave" : "leave";
      return [`${sets}, which logs every statement: ${cure} it out`];
    }
    const allowed = ownOf(QUIET, name);
    if (allowed === undefined || value === UNKNOWN || allowed.includes(String(value))) return [];
    return [`${sets}: set it to ${allowed.join(" or ")}, or leave it out`];
  });
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** What a stack's file may not say, no program says either. */
export function harmfulProblem({ inputs }: DeclaredResource): string | undefined {
  const problems = mapsOf(inputs, "parameters").flatMap(({ name, value }) => {
    const harm = typeof value === "string" ? harmOf(String(name), value) : undefined;
    return harm === undefined ? [] : [`sets ${String(name)} to ${String(value)}, which ${harm}`];
  });
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** A copy in another region is under a key there, which is not the stack's. */
export function replicaProblem({ inputs }: DeclaredResource): string | undefined {
  const replicas = inputOf(inputs, "replicas");
  if (replicas === undefined || (Array.isArray(replicas) && replicas.length === 0)) return undefined;
  return "has copies in other regions: leave replicas out";
}

/** A secret that is deleted without a window is gone at once, and whoever reads it with it. */
export function recoveryProblem(resource: DeclaredResource): string | undefined {
  const { stack, inputs } = resource;
  if (isVisitors(resource)) return undefined;
  const days = inputOf(inputs, "recoveryWindowInDays");
  if (!isProd(stack) || days === undefined || days === UNKNOWN || Number(days) > 0) return undefined;
  return "cannot be restored once it is deleted: set recoveryWindowInDays to 7 days or more";
}

/** AWS's default key opens to everyone in the account who may read the secret. */
export function secretKeyProblem({ inputs }: DeclaredResource): string | undefined {
  const key = inputOf(inputs, "kmsKeyId");
  if (key === UNKNOWN) return undefined;
  if (typeof key === "string" && key !== "" && !key.endsWith("alias/aws/secretsmanager")) return undefined;
  return "is encrypted with AWS's default key: set kmsKeyId to the stack's key";
}
