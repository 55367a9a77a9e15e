import ts from "typescript";
import type { DeclaredSchema } from "../app/declared-schemas";
import { parsedScript } from "../sql/parsed-script";
import { type LineFinding, UNWRITTEN } from "./finding";
import { heeded } from "./ignored";
import { hasMigrator, ownersProblem } from "./migrator-rules";
import { nodesIn, type SourceValues } from "./source-values";
import { SqlProblems, tokensIn } from "./sql-problems";

/** Prisma's and node-postgres's ways to SQL: as a tag of a template, and as a function of a text. */
const TAGS = /(^|\.)(\$(queryRaw|executeRaw)|Prisma\.sql|sql)$/;
const CALLS = /(^|\.)(\$(queryRawUnsafe|executeRawUnsafe)|Prisma\.raw|raw)$/;
const SQL_OF_PG = /\.query$/;

/** SQL in a source file, with `$1` or a word that nothing has for what only a run knows. */
interface SourceSql {
  readonly node: ts.Node;
  readonly text: string;
}

/** A template's text. A value is a parameter; within a name, or beside one, it is a part of it. */
function templateText(template: ts.TemplateLiteral, values: SourceValues): string {
  if (!ts.isTemplateExpression(template)) return template.text;
  let text = template.head.text;
  for (const [index, { expression, literal }] of template.templateSpans.entries()) {
    const isPart = /[\w".]$/.test(text) || /^[\w".]/.test(literal.text);
    const fragment = fragmentOf(expression, values);
    text += (fragment ?? (isPart ? UNWRITTEN : `$${index + 1}`)) + literal.text;
  }
  return text;
}

/** `Prisma.raw("…")`, also by way of a constant, is SQL and no parameter. */
function fragmentOf(expression: ts.Expression, values: SourceValues): string | undefined {
  const value = values.resolved(expression);
  const [argument] =
    ts.isCallExpression(value) && CALLS.test(value.expression.getText()) ? value.arguments : [];
  return argument && values.textOf(argument);
}

/** What is called, as `a.b`, also where it is written `a["b"]`, or has another name in the file. */
function calleeOf(called: ts.Expression, values: SourceValues): string {
  const foreign = ts.isIdentifier(called) ? values.names.foreignName(called.text) : undefined;
  if (foreign !== undefined) return `.${foreign}`;
  const node = ts.isIdentifier(called) ? values.resolved(called) : called;
  const isByText = ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression);
  return isByText ? `.${node.argumentExpression.text}` : node.getText();
}

/** The SQL that a node runs or makes; undefined for any other node. */
function sqlIn(node: ts.Node, values: SourceValues, isOfPg: boolean): string | undefined {
  if (ts.isTaggedTemplateExpression(node))
    return TAGS.test(node.tag.getText()) ? templateText(node.template, values) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const callee = calleeOf(node.expression, values);
  const [argument] = node.arguments;
  if (argument === undefined || !(CALLS.test(callee) || (isOfPg && SQL_OF_PG.test(callee)))) return undefined;
  const value = values.resolved(argument);
  if (!ts.isObjectLiteralExpression(value)) return values.textOf(argument);
  const text = values.settingOf(value, "text");
  return text && values.textOf(text);
}

/** Every piece of SQL in a source file. */
function sqlsOf(source: ts.SourceFile, values: SourceValues): SourceSql[] {
  const isOfPg = /["'](pg|postgres|@neondatabase\/serverless)["']/.test(source.text);
  const found: SourceSql[] = [];
  const visit = (node: ts.Node): void => {
    const text = sqlIn(node, values, isOfPg);
    if (text !== undefined) {
      const place = ts.isTaggedTemplateExpression(node)
        ? node.template
        : (node as ts.CallExpression).arguments[0];
      found.push({ node: place ?? node, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a statement begins with. */
const STATEMENT = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|COPY|TRUNCATE|MERGE|LOCK|CALL|CREATE|ALTER|DROP)\s/i;
/** What shows a text to people, or compares it in a test. */
const PRINTS = /(^|\.)(log|info|warn|error|debug|trace|write|print|say|describe|it|test|to[A-Z]\w*)$/;
/** Query builders' ways to a schema. */
const SCHEMA_CALL = /(^|\.)(withSchema|pgSchema)$/;

/**
 * Another app's schema in a statement that a function of the app's own may run, or that a builder of queries is given.
 * Which they run cannot be told, but whose a declared schema is.
 */
async function othersIn(
  node: ts.Node,
  values: SourceValues,
  problems: SqlProblems,
): Promise<string | undefined> {
  const isCall = ts.isCallExpression(node) && SCHEMA_CALL.test(node.expression.getText());
  const given = isCall ? node.arguments[0] : undefined;
  const name = given && values.textOf(given);
  const isText =
    (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) &&
    ts.isCallExpression(node.parent) &&
    !PRINTS.test(node.parent.expression.getText());
  const text = isText ? (values.textOf(node) ?? "") : "";
  const sql = name === undefined ? text : `SELECT FROM "${name}".x`;
  if (!STATEMENT.test(sql)) return undefined;
  // What begins like a statement may be a sentence: that is no SQL to the parser.
  const script = await parsedScript(sql);
  const found = script.refusal === undefined ? problems.inWords(tokensIn(sql), 1) : [];
  return found.find(({ message }) => message.endsWith("may not reach it"))?.message;
}

/** What is wrong with the SQL in a source file, by the same rules as in a migration but those of locks. */
export async function sourceSqlProblems(
  source: ts.SourceFile,
  values: SourceValues,
  app: string,
  declared: readonly DeclaredSchema[],
): Promise<LineFinding[]> {
  const isRuntime = hasMigrator(app, declared);
  const problems = new SqlProblems(app, declared, (statement) => {
    const message = isRuntime ? ownersProblem(statement) : undefined;
    return message === undefined ? [] : [{ line: statement.line, message }];
  });
  const findings: LineFinding[] = [];
  for (const { node, text } of sqlsOf(source, values)) {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line;
    let script = await parsedScript(text);
    // `WHERE ${conditions}` is no parameter, but SQL that is put together elsewhere.
    if (script.refusal !== undefined) script = await parsedScript(text.replace(/\$\d+/g, UNWRITTEN));
    const found =
      script.refusal === undefined
        ? heeded(text, script.statements, await problems.inScript(script))
        : problems.inWords(tokensIn(text), 1);
    findings.push(...found.map((one) => ({ ...one, line: line + one.line })));
  }
  const isSaid = new Set(findings.map(({ message }) => message));
  for (const node of nodesIn(source)) {
    const message = await othersIn(node, values, problems);
    if (message !== undefined && !isSaid.has(message))
      findings.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, message });
  }
  return findings;
}
