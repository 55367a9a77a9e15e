import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CHECKOUT } from "../helpers/process";

const WORKFLOWS = join(CHECKOUT, ".github/workflows");

/** A step of a job. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job, of its own steps or of another workflow. */
export interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly strategy?: {
    readonly matrix: { readonly stack?: readonly string[]; readonly node?: readonly number[] };
  };
  readonly concurrency?: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

/** A workflow. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** An environment of the repository, as the administrator makes it from the same file. */
export interface Environment {
  readonly role: string;
  readonly state: string;
  readonly mainOnly: boolean;
  readonly reviewers: boolean;
}

/** Every workflow's file. */
export const WORKFLOW_FILES = readdirSync(WORKFLOWS).sort();

/** A workflow's text. */
export const workflowText = (file: string): string => readFileSync(join(WORKFLOWS, file), "utf8");

/** A workflow, parsed. */
export const workflowOf = (file: string): Workflow => parse(workflowText(file)) as Workflow;

/** The jobs of a workflow by name. */
export const jobsOf = (file: string): (readonly [string, Job])[] => Object.entries(workflowOf(file).jobs);

/** Every job there is, under `<file> <job>`. */
export const JOBS = WORKFLOW_FILES.flatMap((file) =>
  jobsOf(file).map(([name, job]) => [`${file} ${name}`, job] as const),
);

/** The environments that a job runs in, one for each stack of its matrix. */
export function environmentsOf({ environment, strategy }: Job): string[] {
  if (environment === undefined) return [];
  const stacks = strategy?.matrix.stack ?? [""];
  return stacks.map((stack) => environment.replace(/\$\{\{ matrix\.stack \}\}/, stack));
}

const DOCUMENTS = join(__dirname, "../../docs/github");

/** The environments of the repository by name. */
export const ENVIRONMENTS = JSON.parse(
  readFileSync(join(DOCUMENTS, "environments.json"), "utf8"),
) as Readonly<Record<string, Environment>>;

/** The rules of the branch main. */
export const RULESET: unknown = JSON.parse(readFileSync(join(DOCUMENTS, "ruleset.json"), "utf8"));
