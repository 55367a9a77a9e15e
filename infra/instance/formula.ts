/** What a formula may reckon with; of the rest nothing is known before the instance runs. */
export interface FormulaVariables {
  /** Bytes that the server has. */
  readonly DBInstanceClassMemory?: number | undefined;
  /** Bytes of storage. */
  readonly AllocatedStorage?: number | undefined;
}

const VARIABLE = /^(?:AllocatedStorage|DBInstanceClassMemory|DBInstanceVCPU|EndPointPort|TrueIfReplica)\b/;

const FUNCTIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  GREATEST: (values) => Math.max(...values),
  LEAST: (values) => Math.min(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
};

/** Whether a value is meant as a formula. */
export const isFormula = (value: string): boolean => /[{}()]/.test(value);

/**
 * What a formula of RDS comes to: a number; NaN where it depends on what is not known; undefined where it is none.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
 */
export function formulaValue(text: string, variables: FormulaVariables): number | undefined {
  let rest = text;
  const take = (pattern: RegExp): string | undefined => {
    const [found] = pattern.exec(rest) ?? [];
    if (found !== undefined) rest = rest.slice(found.length).trimStart();
    return found;
  };
  const atom = (): number | undefined => {
    const number = take(/^-?\d+/);
    if (number !== undefined) return Number(number);
    const variable = take(VARIABLE);
    if (variable !== undefined) return variables[variable as keyof FormulaVariables] ?? Number.NaN;
    if (take(/^log\s*\(/i) === undefined) return undefined;
    const inner = product();
    return take(/^\)/) === undefined || inner === undefined ? undefined : Math.log2(inner);
  };
  const product = (): number | undefined => {
    let value = atom();
    for (let sign = take(/^[*/]/); sign !== undefined && value !== undefined; sign = take(/^[*/]/)) {
      const next = atom();
      if (next === undefined) return undefined;
      value = sign === "*" ? value * next : value / next;
    }
    return value;
  };
  const value = (): number | undefined => {
    if (take(/^\{/) !== undefined) {
      const inner = product();
      return take(/^\}/) === undefined ? undefined : inner;
    }
    const name = take(/^(?:GREATEST|LEAST|SUM)\s*\(/i);
    if (name === undefined) return atom();
    const values: number[] = [];
    do {
      const next = value();
      if (next === undefined) return undefined;
      values.push(next);
    } while (take(/^,/) !== undefined);
    const reckon = FUNCTIONS[name.replace(/\s*\($/, "").toUpperCase()];
    return take(/^\)/) === undefined ? undefined : reckon?.(values);
  };
  rest = text.trim();
  const found = value();
  return rest === "" && found !== undefined ? Math.floor(found) : undefined;
}
