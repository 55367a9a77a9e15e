import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allows, type RequestContext, type Statement } from "../helpers/iam-evaluation";

/** Folder of the roles of CI. */
export const IAM_FOLDER = join(__dirname, "../../docs/iam");

/** The policies of each role; whoever makes the roles reads the same file. */
export const ROLES = JSON.parse(readFileSync(join(IAM_FOLDER, "roles.json"), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

/** The statements of a file of `permissions` or `trust`. */
export function statementsOf(kind: "permissions" | "trust", name: string): readonly Statement[] {
  const text = readFileSync(join(IAM_FOLDER, kind, `${name}.json`), "utf8");
  return (JSON.parse(text) as { readonly Statement: readonly Statement[] }).Statement;
}

/** Whether a role of CI may do something. */
export function may(role: string, action: string, resource: string, context: RequestContext = {}): boolean {
  const statements = (ROLES[role] ?? []).flatMap((policy) => statementsOf("permissions", policy));
  return allows(statements, action, resource, context);
}
