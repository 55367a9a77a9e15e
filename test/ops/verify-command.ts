import { runVerb } from "../helpers/ops-platform";
import type { Ended } from "../helpers/process";

/** Everything of the cluster that a probe could leave behind. */
export const CATALOG = `
  SELECT (SELECT json_agg(c ORDER BY c.oid) FROM (SELECT oid, relname, relnamespace, relowner, relacl::text FROM pg_class) c) AS relations,
    (SELECT json_agg(n ORDER BY n.oid) FROM (SELECT oid, nspname, nspowner, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_temp|^pg_toast_temp') n) AS schemas,
    (SELECT json_agg(r ORDER BY r.oid) FROM (SELECT * FROM pg_roles) r) AS roles,
    (SELECT json_agg(m ORDER BY m.oid) FROM pg_auth_members m) AS members,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_default_acl d) AS defaults,
    (SELECT json_agg(d::text ORDER BY d.oid) FROM pg_database d) AS databases,
    (SELECT json_agg(s::text ORDER BY s.setrole, s.setdatabase) FROM pg_db_role_setting s) AS settings`;

/** Runs the command's own code in this process. */
export function verify(args: readonly string[]): Promise<Ended> {
  return runVerb(["verify", ...args]);
}

/** Rows of the table of cells that differ, their columns by one blank. */
export function cellsOf(stdout: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line.startsWith("role "));
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 2, end).map((line) => line.replace(/ {2,}/g, " | "));
}

/** What the catalogs showed: each finding behind what mends it, a statement that is to be typed behind its finding. */
export function findingsOf(stdout: string): string[] {
  const found: string[] = [];
  let mend = "";
  for (const line of stdout.split("\n")) {
    const [, words] = /^mended by (.*):$/.exec(line) ?? [];
    if (words !== undefined) mend = /repair|up|hand/.exec(words)?.[0] ?? "";
    else if (line === "") mend = "";
    else if (mend !== "")
      found.push(line.startsWith("    ") ? `type ${line.trim()}` : `${mend} ${line.trim()}`);
  }
  return found;
}
