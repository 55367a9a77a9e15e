/** A statement of an IAM document, as far as the project writes them. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What is known of a request beside action and resource: tags, the calling service, the document of a session. */
export type RequestContext = Readonly<Record<string, string>>;

/** One value, or several, as a list. */
export const listOf = (value: string | readonly string[] = []): readonly string[] => [value].flat();

function fits(pattern: string, value: string, flags = ""): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags).test(value);
}

/** Each of an ARN's six parts is compared by itself: no asterisk reaches into the next. */
function fitsArn(pattern: string, value: string): boolean {
  const parts = (arn: string) => {
    const all = arn.split(":");
    return [...all.slice(0, 5), all.slice(5).join(":")];
  };
  const [wanted, found] = [parts(pattern), parts(value)];
  return wanted.every((part, at) => fits(part, found[at] ?? ""));
}

type Test = (value: string | undefined, wanted: string) => boolean;

/** The operators that the project uses; another one has to be added before it is judged. */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => value !== undefined && fits(wanted, value),
  ArnEquals: (value, wanted) => value !== undefined && fitsArn(wanted, value),
  ArnLike: (value, wanted) => value !== undefined && fitsArn(wanted, value),
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

/** Whether statements allow a request, as IAM decides it: a Deny wins, and without an Allow the answer is no. */
export function allows(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: RequestContext = {},
): boolean {
  const found = statements.filter(
    (statement) =>
      listOf(statement.Action).some((one) => fits(one, action, "i")) &&
      listOf(statement.Resource).some((one) => fits(one, resource)) &&
      holds(statement, context),
  );
  return found.length > 0 && found.every(({ Effect }) => Effect === "Allow");
}
