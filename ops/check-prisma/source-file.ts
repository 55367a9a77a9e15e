import ts from "typescript";
import type { DeclaredSchema } from "../app/declared-schemas";
import { type FileFinding, schemaProblem, writtenOut } from "./finding";

/** A TypeScript or JavaScript file's findings, and whether it tells Prisma where the database is. */
export interface SourceFileResult {
  readonly findings: readonly FileFinding[];
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

/** A property's name, also when it is written in quotes. */
function nameText(node: ts.ObjectLiteralElementLike): string | undefined {
  return node.name?.getText().replace(/^["']|["']$/g, "");
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return node.properties.find((property) => nameText(property) === name);
}

/** Whether an expression is a URL, or falls back on one; an empty string is none. */
function isWrittenOut(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node)) return true;
  const holdsUrl = (part: ts.Node): boolean => {
    const text = ts.isTemplateExpression(part)
      ? part.head.text
      : ts.isStringLiteralLike(part)
        ? part.text
        : "";
    return /^postgres(ql)?:\/\//.test(text) || (ts.forEachChild(part, holdsUrl) ?? false);
  };
  return holdsUrl(node);
}

/** What is wrong with the `datasource` of `prisma.config.ts`. */
function* datasourceProblems(datasource: ts.Expression): Generator<readonly [ts.Node, string]> {
  // A variable may hold anything; only what is written here can be judged.
  if (!ts.isObjectLiteralExpression(datasource)) return;
  for (const key of ["url", "directUrl", "shadowDatabaseUrl"]) {
    const url = propertyOf(datasource, key);
    if (url === undefined || !ts.isPropertyAssignment(url)) continue;
    const variable = variableOf(url.initializer);
    if (isWrittenOut(url.initializer)) {
      yield [url, writtenOut(key)];
    } else if (key === "url" && variable !== undefined && variable !== "DATABASE_URL") {
      yield [url, `url reads ${variable}: the secret and the .env files have DATABASE_URL`];
    }
  }
}

/** Whether a datasource has a url, as far as can be seen. */
function mayHaveUrl(datasource: ts.Expression): boolean {
  if (!ts.isObjectLiteralExpression(datasource)) return true;
  return datasource.properties.some(ts.isSpreadAssignment) || propertyOf(datasource, "url") !== undefined;
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
  const findings: FileFinding[] = [];
  let hasUrl = false;
  const add = (node: ts.Node, message: string): void => {
    findings.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, message });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /(^|\.)PrismaPg$/.test(node.expression.getText())) {
      const problem = adapterProblem(node, app, declared);
      if (problem !== undefined) add(node, problem);
    }
    if (isConfig && ts.isShorthandPropertyAssignment(node) && node.name.text === "datasource") hasUrl = true;
    if (isConfig && ts.isPropertyAssignment(node) && nameText(node) === "datasource") {
      hasUrl ||= mayHaveUrl(node.initializer);
      for (const [place, message] of datasourceProblems(node.initializer)) add(place, message);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { findings, hasUrl };
}
