import { isTree, nameOf, type Tree } from "../sql/parsed-script";
import { UNWRITTEN } from "./finding";

const FORMAT_FUNCTIONS = ["format", "concat", "quote_ident", "quote_literal"];

/** `format('… %I …', a)`: the arguments in their places. */
function formatted([template = "", ...values]: readonly string[]): string {
  let next = 0;
  return template.replace(
    /%(?:(\d+)\$)?[-\d*]*([sIL%])/g,
    (_all, position: string | undefined, kind: string) => {
      if (kind === "%") return "%";
      const value = values[position === undefined ? next++ : Number(position) - 1] ?? UNWRITTEN;
      return kind === "L" ? `'${value}'` : value;
    },
  );
}

/** The text of an SQL expression as far as it is written out; for the rest stands {@link UNWRITTEN}. */
export function literalText(node: unknown): string {
  if (!isTree(node)) return UNWRITTEN;
  const { A_Const, A_Expr, TypeCast, FuncCall } = node as Record<string, Tree | undefined>;
  if (isTree(A_Const?.sval)) return String(A_Const.sval.sval ?? "");
  if (A_Expr !== undefined && nameOf(A_Expr.name).at(-1) === "||")
    return literalText(A_Expr.lexpr) + literalText(A_Expr.rexpr);
  if (TypeCast !== undefined) return literalText(TypeCast.arg);
  const name = nameOf(FuncCall?.funcname).at(-1) ?? "";
  if (!FORMAT_FUNCTIONS.includes(name) || !Array.isArray(FuncCall?.args)) return UNWRITTEN;
  const texts = FuncCall.args.map(literalText);
  return name === "format" ? formatted(texts) : texts.join("");
}
