import ts from "typescript";
import type { AppNames } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { isTree, type ParsedStatement } from "../sql/parsed-script";
import type { SourceValues } from "./source-values";

/** Whether migrations of an app have a login of their own in some environment: its files are the same in every one. */
export function hasMigrator(app: string, declared: readonly DeclaredSchema[]): boolean {
  return declared.some((one) => one.app === app && one.hasMigrator === true);
}

/** Where a login that is right for one of the app's URLs is the user of the other; undefined when it is not. */
export function swappedProblem(variable: string, user: string, names: AppNames): string | undefined {
  const isMigrator = [names.migrator, names.secondMigrator].includes(user);
  if (variable === "DIRECT_URL")
    return isMigrator
      ? undefined
      : `DIRECT_URL's user is not the login for migrations, and no other may change tables (42501): take the URL of the secret ${names.migratorSecret}`;
  return isMigrator
    ? `${variable}'s user is the login for migrations, and the app would run with its rights: take the URL of the secret ${names.secret}`
    : undefined;
}

/** What the config lacks by which migrations would run as the app, which may change no table. */
export const NO_DIRECT_URL =
  "migrations would run as the app's login, which may change no table (42501): migrator: true has their URL in DIRECT_URL: " +
  "say process.env.DIRECT_URL ?? process.env.DATABASE_URL in prisma.config.ts";

/** Statements that the server lets nobody run but the owner of what they change; each is asked of it. */
const OWNERS_ALONE: ReadonlySet<string> = new Set([
  ...[
    "CreateStmt",
    "CreateTableAsStmt",
    "AlterTableStmt",
    "RenameStmt",
    "DropStmt",
    "TruncateStmt",
    "IndexStmt",
  ],
  ...[
    "CreateSeqStmt",
    "AlterSeqStmt",
    "ViewStmt",
    "RefreshMatViewStmt",
    "ReindexStmt",
    "ClusterStmt",
    "CommentStmt",
  ],
  ...[
    "CreateFunctionStmt",
    "CreateTrigStmt",
    "CreateEnumStmt",
    "AlterEnumStmt",
    "CompositeTypeStmt",
    "CreateDomainStmt",
  ],
  ...["RuleStmt", "CreatePolicyStmt", "CreateStatsStmt"],
]);

/** What is wrong with a statement of the running app's; undefined when it changes rows alone. */
export function ownersProblem({ tag, node }: ParsedStatement): string | undefined {
  const isInto = tag === "SelectStmt" && isTree(node.intoClause);
  if (!OWNERS_ALONE.has(tag) && !isInto) return undefined;
  return "the app's login may change rows alone (42501): put it into a migration, or write DELETE in place of TRUNCATE";
}

/** A client of the running app that connects with the URL for migrations. */
export function* runtimeProblems(
  node: ts.NewExpression | ts.CallExpression,
  values: SourceValues,
): Generator<readonly [place: ts.Node, message: string]> {
  const settings = node.arguments?.map((one) => values.resolved(one)) ?? [];
  const direct = settings.find((one) => {
    const given = ts.isObjectLiteralExpression(one) ? values.settingOf(one, "connectionString") : one;
    return given !== undefined && /\bDIRECT_URL\b/.test(values.resolved(given).getText());
  });
  if (direct !== undefined)
    yield [
      node,
      "the app would run with the rights of migrations, and the running app has no DIRECT_URL: take DATABASE_URL",
    ];
}
