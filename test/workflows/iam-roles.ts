import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the roles of CI. */
export const IAM_FOLDER = join(__dirname, "../../docs/iam");

/** A statement of an IAM document, as far as the project writes them. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What is known of a request beside action and resource: tags, the calling service, the document of a session. */
export type RequestContext = Readonly<Record<string, string>>;

/** One value, or several, as a list. */
export const listOf = (value: string | readonly string[] = []): readonly string[] => [value].flat();

/** The policies of each role; whoever makes the roles reads the same file. */
export const ROLES = JSON.parse(readFileSync(join(IAM_FOLDER, "roles.json"), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

/** The statements of a file of `permissions` or `trust`. */
export function statementsOf(kind: "permissions" | "trust", name: string): readonly Statement[] {
  const text = readFileSync(join(IAM_FOLDER, kind, `${name}.json`), "utf8");
  return (JSON.parse(text) as { readonly Statement: readonly Statement[] }).Statement;
}

function fits(pattern: string, value: string, flags = ""): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags).test(value);
}

type Test = (value: string | undefined, wanted: string) => boolean;

/** The operators that the project uses; another one has to be added before it is judged. */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => value !== undefined && fits(wanted, value),
  ArnEquals: (value, wanted) => value !== undefined && fits(wanted, value),
  Bool: (value, wanted) => value === wanted,
  BoolIfExists: (value, wanted) => value === undefined || value === wanted,
  Null: (value, wanted) => String(value === undefined) === wanted,
};

function holds({ Condition = {} }: Statement, context: RequestContext): boolean {
  return Object.entries(Condition).every(([operator, keys]) => {
    const test = OPERATORS[operator];
    if (test === undefined) throw new Error(`no test knows the operator ${operator}`);
    return Object.entries(keys).every(([key, wanted]) =>
      listOf(wanted).some((one) => test(context[key], one)),
    );
  });
}

/** Whether a role of CI may do something, as IAM decides it: a Deny wins, and without an Allow the answer is no. */
export function may(role: string, action: string, resource: string, context: RequestContext = {}): boolean {
  const found = (ROLES[role] ?? [])
    .flatMap((policy) => statementsOf("permissions", policy))
    .filter(
      (statement) =>
        listOf(statement.Action).some((one) => fits(one, action, "i")) &&
        listOf(statement.Resource).some((one) => fits(one, resource)) &&
        holds(statement, context),
    );
  return found.length > 0 && found.every(({ Effect }) => Effect === "Allow");
}
