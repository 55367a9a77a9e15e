import { isTree, nameOf, type ParsedStatement, type Tree } from "../sql/parsed-script";

/** A column's type: its name and what stands in its parentheses. */
export interface ColumnType {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly isArray: boolean;
}

/** A type as a tree has it; undefined where one of its sizes is no number. */
export function columnType(typeName: unknown): ColumnType | undefined {
  if (!isTree(typeName)) return undefined;
  const sizes = (Array.isArray(typeName.typmods) ? typeName.typmods : []).map((one) =>
    Number(one?.A_Const?.ival?.ival ?? Number.NaN),
  );
  if (sizes.some(Number.isNaN)) return undefined;
  return { name: nameOf(typeName.names).at(-1) ?? "", sizes, isArray: Array.isArray(typeName.arrayBounds) };
}

/** The table that a node names, without its schema: an app has one. */
export const tableOf = (relation: unknown): string =>
  isTree(relation) && typeof relation.relname === "string" ? relation.relname : "";

/** The column of `column IS NOT NULL`. */
function notNullColumn(expression: unknown): string | undefined {
  const test = isTree(expression) ? expression.NullTest : undefined;
  if (!isTree(test) || test.nulltesttype !== "IS_NOT_NULL" || !isTree(test.arg)) return undefined;
  return isTree(test.arg.ColumnRef) ? nameOf(test.arg.ColumnRef.fields).at(-1) : undefined;
}

/** Commands of an ALTER TABLE; none of any other statement. */
export function commandsOf({ tag, node }: ParsedStatement): Tree[] {
  if (tag !== "AlterTableStmt" || !Array.isArray(node.cmds)) return [];
  return node.cmds.flatMap(({ AlterTableCmd }) => (isTree(AlterTableCmd) ? [AlterTableCmd] : []));
}

/** The column or constraint that a command is about, as a node. */
export function definedBy(command: Tree): { readonly column?: Tree; readonly constraint?: Tree } {
  const { ColumnDef, Constraint } = Object(command.def) as Record<string, unknown>;
  return {
    ...(isTree(ColumnDef) && { column: ColumnDef }),
    ...(isTree(Constraint) && { constraint: Constraint }),
  };
}

/** Constraints that stand beside a column. */
export function constraintsOf(column: Tree): Tree[] {
  const all = Array.isArray(column.constraints) ? column.constraints : [];
  return all.flatMap(({ Constraint }) => (isTree(Constraint) ? [Constraint] : []));
}

/** What an app's migrations have made so far, as far as a lock depends on it. */
export class TableHistory {
  private readonly types = new Map<string, ColumnType>();
  /** Columns of CHECK (… IS NOT NULL), by table and constraint, and whether all rows were looked at. */
  private readonly checks = new Map<string, { readonly column: string; isValidated: boolean }>();
  private madeHere = new Set<string>();
  private lockedHere = new Set<string>();
  private keepsLocks = true;

  /**
   * What was made from here on is in one file: it has no rows yet.
   * @param isOneTransaction whether a lock is kept until the file ends
   */
  beginFile(isOneTransaction: boolean): void {
    this.madeHere = new Set();
    this.lockedHere = new Set();
    this.keepsLocks = isOneTransaction;
  }

  /** Whether a table or an index was made in this file. */
  isNew(name: string): boolean {
    return this.madeHere.has(name);
  }

  /** Whether a constraint was added to a table in this transaction, which locked it. */
  isLocked(table: string): boolean {
    return this.lockedHere.has(table);
  }

  /** A column's type, where a migration has said it. */
  typeOf(table: string, column: string): ColumnType | undefined {
    return this.types.get(key(table, column));
  }

  /** Whether a validated CHECK already proves that a column has no NULL: SET NOT NULL then looks at no row. */
  isNeverNull(table: string, column: string): boolean {
    return [...this.checks].some(
      ([name, check]) => name.startsWith(key(table, "")) && check.column === column && check.isValidated,
    );
  }

  /** Takes in what a statement makes, after it was judged; commands of ALTER TABLE come by themselves. */
  add({ tag, node }: ParsedStatement): void {
    if (tag === "CreateStmt") this.create(node);
    if (tag === "CreateTableAsStmt" && isTree(node.into)) this.madeHere.add(tableOf(node.into.rel));
    if (tag === "IndexStmt" && typeof node.idxname === "string" && this.isNew(tableOf(node.relation)))
      this.madeHere.add(node.idxname);
    if (tag === "RenameStmt" && node.renameType === "OBJECT_TABLE" && this.isNew(tableOf(node.relation)))
      this.madeHere.add(String(node.newname));
    const ended = transactionEnds(node);
    if (tag === "TransactionStmt" && ended !== undefined) this.keepsLocks = !ended;
    if (!this.keepsLocks) this.lockedHere.clear();
  }

  private create(node: Tree): void {
    const table = tableOf(node.relation);
    // With IF NOT EXISTS it may be there, with rows in it.
    if (node.if_not_exists !== true) this.madeHere.add(table);
    for (const element of Array.isArray(node.tableElts) ? node.tableElts : [])
      if (isTree(element.ColumnDef)) this.column(table, element.ColumnDef);
  }

  private column(table: string, column: Tree, name = String(column.colname)): void {
    const type = columnType(column.typeName);
    if (type === undefined) this.types.delete(key(table, name));
    else this.types.set(key(table, name), type);
  }

  /** Takes in one command of an ALTER TABLE, after it was judged. */
  alter(table: string, command: Tree): void {
    const { column, constraint } = definedBy(command);
    const name = String(command.name);
    if (command.subtype === "AT_AddColumn" && column !== undefined) this.column(table, column);
    if (command.subtype === "AT_AlterColumnType" && column !== undefined) this.column(table, column, name);
    if (command.subtype === "AT_DropConstraint") this.checks.delete(key(table, name));
    const check = this.checks.get(key(table, name));
    if (command.subtype === "AT_ValidateConstraint" && check !== undefined) check.isValidated = true;
    if (command.subtype !== "AT_AddConstraint" || constraint === undefined) return;
    this.lockedHere.add(table);
    const notNull = notNullColumn(constraint.raw_expr);
    if (notNull !== undefined && typeof constraint.conname === "string") {
      const isValidated = constraint.skip_validation !== true;
      this.checks.set(key(table, constraint.conname), { column: notNull, isValidated });
    }
  }
}

/** Whether a statement ends a transaction or begins one; undefined for any other. */
export function transactionEnds({ kind }: Tree): boolean | undefined {
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") return false;
  return kind === "TRANS_STMT_COMMIT" || kind === "TRANS_STMT_ROLLBACK" ? true : undefined;
}

const key = (table: string, name: string): string => `${table}\n${name}`;
