import { escapeIdentifier as quoted } from "pg";
import { ADMIN, DEV_ADMIN } from "../../infra/names";
import type { Survey } from "./survey";

/**
 * Statements by which the master lends itself roles for a transaction, and gives them back. What an admin has made only
 * that admin may lend: the master acts as it meanwhile.
 * @param roles that the master has to act as
 */
export function lendings(
  roles: readonly string[],
  { roles: found, master }: Survey,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const lenderOf = (name: string): string => {
    const administrators = found.find((role) => role.name === name)?.administrators ?? [];
    if (administrators.includes(master)) return master;
    return [ADMIN, DEV_ADMIN].find((admin) => administrators.includes(admin)) ?? master;
  };
  const lenders = roles.map(lenderOf).filter((name) => name !== master);
  // The admins first: they lend the others.
  const sorted = [...new Set([...roles, ...lenders])].sort((a, b) => {
    const rank = (name: string) => (lenderOf(name) === master ? 0 : 1);
    return rank(a) - rank(b) || (a < b ? -1 : 1);
  });
  const isActive = (name: string): boolean => found.some((role) => role.name === name && role.isActive);
  const lent = sorted.filter((name) => !isActive(name));
  return {
    before: lent.map((role) => `GRANT ${quoted(role)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`),
    after: [...lent]
      .reverse()
      .map(
        (role) =>
          `REVOKE ${quoted(role)} FROM CURRENT_USER GRANTED BY ${lenderOf(role) === master ? "CURRENT_USER" : quoted(lenderOf(role))}`,
      ),
  };
}
