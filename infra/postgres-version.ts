import { MistakeError } from "./mistake";

/**
 * The oldest major version that this project runs on: below, a role that makes roles may change every other one that is
 * no superuser's, so that a dev admin could give itself prod's.
 * @see https://www.postgresql.org/docs/16/role-attributes.html
 */
export const OLDEST_MAJOR = 16;

/**
 * Refuses an instance whose version is too old.
 * @param version such as `17.4`, as the instance has it
 * @throws {MistakeError} that says what to do
 */
export function requireSupported(version: string): void {
  const major = Number.parseInt(version, 10);
  if (!(major < OLDEST_MAJOR)) return;
  throw new MistakeError(
    `the instance runs Postgres ${major}, in which a role that makes roles may change every other one: ` +
      `upgrade it to ${OLDEST_MAJOR} or later first`,
  );
}
