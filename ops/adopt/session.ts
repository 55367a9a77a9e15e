import { DATABASE } from "../../infra/names";
import { openAdminSession } from "../app/admin-session";
import type { Session } from "../app/connection";
import type { Place } from "../app/place";
import type { Declared } from "./declared";

/**
 * Logs in as the instance's master user. Before the first deploy there is no secret: the password comes from PGPASSWORD
 * then.
 * @throws {MistakeError} when nobody answers or the password is wrong
 */
export async function openAdoptSession(place: Place, declared: Declared): Promise<Session> {
  const password = process.env.PGPASSWORD;
  const given =
    password === undefined || password === "" ? undefined : { username: declared.admin, password };
  const there = { ...place, adminEndpoint: place.adminEndpoint ?? declared.endpoint };
  return openAdminSession("adopt", there, "admin", {
    database: DATABASE,
    instead: `give the password of ${declared.admin} in PGPASSWORD`,
    ...(given === undefined ? {} : { given }),
  });
}
