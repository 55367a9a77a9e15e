import ts from "typescript";

/** What a name of a file is elsewhere: `{ Pool as P }` of a module, or of an object where the module is undefined. */
interface Origin {
  readonly module: string | undefined;
  /** Undefined for a whole module, and its default. */
  readonly name: string | undefined;
}

/** Modules with a connection to Postgres; what an app imports of its own may hand one on. */
const MODULES = /^(pg|pg-pool|postgres|@prisma\/adapter-pg|@neondatabase\/serverless|[.~#].*|@\/.*)$/;
/** What gives back what it is given. */
const HANDS_ON = /^Object\.(assign|freeze)$/;

function moduleIn(node: ts.Expression | undefined): string | undefined {
  const call = node && ts.isAwaitExpression(node) ? node.expression : node;
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const [argument] = call.arguments;
  const isImport = /^(require|import)$/.test(call.expression.getText());
  return isImport && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

/** The name that a chain such as `a.b.c` begins with. */
function rootOf(node: ts.Expression): string {
  let at = node;
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = at.expression;
  return at.getText();
}

/** Names of a file: where they come from, and where they are used. */
export class SourceNames {
  private readonly origins = new Map<string, Origin>();
  private readonly uses = new Map<string, ts.Identifier[]>();

  constructor(source: ts.SourceFile) {
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) {
        const uses = this.uses.get(node.text) ?? [];
        uses.push(node);
        this.uses.set(node.text, uses);
      }
      if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) this.addImport(node);
      if (ts.isVariableDeclaration(node)) {
        const module = moduleIn(node.initializer);
        if (ts.isObjectBindingPattern(node.name)) {
          for (const { name, propertyName } of node.name.elements)
            this.origins.set(name.getText(), { module, name: (propertyName ?? name).getText() });
        } else if (module !== undefined) this.origins.set(node.name.getText(), { module, name: undefined });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }

  private addImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    const module = (moduleSpecifier as ts.StringLiteral).text;
    if (importClause?.name) this.origins.set(importClause.name.text, { module, name: undefined });
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) this.origins.set(bindings.name.text, { module, name: undefined });
    else
      for (const { name, propertyName } of bindings.elements)
        this.origins.set(name.text, { module, name: (propertyName ?? name).text });
  }

  /** What a name is where it comes from; undefined for one of the file's own. */
  foreignName(name: string): string | undefined {
    return this.origins.get(name)?.name;
  }

  /** What of a connection to Postgres a node makes; undefined for any other node. */
  madeBy(node: ts.Node): "pool" | "client" | undefined {
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
    const origin = this.origins.get(rootOf(node.expression));
    if (ts.isCallExpression(node))
      return origin?.module === "postgres" && ts.isIdentifier(node.expression) ? "pool" : undefined;
    if (origin?.module !== undefined && !MODULES.test(origin.module)) return undefined;
    const own = node.expression.getText().replace(/^.*\./, "");
    const name = (ts.isIdentifier(node.expression) ? origin?.name : undefined) ?? own;
    if (/^(PrismaPg|Pool)$/.test(name)) return "pool";
    return name === "Client" ? "client" : undefined;
  }

  /** Whether a node is a part of a connection's settings, perhaps by way of variables. */
  reachesConnection(node: ts.Node, seen = new Set<string>()): boolean {
    let isSettings = false;
    let below = node;
    for (let at = node.parent; at !== undefined; below = at, at = at.parent) {
      // What a call gives, or hands on, goes where the call stands.
      if (ts.isCallExpression(at) && (at.expression === below || HANDS_ON.test(at.expression.getText())))
        continue;
      // Settings of node-postgres, whoever takes them.
      if (ts.isObjectLiteralExpression(at))
        isSettings ||= at.properties.some((one) => one.name?.getText() === "connectionString");
      if (ts.isNewExpression(at) || ts.isCallExpression(at))
        return isSettings || this.madeBy(at) !== undefined;
      const isNamed = (ts.isVariableDeclaration(at) || ts.isFunctionDeclaration(at)) && at.name !== undefined;
      const isAssigned = ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      const name = isAssigned
        ? rootOf((at as ts.BinaryExpression).left)
        : isNamed
          ? (at as ts.VariableDeclaration).name.getText()
          : undefined;
      if (name === undefined) continue;
      const uses = seen.has(name) ? [] : (this.uses.get(name) ?? []);
      seen.add(name);
      const own = at;
      return (
        isSettings ||
        uses.some(
          (one) =>
            one.parent !== own && one.getStart() !== node.getStart() && this.reachesConnection(one, seen),
        )
      );
    }
    return isSettings;
  }
}
