import { nameOf, type ParsedStatement, parts } from "../sql/parsed-script";
import type { PrismaVersion } from "./app-files";
import type { LineFinding } from "./finding";
import { transactionEnds } from "./table-history";

/** The first version whose engine sends a migration statement by statement. */
const ONE_BY_ONE: PrismaVersion = [7, 4];

/** Whether a version of Prisma, such as `7.10`, sends a migration statement by statement. */
export function sendsOneByOne(version: PrismaVersion | undefined): boolean {
  if (version === undefined) return false;
  const [major, minor] = version;
  return major > ONE_BY_ONE[0] || (major === ONE_BY_ONE[0] && minor >= ONE_BY_ONE[1]);
}

/** What a statement that refuses to run in a transaction is called; undefined for any other. */
function outsideOnly({ tag, node }: ParsedStatement): string | undefined {
  const names = Array.isArray(node.params) ? node.params.map((one) => one?.DefElem?.defname) : [];
  if (tag === "IndexStmt" && node.concurrent === true) return "CREATE INDEX CONCURRENTLY";
  if (tag === "DropStmt" && node.concurrent === true) return "DROP INDEX CONCURRENTLY";
  if (tag === "ReindexStmt" && names.includes("concurrently")) return "REINDEX CONCURRENTLY";
  if (tag === "VacuumStmt" && node.is_vacuumcmd === true) return "VACUUM";
  const commands = Array.isArray(node.cmds) ? node.cmds : [];
  const isDetach = commands.some((one) => one?.AlterTableCmd?.def?.PartitionCmd?.concurrent === true);
  return isDetach ? "DETACH PARTITION … CONCURRENTLY" : undefined;
}

const NEW_VALUE =
  "a transaction may not use a value that it adds to an enum (55P04), and Prisma before 7.4 runs a file as one: use it in the next migration";
/** Statements of a migration that a deploy cannot run where they stand. */
export function transactionProblems(
  statements: readonly ParsedStatement[],
  version: PrismaVersion | undefined,
): LineFinding[] {
  const isAlone = statements.length === 1 || sendsOneByOne(version);
  let isOpen = false;
  const values = new Set<string>();
  const types = new Set<string>();
  return statements.flatMap((statement) => {
    const { tag, node, line } = statement;
    if (tag === "TransactionStmt") isOpen = !(transactionEnds(node) ?? !isOpen);
    if (tag === "CreateEnumStmt") types.add(nameOf(node.typeName).at(-1) ?? "");
    const isInOne = isOpen || !sendsOneByOne(version);
    if (tag === "AlterEnumStmt") {
      const isOld = !types.has(nameOf(node.typeName).at(-1) ?? "");
      if (isOld && typeof node.newVal === "string") values.add(node.newVal);
    } else if (isInOne) {
      const used = [...parts(node)].find(([key, value]) => key === "sval" && values.has(String(value)))?.[1];
      if (used !== undefined) return [{ line, message: `${String(used)}: ${NEW_VALUE}` }];
    }
    const what = outsideOnly(statement);
    if (what === undefined || (isAlone && !isOpen)) return [];
    const why = isOpen
      ? "no transaction may hold it: take it out of BEGIN and COMMIT"
      : "Prisma before 7.4 runs a file of several statements as one transaction, which may not hold it";
    return [{ line, message: `${what}: ${why}: put it alone into a migration of its own` }];
  });
}
