import { isTree, nameOf, type ParsedStatement, parts, type Tree } from "../sql/parsed-script";
import type { LineFinding } from "./finding";
import { type LockRuleName, lockMessage } from "./lock-rules";
import {
  type ColumnType,
  columnType,
  commandsOf,
  constraintsOf,
  definedBy,
  type TableHistory,
  tableOf,
} from "./table-history";

/** Functions that give every row the same value, so that a new column needs no row written. Others may not. */
const SAME_FOR_ALL =
  /^(now|transaction_timestamp|statement_timestamp|timezone|to_timestamp|date_trunc|make_(date|time|timestamp|timestamptz|interval)|jsonb?_build_(object|array)|to_jsonb?|array_fill|lower|upper|concat|left|right|repeat|replace|md5|abs|round)$/;
const SERIAL = /^(small|big)?serial[248]?$/;

type Warning = readonly [rule: LockRuleName, what: string];

const quoted = (name: unknown): string => `"${String(name)}"`;
const optionNames = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((one) => String(one?.DefElem?.defname)) : [];

/** Whether a type's values are the same in the file of the table after a change. */
function staysAsItIs(before: ColumnType | undefined, after: ColumnType | undefined): boolean {
  if (before === undefined || after === undefined || before.isArray !== after.isArray) return false;
  const [was = Number.POSITIVE_INFINITY, scaleWas = 0] = before.sizes;
  const [is = Number.POSITIVE_INFINITY, scaleIs = 0] = after.sizes;
  const isWider = is >= was;
  if (before.name === "varchar" || before.name === "text") {
    const fromText = before.name === "text";
    return (
      after.name === "text" || (after.name === "varchar" && (fromText ? after.sizes.length === 0 : isWider))
    );
  }
  if (before.name !== after.name) return before.name === "cidr" && after.name === "inet";
  return isWider && (scaleWas === scaleIs || after.sizes.length === 0);
}

/** Whether each row gets a value of its own. */
function isRowByRow(constraint: Tree): boolean {
  if (constraint.contype === "CONSTR_IDENTITY" || constraint.contype === "CONSTR_GENERATED") return true;
  if (constraint.contype !== "CONSTR_DEFAULT") return false;
  return [...parts({ default: constraint.raw_expr })].some(
    ([key, value]) =>
      key === "FuncCall" && isTree(value) && !SAME_FOR_ALL.test(nameOf(value.funcname).at(-1) ?? ""),
  );
}

function ofConstraint(constraint: Tree, table: string): Warning[] {
  const add = `ALTER TABLE ${quoted(table)} ADD`;
  // NOT VALID, and a constraint that takes an index which is there, look at no row.
  if (constraint.skip_validation === true || constraint.indexname !== undefined) return [];
  if (constraint.contype === "CONSTR_FOREIGN") return [["foreignKey", `${add} FOREIGN KEY`]];
  if (constraint.contype === "CONSTR_CHECK") return [["check", `${add} CHECK`]];
  if (constraint.contype === "CONSTR_UNIQUE") return [["unique", `${add} UNIQUE`]];
  if (constraint.contype === "CONSTR_PRIMARY") return [["unique", `${add} PRIMARY KEY`]];
  return constraint.contype === "CONSTR_EXCLUSION" ? [["exclude", `${add} EXCLUDE`]] : [];
}

function ofNewColumn(column: Tree, table: string): Warning[] {
  const what = `ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(column.colname)}`;
  const constraints = constraintsOf(column);
  const has = (kind: string): boolean => constraints.some(({ contype }) => contype === kind);
  const isSerial = isTree(column.typeName) && SERIAL.test(nameOf(column.typeName.names).at(-1) ?? "");
  const isFilled = isSerial || has("CONSTR_DEFAULT") || has("CONSTR_IDENTITY") || has("CONSTR_GENERATED");
  const warnings: Warning[] = [];
  if (isSerial || constraints.some(isRowByRow))
    warnings.push(["rewrite", `${what} with a value for each row`]);
  else if (has("CONSTR_NOTNULL") && !isFilled)
    warnings.push(["required", `${what} NOT NULL without a DEFAULT`]);
  if (has("CONSTR_FOREIGN")) warnings.push(["inlineKey", `${what} REFERENCES`]);
  if (has("CONSTR_CHECK")) warnings.push(["check", `${what} CHECK`]);
  if (has("CONSTR_UNIQUE") || has("CONSTR_PRIMARY")) warnings.push(["unique", `${what} with a unique index`]);
  return warnings;
}

/** Commands that write the whole table anew, by their subtype. */
const REWRITES: Readonly<Record<string, string>> = {
  AT_SetLogged: "SET LOGGED",
  AT_SetUnLogged: "SET UNLOGGED",
  AT_SetTableSpace: "SET TABLESPACE",
  AT_SetAccessMethod: "SET ACCESS METHOD",
};

