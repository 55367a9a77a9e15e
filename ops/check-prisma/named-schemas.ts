import { isTree, nameOf, parts, type Tree } from "../sql/parsed-script";
import { literalText } from "./literal-text";

/** A schema that a statement names. */
export interface NamedSchema {
  readonly schema: string;
  /** Where, in bytes; undefined where the parse tree does not say. */
  readonly location: number | undefined;
}

/** Keys whose values are dotted names of functions, operators, types and the like. */
const DOTTED_KEYS = [
  "funcname",
  "objname",
  "names",
  "typeName",
  "domainname",
  "defnames",
  "collname",
  "opclass",
  "opclassname",
  "opfamilyname",
  "dictname",
  "cfgname",
  "name",
  "operName",
  "useOp",
];

/** Objects within a table: the last part of what DROP and COMMENT name is theirs, those before it the table's. */
const IN_A_TABLE = [
  "OBJECT_COLUMN",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TRIGGER",
  "OBJECT_POLICY",
  "OBJECT_RULE",
];
/** The first part of what DROP and COMMENT name is the access method. */
const OF_AN_ACCESS_METHOD = ["OBJECT_OPCLASS", "OBJECT_OPFAMILY"];

/** The schema in `database.schema.name` or `schema.name`. */
const schemaOf = (name: readonly string[]): string[] => name.slice(-2, -1).slice(0, name.length - 1);

function listed(value: unknown): string[] {
  return isTree(value) && isTree(value.List) ? nameOf(value.List.items) : [];
}

/** Names that DROP, COMMENT and ALTER give an object of any kind. */
function objectNames(node: Tree): string[][] {
  const kind = String(node.removeType ?? node.renameType ?? node.objectType ?? node.objtype);
  const objects = Array.isArray(node.objects) ? node.objects : [node.object];
  return objects.map(listed).map((name) => {
    if (IN_A_TABLE.includes(kind)) return name.slice(0, -1);
    return OF_AN_ACCESS_METHOD.includes(kind) ? name.slice(1) : name;
  });
}

/** Functions that take a relation's, type's or schema's name as text, and Postgres's types of such names. */
const NAMING_FUNCTION =
  /^(nextval|setval|currval|to_reg\w+|pg_get_serial_sequence|pg_(total_)?relation_size|pg_table_size)$/;
const NAMING_TYPE = /^reg(class|type|proc|procedure|oper|operator|namespace|config|dictionary)$/;

/** The schema in a name that is written as text, such as `'wms_dev."A"'`. */
function schemaInText(text: string, isSchema = false): string[] {
  const [, quoted, plain, dot] = /^\s*(?:"([^"]+)"|([^\s".]+))\s*(\.)?/.exec(text) ?? [];
  const schema = quoted ?? plain;
  return schema !== undefined && (isSchema || dot !== undefined) ? [schema] : [];
}

/** Schemas in the texts that a call or a cast takes for names. */
function namedInTexts({ funcname, args, typeName, arg }: Tree): string[] {
  if (isTree(typeName)) {
    const type = nameOf(typeName.names).at(-1) ?? "";
    return NAMING_TYPE.test(type) ? schemaInText(literalText(arg), type === "regnamespace") : [];
  }
  const name = nameOf(funcname).at(-1) ?? "";
  if (!Array.isArray(args)) return [];
  if (NAMING_FUNCTION.test(name)) return schemaInText(literalText(args[0]), name === "to_regnamespace");
  const isPath = name === "set_config" && literalText(args[0]).toLowerCase() === "search_path";
  return isPath
    ? literalText(args[1])
        .split(",")
        .flatMap((one) => schemaInText(one, true))
    : [];
}

/** Schemas that one node names by itself, without those of the nodes below it. */
function namedBy(node: Tree): string[] {
  const schemas: string[] = namedInTexts(node);
  if (typeof node.relname === "string" && typeof node.schemaname === "string") schemas.push(node.schemaname);
  if (typeof node.newschema === "string") schemas.push(node.newschema);
  for (const key of DOTTED_KEYS) {
    const name = nameOf(node[key]);
    // `"Table".column%TYPE`
    schemas.push(...schemaOf(node.pct_type === true ? name.slice(0, -1) : name));
  }
  // A column is only ever said with its schema as schema.table.column.
  if (Array.isArray(node.fields)) schemas.push(...schemaOf(nameOf(node.fields).slice(0, -1)));
  if (node.defname === "owned_by") schemas.push(...schemaOf(listed(node.arg).slice(0, -1)));
  if (node.name === "search_path" && Array.isArray(node.args)) {
    for (const { A_Const } of node.args as { A_Const?: { sval?: { sval?: string } } }[])
      schemas.push(A_Const?.sval?.sval ?? "");
  }
  if (node.object !== undefined || node.objects !== undefined)
    schemas.push(...objectNames(node).flatMap(schemaOf));
  return schemas;
}

/** Every schema that a statement names, outside of functions' quoted bodies. */
export function* namedSchemas(statement: Tree): Generator<NamedSchema> {
  for (const [, part, location] of parts({ statement })) {
    if (isTree(part)) for (const schema of namedBy(part)) yield { schema, location };
  }
}
