import ts from "typescript";
import type { DeclaredSchema } from "../app/declared-schemas";
import { hasMigrator, runtimeProblems } from "./migrator-rules";
import {
  holdsInProduction,
  isElsewhere,
  nameText,
  nodesIn,
  propertyOf,
  type SourceValues,
} from "./source-values";
import {
  isPostgresUrl,
  limitProblem,
  optionsIn,
  optionsProblem,
  outrankingProblem,
  tlsProblem,
} from "./url-problems";
import { isNear, isSomewhere, isWritten, URL_WITH_PASSWORD, WRITTEN_OUT } from "./written-url";

/** A place in a source file, and what is wrong there. */
export type SourceProblem = readonly [place: ts.Node, message: string];

/** node-postgres's own, where none is given. */
const DEFAULT_POOL = 10;
/** What is wrong with a text in a source file that is a URL, or a part of one. */
function* textProblems(
  node: ts.Expression,
  text: string,
  app: string,
  declared: readonly DeclaredSchema[],
): Generator<SourceProblem> {
  const [, username = "", password = "", host = "", database] = URL_WITH_PASSWORD.exec(text) ?? [];
  if (isWritten(password) && isSomewhere(host, database, username)) yield [node, WRITTEN_OUT];
  if (isNoValue(node)) return;
  const isOfAnother = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && !isPostgresUrl(text);
  if (isOfAnother || !/[?&]|^\w+=/.test(text)) return;
  const parameters = new URLSearchParams(text.replace(/^[^?]*\?/, ""));
  const isHere = host !== "" && isNear(host);
  const outranking = isPostgresUrl(text) ? outrankingProblem(parameters) : undefined;
  if (outranking !== undefined) yield [node, outranking];
  const tls = isHere || isElsewhere(node) ? undefined : tlsProblem(parameters, "verify-full");
  if (tls !== undefined) yield [node, tls];
  const options = optionsProblem(optionsIn(parameters), parameters.get("schema"));
  if (options !== undefined) yield [node, options];
  const count = parameters.get("connection_limit") ?? "";
  const limit = /^\d+$/.test(count)
    ? least(`connection_limit=${count}`, Number(count), app, declared)
    : undefined;
  if (limit !== undefined) yield [node, limit];
}

/** A file is the same in every environment: the least of its app's limits counts. */
function least(
  words: string,
  count: number,
  app: string,
  declared: readonly DeclaredSchema[],
): string | undefined {
  const [first] = declared
    .filter((one) => one.app === app && one.connectionLimit !== undefined)
    .sort((a, b) => (a.connectionLimit ?? 0) - (b.connectionLimit ?? 0));
  return first && limitProblem(words, count, first);
}

/** What is wrong with the size of a pool, as far as it is written out. */
function* sizeProblems(
  size: ts.Expression,
  values: SourceValues,
  app: string,
  declared: readonly DeclaredSchema[],
): Generator<SourceProblem> {
  const counts = values.numbersOf(size).filter((one) => !isProductionsOwn(one, app, declared));
  const most = counts.sort((a, b) => b.count - a.count)[0];
  const tooMany = most && least(`max: ${most.count}`, most.count, app, declared);
  if (tooMany !== undefined) yield [size, tooMany];
}

/** What is wrong with the settings of a pool, a client or Prisma's adapter, as far as they are written out. */
function* settingsProblems(
  node: ts.NewExpression | ts.CallExpression,
  values: SourceValues,
  app: string,
  declared: readonly DeclaredSchema[],
): Generator<SourceProblem> {
  const settings = node.arguments?.map((one) => values.resolved(one)).find(ts.isObjectLiteralExpression);
  if (settings === undefined) return;
  const givenTo = (name: string): ts.Expression | undefined => values.settingOf(settings, name);
  const max = givenTo("max");
  const isPool = values.names.madeBy(node) === "pool";
  if (isPool && max === undefined && !settings.properties.some(ts.isSpreadAssignment)) {
    const problem = least(`a pool without max, of ${DEFAULT_POOL},`, DEFAULT_POOL, app, declared);
    if (problem !== undefined) yield [node, problem];
  }
  if (isPool && max !== undefined) yield* sizeProblems(max, values, app, declared);
  const textOf = (name: string): string | undefined => {
    const value = givenTo(name);
    return value && values.textOf(value);
  };
  const password = textOf("password");
  const host = textOf("host") ?? "";
  if (
    password !== undefined &&
    isWritten(password) &&
    isSomewhere(host, textOf("database"), textOf("user") ?? "")
  )
    yield [
      propertyOf(settings, "password") ?? node,
      WRITTEN_OUT.replace("a URL with its password", "a password"),
    ];
  const options = optionsProblem(textOf("options") ?? "", null);
  if (options !== undefined) yield [propertyOf(settings, "options") ?? node, options];
}

/** A pool's size that is said elsewhere than where it is made: assigned, given back by a function, or copied into it. */
function sizeElsewhere(node: ts.Node, values: SourceValues): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const isSize = ts.isPropertyAccessExpression(node.left) && node.left.name.text === "max";
    return isSize && values.names.reachesConnection(node.right) ? node.right : undefined;
  }
  if (!ts.isPropertyAssignment(node) || nameText(node) !== "max") return undefined;
  let holder: ts.Node = node.parent.parent;
  while (ts.isParenthesizedExpression(holder) || ts.isAsExpression(holder)) holder = holder.parent;
  const isGiven =
    ts.isReturnStatement(holder) ||
    ts.isArrowFunction(holder) ||
    (ts.isCallExpression(holder) && holder.expression.getText() === "Object.assign");
  return isGiven && values.names.reachesConnection(node) ? node.initializer : undefined;
}

