import { MistakeError } from "../../infra/mistake";
import { DATABASE } from "../../infra/names";
import { openAdminSession } from "../app/admin-session";
import { type Session, WrongPassword } from "../app/connection";
import type { Place } from "../app/place";
import { logIn } from "../app/session";
import type { AdoptedLogin, Declared } from "./declared";
import { isDeployed, type Survey } from "./survey";

/**
 * Tries the password of each login that is taken over: the one in the stack's file where it can be read, otherwise the
 * one in the secret that the deploy has written. The deploy leaves a login's password alone, so that a wrong one shuts
 * nobody out; but the secret would open nothing.
 * @returns what is wrong, a line each
 */
export async function wrongPasswords(place: Place, declared: Declared, survey: Survey): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of declared.adopted) {
    if (!survey.roles.some(({ name }) => name === one.names.login)) continue;
    if (one.password === "" && !isDeployed(one, survey)) continue;
    try {
      await (await tried(place, declared, one)).client.end();
    } catch (thrown) {
      if (!(thrown instanceof MistakeError)) throw thrown;
      const { login, schema } = one.names;
      const advice = `: put the present password of ${login} into adoptedLogins.${schema} of stack ${one.stack}`;
      wrong.push(`${thrown.message}${thrown instanceof WrongPassword ? advice : ""}`);
    }
  }
  return wrong;
}

function tried(place: Place, declared: Declared, one: AdoptedLogin): Promise<Session> {
  if (one.password === "") return logIn("adopt", { ...one, place });
  const there = { ...place, adminEndpoint: place.adminEndpoint ?? declared.endpoint };
  return openAdminSession("adopt", there, "master", {
    database: DATABASE,
    given: { username: one.names.login, password: one.password },
  });
}
