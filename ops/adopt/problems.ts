import { escapeIdentifier as quoted } from "pg";
import { EXTENSIONS_SCHEMA } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import type { Survey } from "./survey";

/**
 * What stands in the way of an adoption.
 * @param pending declared schemas whose stack has still to be deployed
 * @param actors roles that the admin must act as
 */
export function problemsOf(
  pending: readonly DeclaredSchema[],
  survey: Survey,
  actors: readonly string[],
): string[] {
  const problems = survey.ownsDatabase
    ? []
    : [`${survey.admin} does not own the database ${survey.database}: log in as the instance's master user`];
  for (const name of actors) {
    const role = survey.roles.find((found) => found.name === name);
    if (role === undefined || role.superuser || !role.isOurs) {
      problems.push(
        `${survey.admin} may not act as ${name}: have a superuser (on RDS, rds_superuser) run GRANT ${quoted(name)} TO ${quoted(survey.admin)} WITH ADMIN OPTION`,
      );
    }
    if (role?.memberOf.includes(survey.admin))
      problems.push(`${name} is a member of ${survey.admin}: take that away first`);
  }
  for (const { stack, names } of pending) {
    for (const name of [names.reader, names.secondLogin]) {
      if (!survey.roles.some((role) => role.name === name)) continue;
      problems.push(`the role ${name} exists, and stack ${stack} would make it: rename or drop it`);
    }
  }
  if (
    pending.length > 0 &&
    survey.schemas.some(({ name, owner }) => name === EXTENSIONS_SCHEMA && owner !== survey.admin)
  ) {
    problems.push(`the schema ${EXTENSIONS_SCHEMA} is not ${survey.admin}'s: hand it over first`);
  }
  return problems;
}