/** Whether a number is what a condition gives to production alone, and prod's limit allows it. */
function isProductionsOwn(
  { count, node }: { readonly count: number; readonly node: ts.Expression },
  app: string,
  declared: readonly DeclaredSchema[],
): boolean {
  const prod = declared.find((one) => one.app === app && one.environment === "prod");
  const { parent } = node;
  if (!ts.isConditionalExpression(parent) || prod === undefined) return false;
  const other = node === parent.whenTrue ? parent.whenFalse : parent.whenTrue;
  return isElsewhere(other) && limitProblem("", count, prod) === undefined;
}

/** `false`, also as a minifier writes it. */
const isFalse = (node: ts.Node): boolean => /^(false|!\s*(1|true))$/.test(node.getText());

/** Whether an expression is false in production, as far as it says so. */
function isOff(node: ts.Expression, values: SourceValues): boolean {
  return values
    .choices(node)
    .filter((one) => !ts.isObjectLiteralExpression(one) && !isElsewhere(one))
    .some((one) => isFalse(one) || holdsInProduction(one.getText()) === false);
}

/** What a property or an assignment turns off. */
function unverified(node: ts.Node, values: SourceValues): string | undefined {
  const todo =
    "gives the password to whoever answers in the server's place: leave it out, and name the CA bundle in NODE_EXTRA_CA_CERTS";
  if (
    ts.isPropertyAssignment(node) &&
    nameText(node) === "ssl" &&
    ts.isObjectLiteralExpression(node.parent)
  ) {
    const isOurs = values.names.madeBy(node.parent.parent) !== undefined;
    if (isOurs && isOff(node.initializer, values))
      return "ssl: false: the instance refuses what is not encrypted: leave it out";
    const isUnverified = values
      .choices(node.initializer)
      .some((one) => values.textOf(one) === "no-verify" && !isElsewhere(one));
    if (isUnverified) return `ssl: "no-verify" ${todo}`;
  }
  if (ts.isShorthandPropertyAssignment(node) && nameText(node) === "rejectUnauthorized")
    return isOff(node.name, values) && values.names.reachesConnection(node)
      ? `rejectUnauthorized: false ${todo}`
      : undefined;
  if (ts.isPropertyAssignment(node)) {
    const name = nameText(node);
    const isTls = name === "rejectUnauthorized" || name === "checkServerIdentity";
    if (!isTls || !values.names.reachesConnection(node)) return undefined;
    if (name === "rejectUnauthorized" && isOff(node.initializer, values))
      return `rejectUnauthorized: false ${todo}`;
    if (name === "checkServerIdentity") return `a checkServerIdentity of its own ${todo}`;
  }
  if (ts.isBinaryExpression(node) && /\bPGSSLMODE\b/.test(node.left.getText())) {
    const mode = values.textOf(node.right) ?? "";
    return tlsProblem(new URLSearchParams({ sslmode: mode }), "verify-full")?.replace(
      "sslmode=",
      "PGSSLMODE=",
    );
  }
  if (ts.isBinaryExpression(node) && /NODE_TLS_REJECT_UNAUTHORIZED\b/.test(node.left.getText()))
    return /^["'`]?0["'`]?$/.test(node.right.getText())
      ? `NODE_TLS_REJECT_UNAUTHORIZED=0 ${todo}`
      : undefined;
  return undefined;
}

/** Whether a text is a part of a longer one, which is looked at as a whole. */
const isPart = ({ parent }: ts.Node): boolean =>
  ts.isTemplateSpan(parent) ||
  (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.PlusToken);

/** Whether a text is looked for, compared with or shown, and so no part of a URL. */
function isNoValue(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isJsxExpression(parent)) return !ts.isJsxAttribute(parent.parent);
  if (ts.isBinaryExpression(parent)) return /^[!=]==?$/.test(parent.operatorToken.getText());
  const callee = ts.isCallExpression(parent) ? parent.expression.getText() : "";
  const isSearch = /\.(includes|indexOf|startsWith|endsWith|match|search|split|test)$/.test(callee);
  const isReplaced = /\.replace(All)?$/.test(callee) && (parent as ts.CallExpression).arguments[0] === node;
  return isSearch || isReplaced;
}

/** `url.searchParams.set("sslmode", "no-verify")`, as it would stand in the URL. */
function parameterSet(node: ts.Node, values: SourceValues): string | undefined {
  if (!ts.isCallExpression(node) || !/\bsearchParams\.(set|append)$/.test(node.expression.getText()))
    return undefined;
  const [name, value] = node.arguments.map((one) => values.textOf(one));
  return name === undefined || value === undefined
    ? undefined
    : new URLSearchParams({ [name]: value }).toString();
}

/** What is wrong with how a source file connects. */
export function* connectionProblems(
  source: ts.SourceFile,
  values: SourceValues,
  app: string,
  declared: readonly DeclaredSchema[],
): Generator<SourceProblem> {
  for (const node of nodesIn(source)) {
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
    const text = isText && !isPart(node) ? values.textOf(node) : parameterSet(node, values);
    if (text !== undefined) yield* textProblems(node as ts.Expression, text, app, declared);
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && values.names.madeBy(node) !== undefined) {
      yield* settingsProblems(node, values, app, declared);
      if (hasMigrator(app, declared)) yield* runtimeProblems(node, values);
    }
    const size = sizeElsewhere(node, values);
    if (size !== undefined) yield* sizeProblems(size, values, app, declared);
    const problem = unverified(node, values);
    if (problem !== undefined && !isElsewhere(node)) yield [node, problem];
  }
}
