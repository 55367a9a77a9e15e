import ts from "typescript";
import { UNWRITTEN } from "./finding";

/** A property's name, also when it is written in quotes. */
export function nameText(node: ts.ObjectLiteralElementLike): string | undefined {
  return node.name?.getText().replace(/^["']|["']$/g, "");
}

/** A property of an object that is written out. */
export function propertyOf(
  node: ts.ObjectLiteralExpression,
  name: string,
): ts.ObjectLiteralElementLike | undefined {
  return node.properties.find((property) => nameText(property) === name);
}

/** The variable that an expression reads: `env("X")`, `process.env.X`, `process.env["X"]`, also with a fallback. */
export function variableOf(node: ts.Expression): string | undefined {
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

const isFallback = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;

/** Values that can be told without running a file: what is written out, and constants of the same file. */
export class SourceValues {
  private readonly constants = new Map<string, ts.Expression | undefined>();

  constructor(source: ts.SourceFile) {
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
        const isConst = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
        const name = node.name.text;
        // Two of one name are in different scopes: neither can be told.
        this.constants.set(name, isConst && !this.constants.has(name) ? node.initializer : undefined);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }

  /** What an expression stands for, without the brackets and types around it. */
  resolved(node: ts.Expression, depth = 0): ts.Expression {
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isSatisfiesExpression(node)
    )
      return this.resolved(node.expression, depth);
    const value = ts.isIdentifier(node) ? this.constants.get(node.text) : undefined;
    return value === undefined || depth > 8 ? node : this.resolved(value, depth + 1);
  }

  /** Each value that an expression may have: both sides of a fallback and of a condition. */
  choices(node: ts.Expression): ts.Expression[] {
    const value = this.resolved(node);
    if (ts.isConditionalExpression(value))
      return [...this.choices(value.whenTrue), ...this.choices(value.whenFalse)];
    if (ts.isBinaryExpression(value) && isFallback(value))
      return [...this.choices(value.left), ...this.choices(value.right)];
    return [value];
  }

  /** A text as far as it is written out, with {@link UNWRITTEN} for the rest; undefined where nothing of it is. */
  textOf(node: ts.Expression): string | undefined {
    const value = this.resolved(node);
    if (ts.isStringLiteralLike(value)) return value.text;
    if (ts.isNumericLiteral(value)) return value.text;
    if (ts.isTemplateExpression(value)) {
      const spans = value.templateSpans.map(
        ({ expression, literal }) => (this.textOf(expression) ?? UNWRITTEN) + literal.text,
      );
      return value.head.text + spans.join("");
    }
    if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const [left, right] = [this.textOf(value.left), this.textOf(value.right)];
      return left === undefined && right === undefined
        ? undefined
        : (left ?? UNWRITTEN) + (right ?? UNWRITTEN);
    }
    if (ts.isBinaryExpression(value) && isFallback(value)) return this.textOf(value.right);
    return undefined;
  }

  /** Numbers that an expression may be; those of `Number(process.env.X ?? 20)` are its fallbacks. */
  numbersOf(node: ts.Expression): { readonly count: number; readonly node: ts.Expression }[] {
    return this.choices(node).flatMap((value) => {
      if (ts.isNumericLiteral(value) || (ts.isStringLiteralLike(value) && /^\d+$/.test(value.text)))
        return [{ count: Number(value.text.replaceAll("_", "")), node: value }];
      const isCast =
        ts.isCallExpression(value) && /^(Number|(Number\.)?parseInt)$/.test(value.expression.getText());
      const [argument] = isCast ? value.arguments : [];
      if (argument !== undefined) return this.numbersOf(argument);
      return ts.isPrefixUnaryExpression(value) && value.operator === ts.SyntaxKind.PlusToken
        ? this.numbersOf(value.operand)
        : [];
    });
  }
}

const COMPARISON = /([=!])==?\s*["'`](\w+)["'`]|["'`](\w+)["'`]\s*([=!])==?/;
const FLAG = /^[\s(]*(!?)\s*[\w.]*?(prod(?:uction)?|dev(?:elopment)?|local|test)[\s)]*$/i;
const isProduction = (word: string): boolean => /^prod(uction)?$/i.test(word);
const isOther = (word: string): boolean => /^(dev(elopment)?|local|test|ci)$/i.test(word);

/** Whether a condition holds in production; undefined where it says nothing about it. */
export function holdsInProduction(condition: string): boolean | undefined {
  for (const [operator, decisive] of [
    ["||", true],
    ["&&", false],
  ] as const) {
    const sides = condition.split(operator);
    if (sides.length === 1) continue;
    const all = sides.map(holdsInProduction);
    if (all.includes(decisive)) return decisive;
    return all.includes(undefined) ? undefined : !decisive;
  }
  const [, before, after, first, behind] = COMPARISON.exec(condition) ?? [];
  const compared = after ?? first;
  if (compared !== undefined) {
    const isEqual = (before ?? behind) === "=";
    return isProduction(compared) ? isEqual : isOther(compared) ? !isEqual : undefined;
  }
  const [, not, flag] = FLAG.exec(condition) ?? [];
  return flag === undefined ? undefined : isProduction(flag) === (not === "");
}

/** Whether production never comes by a node, as far as the conditions around it say so in words. */
export function isElsewhere(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    const [condition, yes, no] = ts.isConditionalExpression(parent)
      ? [parent.condition, parent.whenTrue, parent.whenFalse]
      : ts.isIfStatement(parent)
        ? [parent.expression, parent.thenStatement, parent.elseStatement]
        : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
          ? [parent.left, parent.right, undefined]
          : [undefined, undefined, undefined];
    if (condition === undefined || (at !== yes && at !== no)) continue;
    if (holdsInProduction(condition.getText()) === (at === no)) return true;
  }
  return false;
}
