import ts from "typescript";
import { UNWRITTEN } from "./finding";
import { SourceNames } from "./source-names";

/** A property's name, also when it is written in quotes, and in brackets with them. */
export function nameText(node: ts.ObjectLiteralElementLike): string | undefined {
  return node.name?.getText().replace(/^(\[\s*)?["'`]|["'`](\s*\])?$/g, "");
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

/** From one variable to the next: more is a circle. */
const MOST_STEPS = 8;

const isFallback = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;

/** Values that can be told without running a file: what is written out, and what variables of the same file begin with. */
export class SourceValues {
  /** Where the file's names come from. */
  readonly names: SourceNames;
  private readonly values = new Map<string, ts.Expression | undefined>();
  /** What `+=` adds to a variable, wherever. */
  private readonly added = new Map<string, ts.Expression[]>();

  constructor(source: ts.SourceFile) {
    this.names = new SourceNames(source);
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
        const name = node.name.text;
        // Two of one name are in different scopes: neither can be told.
        this.values.set(name, this.values.has(name) ? undefined : node.initializer);
      }
      // `const { POOL = "50" } = process.env`
      if (ts.isBindingElement(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
        this.values.set(node.name.text, this.values.has(node.name.text) ? undefined : node.initializer);
      const isMore = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken;
      if (isMore) {
        const name = node.left.getText();
        this.added.set(name, [...(this.added.get(name) ?? []), node.right]);
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
    const value = ts.isIdentifier(node)
      ? this.values.get(node.text)
      : ts.isPropertyAccessExpression(node)
        ? this.memberOf(node.expression, node.name.text, depth)
        : ts.isElementAccessExpression(node)
          ? this.memberOf(node.expression, node.argumentExpression.getText().replace(/["'`]/g, ""), depth)
          : undefined;
    return value === undefined || depth > MOST_STEPS ? node : this.resolved(value, depth + 1);
  }

  private memberOf(object: ts.Expression, name: string, depth: number): ts.Expression | undefined {
    const value = depth > MOST_STEPS ? object : this.resolved(object, depth + 1);
    if (ts.isArrayLiteralExpression(value))
      return /^\d+$/.test(name) ? value.elements[Number(name)] : undefined;
    return ts.isObjectLiteralExpression(value) ? this.settingOf(value, name) : undefined;
  }

  /** The last value that an object has by a name, its own or one that is spread into it. */
  settingOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
    let found: ts.Expression | undefined;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const value = this.resolved(property.expression);
        if (ts.isObjectLiteralExpression(value)) found = this.settingOf(value, name) ?? found;
      } else if (nameText(property) === name) {
        if (ts.isPropertyAssignment(property)) found = property.initializer;
        if (ts.isShorthandPropertyAssignment(property)) found = property.name;
      }
    }
    return found;
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
    const more = ts.isIdentifier(node) ? this.added.get(node.text) : undefined;
    if (more !== undefined && ts.isIdentifier(node)) {
      // It may be added to itself.
      this.added.delete(node.text);
      const texts = [node, ...more].map((one) => this.textOf(one) ?? UNWRITTEN);
      this.added.set(node.text, more);
      return texts.join("");
    }
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
    return ts.isCallExpression(value) ? this.joined(value) : undefined;
  }

  /** `["a", "b"].join(" ")`, `"a".concat("b")` and `String(50)`. */
  private joined({ expression: callee, arguments: args }: ts.CallExpression): string | undefined {
    if (callee.getText() === "String" && args[0] !== undefined) return this.textOf(args[0]);
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    const texts = (nodes: readonly ts.Expression[]): string[] =>
      nodes.map((one) => this.textOf(one) ?? UNWRITTEN);
    const object = this.resolved(callee.expression);
    if (callee.name.text === "join" && ts.isArrayLiteralExpression(object))
      return texts(object.elements).join(args[0] === undefined ? "," : this.textOf(args[0]));
    const isText = callee.name.text === "concat" && this.textOf(object) !== undefined;
    return isText ? texts([object, ...args]).join("") : undefined;
  }

  /** Numbers that an expression may be; those of `Number(process.env.X ?? 20)` are its fallbacks. */
  numbersOf(node: ts.Expression): { readonly count: number; readonly node: ts.Expression }[] {
    return this.choices(node).flatMap((value) => {
      if (ts.isNumericLiteral(value) || (ts.isStringLiteralLike(value) && /^\d+$/.test(value.text)))
        return [{ count: Number(value.text.replaceAll("_", "")), node: value }];
      const isCast =
        ts.isCallExpression(value) && /^(Number|(Number\.)?parseInt)$/.test(value.expression.getText());
      // The greatest of several is at least each of them.
      if (ts.isCallExpression(value) && value.expression.getText() === "Math.max")
        return value.arguments.flatMap((one) => this.numbersOf(one));
      const [argument] = isCast ? value.arguments : [];
      if (argument !== undefined) return this.numbersOf(argument);
      if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.AsteriskToken)
        return this.numbersOf(value.left).flatMap(({ count }) =>
          this.numbersOf(value.right).map((right) => ({ count: count * right.count, node: value })),
        );
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

/** A file's nodes, each before those in it. */
export function nodesIn(source: ts.SourceFile): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return nodes;
}