function ofCommand(command: Tree, table: string, history: TableHistory): Warning[] {
  const alter = `ALTER TABLE ${quoted(table)}`;
  const name = String(command.name);
  const { column, constraint } = definedBy(command);
  const rewrite = REWRITES[String(command.subtype)];
  if (rewrite !== undefined) return [["rewriteTable", `${alter} ${rewrite}`]];
  switch (command.subtype) {
    case "AT_SetNotNull":
      return history.isNeverNull(table, name)
        ? []
        : [["notNull", `${alter} ALTER ${quoted(name)} SET NOT NULL`]];
    case "AT_AlterColumnType": {
      const stays = staysAsItIs(history.typeOf(table, name), columnType(column?.typeName));
      const isCast = column?.raw_default !== undefined;
      return stays && !isCast ? [] : [["type", `${alter} ALTER ${quoted(name)} TYPE`]];
    }
    case "AT_AddColumn":
      return column === undefined ? [] : ofNewColumn(column, table);
    case "AT_AddConstraint":
      return constraint === undefined ? [] : ofConstraint(constraint, table);
    case "AT_ValidateConstraint":
      return history.isLocked(table) ? [["validate", `${alter} VALIDATE CONSTRAINT ${quoted(name)}`]] : [];
    case "AT_DropColumn":
      return [["drop", `${alter} DROP COLUMN ${quoted(name)}`]];
    case "AT_DetachPartition":
      return isTree(command.def) &&
        isTree(command.def.PartitionCmd) &&
        command.def.PartitionCmd.concurrent === true
        ? []
        : [["partition", `${alter} DETACH PARTITION`]];
    default:
      return [];
  }
}

/** The last parts of the names that a DROP has. */
function dropped(node: Tree): string[] {
  const objects = Array.isArray(node.objects) ? node.objects : [];
  return objects.map((one) => nameOf(one?.List?.items).at(-1) ?? "");
}

/** What a statement by itself is warned of. */
function ofStatement({ tag, node }: ParsedStatement, history: TableHistory): Warning[] {
  const table = tableOf(node.relation);
  const others = (names: readonly string[]): string[] => names.filter((name) => !history.isNew(name));
  const list = (names: readonly string[]): string => names.map(quoted).join(", ");
  switch (tag) {
    case "IndexStmt": {
      const isPartsOwn = isTree(node.relation) && node.relation.inh !== true;
      const what = `CREATE ${node.unique === true ? "UNIQUE " : ""}INDEX on ${quoted(table)}`;
      return node.concurrent === true || isPartsOwn || history.isNew(table) ? [] : [["index", what]];
    }
    case "DropStmt": {
      const names = others(dropped(node));
      if (names.length === 0) return [];
      if (node.removeType === "OBJECT_TABLE") return [["drop", `DROP TABLE ${list(names)}`]];
      const isIndex = node.removeType === "OBJECT_INDEX" && node.concurrent !== true;
      return isIndex ? [["dropIndex", `DROP INDEX ${list(names)}`]] : [];
    }
    case "ReindexStmt":
      return optionNames(node.params).includes("concurrently") || history.isNew(table)
        ? []
        : [["reindex", `REINDEX ${quoted(table || node.name)}`]];
    case "RenameStmt": {
      if (history.isNew(table)) return [];
      if (node.renameType === "OBJECT_TABLE") return [["rename", `ALTER TABLE ${quoted(table)} RENAME`]];
      const isColumn = node.renameType === "OBJECT_COLUMN" && node.relationType === "OBJECT_TABLE";
      return isColumn
        ? [["rename", `ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(node.subname)}`]]
        : [];
    }
    case "VacuumStmt":
      return optionNames(node.options).includes("full") ? [["rewriteTable", "VACUUM FULL"]] : [];
    case "ClusterStmt":
      if (table === "") return [["rewriteTable", "CLUSTER"]];
      return history.isNew(table) ? [] : [["rewriteTable", `CLUSTER ${quoted(table)}`]];
    case "RefreshMatViewStmt":
      return node.concurrent === true || history.isNew(table)
        ? []
        : [["refresh", `REFRESH MATERIALIZED VIEW ${quoted(table)}`]];
    case "TruncateStmt":
    case "LockStmt": {
      const relations = Array.isArray(node.relations) ? node.relations : [];
      const names = others(relations.map(({ RangeVar }) => tableOf(RangeVar)));
      if (names.length === 0) return [];
      return tag === "LockStmt"
        ? [["lockTable", `LOCK ${list(names)}`]]
        : [["truncate", `TRUNCATE ${list(names)}`]];
    }
    default:
      return [];
  }
}

/** What a statement of a migration makes others wait for; the history takes it in. */
export function lockWarnings(statement: ParsedStatement, history: TableHistory): LineFinding[] {
  const table = tableOf(statement.node.relation);
  const warnings = ofStatement(statement, history);
  // One command after the other: ADD CONSTRAINT … NOT VALID and VALIDATE may stand in one statement.
  for (const command of commandsOf(statement)) {
    if (!history.isNew(table)) warnings.push(...ofCommand(command, table, history));
    history.alter(table, command);
  }
  history.add(statement);
  const seen = new Set(warnings.map(([rule, what]) => lockMessage(what, rule)));
  return [...seen].map((message) => ({ line: statement.line, message, isWarning: true }));
}
