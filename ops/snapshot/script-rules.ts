import { ScriptError } from "../sql/script-pieces";
import { headOf } from "./rename-schema";

/** Statements that would end the one transaction, or act as somebody else in it. */
const FORBIDDEN =
  /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|discard|(re)?set\s+((session|local)\s+)?(role|session\s+authorization)|set\s+(local\s+)?transaction)\b/i;

/** Refuses a statement that would leave the transaction. @throws {ScriptError} */
export function checkStatement(sql: string): void {
  if (FORBIDDEN.test(sql))
    throw new ScriptError(`${headOf(sql)} would leave the one transaction that a restore is`);
}
