import { declaredAccess } from "../../access/cells";
import { type Proof, prove } from "../../access/prove";
import { appRights } from "../../infra/app/access";
import { stackConfig } from "../../infra/config/config";
import { declaredApps } from "../../infra/config/declared-apps";
import { databaseRights } from "../../infra/database/access";
import { namesOf } from "../../infra/names";
import type { Place } from "../app/place";
import { logIn } from "../app/session";

/**
 * Tries every app that a stack's file declares with its own URL, and holds the server against the file.
 * @throws {MistakeError} with every problem of the file, or when it is missing
 */
export function verify(stack: string, place: Place): Promise<Proof> {
  const apps = declaredApps(stackConfig(place.configDir, stack));
  const rows = apps.flatMap(({ app, environment, settings }) => appRights(app, environment, settings));
  const provable = apps.map(({ app, environment }) => {
    const names = namesOf(app, environment);
    return { names, logIn: () => logIn("verify", { app, environment, names, stack, place }) };
  });
  // What prod declares for the whole database holds for every stack's roles.
  return prove(provable, declaredAccess([...databaseRights([]), ...rows]));
}
