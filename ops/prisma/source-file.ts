import ts from "typescript";
import { type DeclaredSchema, schemaProblem } from "./declared-schemas";
import type { Finding } from "./finding";

/** A TypeScript or JavaScript file's findings, and whether it tells Prisma where the database is. */
export interface SourceFileResult {
  readonly findings: readonly Finding[];
  readonly hasUrl: boolean;
}

/** The variable that an expression reads: `env("X")`, `process.env.X`, `process.env["X"]`, also with a fallback. */
function variableOf(node: ts.Expression): string | undefined {
  if (ts.isCallExpression(node)) {
    const [argument] = node.arguments;
    if (node.expression.getText() === "env" && argument !== undefined && ts.isStringLiteralLike(argument))
      return argument.text;
    return undefined;
  }
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === "process.env")
    return node.name.text;
  if (ts.isElementAccessExpression(node) && node.expression.getText() === "process.env") {
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
  }
  if (ts.isBinaryExpression(node)) return variableOf(node.left);
  if (ts.isNonNullExpression(node) || ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) {
    return variableOf(node.expression);
  }
  return undefined;
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return node.properties.find(
    (property) => property.name !== undefined && property.name.getText().replace(/^["']|["']$/g, "") === name,
  );
}

/** What is wrong with the second argument of `new PrismaPg(…)`: without a schema in it, every query goes to `public`. */
function adapterProblem(
  node: ts.NewExpression,
  app: string,
  declared: readonly DeclaredSchema[],
): string | undefined {
  const options = node.arguments?.[1];
  const missing = "the adapter ignores ?schema=: give it { schema } as second argument, read from the URL";
  if (options === undefined) return missing;
  // A variable may hold anything; only what is written here can be judged.
  if (!ts.isObjectLiteralExpression(options) || options.properties.some(ts.isSpreadAssignment))
    return undefined;
  const schema = propertyOf(options, "schema");
  if (schema === undefined) return missing;
  if (!ts.isPropertyAssignment(schema) || !ts.isStringLiteralLike(schema.initializer)) return undefined;
  const { text } = schema.initializer;
  return schemaProblem(declared, app, text) ?? `schema "${text}" fixes the environment: read it from the URL`;
}

/** Checks a source file of an app: `prisma.config.ts` and wherever an adapter is made. */
export function checkSourceFile(
  file: string,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
  isConfig: boolean,
): SourceFileResult {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  let hasUrl = false;
  const add = (node: ts.Node, message: string): void => {
    findings.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, message });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === "PrismaPg") {
      const problem = adapterProblem(node, app, declared);
      if (problem !== undefined) add(node, problem);
    }
    const isDatasource = isConfig && ts.isPropertyAssignment(node) && node.name.getText() === "datasource";
    if (isDatasource && ts.isObjectLiteralExpression(node.initializer)) {
      const url = propertyOf(node.initializer, "url");
      if (url !== undefined && ts.isPropertyAssignment(url)) {
        hasUrl = true;
        const variable = variableOf(url.initializer);
        if (ts.isStringLiteralLike(url.initializer))
          add(url, 'url is written out: take it from env("DATABASE_URL")');
        else if (variable !== undefined && variable !== "DATABASE_URL") {
          add(url, `url reads ${variable}: the secret and the .env files have DATABASE_URL`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { findings, hasUrl };
}
