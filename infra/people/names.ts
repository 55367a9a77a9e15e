import { type Environments, PROD, PROJECT } from "../names";

/** The two settings that declare who reads, and what each one's role begins with. */
export const VISITOR_KINDS = { people: "person", tools: "tool" } as const;

/** `people` or `tools`: the setting, and the part of its secrets' names. */
export type VisitorKind = keyof typeof VISITOR_KINDS;

/** Both of them, in the order in which they are declared. */
export const KINDS_OF_VISITORS = Object.keys(VISITOR_KINDS) as readonly VisitorKind[];

/** Every name of a visitor, a person or a tool that reads apps' tables, in one environment. */
export interface VisitorNames {
  readonly kind: VisitorKind;
  /** As the stack's file has it, e.g. `anna`. */
  readonly name: string;
  readonly environment: string;
  /** Logical name of the Pulumi component and prefix of its children, e.g. `person-anna-prod`. */
  readonly component: string;
  /** Role that logs in: `person_anna` in prod, `person_anna_dev` elsewhere. */
  readonly login: string;
  /** Secrets Manager name of its URL, e.g. `portal-db/prod/people/anna`. */
  readonly secret: string;
  /** IAM policy that reads that one secret, e.g. `portal-db-prod-people-anna-read`. */
  readonly readPolicy: string;
  /** IAM policy that logs in as that one role without a password, e.g. `portal-db-prod-people-anna-connect`. */
  readonly connectPolicy: string;
}

/** Names of a person or a tool in one environment. */
export function visitorNamesOf(kind: VisitorKind, name: string, environment: string): VisitorNames {
  const word = VISITOR_KINDS[kind];
  const policy = `${PROJECT}-${environment}-${kind}-${name}`;
  return {
    kind,
    name,
    environment,
    component: `${word}-${name}-${environment}`.replaceAll("_", "-"),
    login: environment === PROD ? `${word}_${name}` : `${word}_${name}_${environment}`,
    secret: `${PROJECT}/${environment}/${kind}/${name}`,
    readPolicy: `${policy}-read`,
    connectPolicy: `${policy}-connect`,
  };
}

/** What a visitor's role has for the server: its kind, and what follows in its name. */
export function visitorInRole(
  role: string,
): { readonly kind: VisitorKind; readonly rest: string } | undefined {
  const kind = KINDS_OF_VISITORS.find((one) => role.startsWith(`${VISITOR_KINDS[one]}_`));
  return kind && { kind, rest: role.slice(VISITOR_KINDS[kind].length + 1) };
}

/** What is wrong with a person's or a tool's name, or undefined. @param known environments at whose names none may end */
export function visitorProblem(name: string, known: Environments): string | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return "use lower-case letters, digits and '_', starting with a letter, such as 'anna'";
  // An app `people` keeps its migrator's secret where a person of this name would have one.
  const isTaken = name === "migrator" || /_(owner|reader|runtime|migrator)$/.test(name);
  if (isTaken || known.meaningOf(`x_${name}`)?.app === "x" || known.meaningOf(name) !== undefined)
    return "it reads as an environment or a role of an app; choose another name";
  return undefined;
}
