import { declaredAccess } from "../../access/cells";
import { type Proof, prove } from "../../access/prove";
import { table } from "../../cli/table";
import { appRights } from "../../infra/app/access";
import { stackConfig } from "../../infra/config/config";
import { adoptedApps, declaredApps } from "../../infra/config/shape";
import { databaseRights, deployerRights } from "../../infra/database/access";
import { namesOf } from "../../infra/names";
import type { Place } from "../app/place";
import { logIn } from "../app/session";

/**
 * Tries every app that a stack's file declares with its own URL, and holds the server against the file.
 * @throws {MistakeError} with every problem of the file, or when it is missing
 */
export function verify(stack: string, place: Place): Promise<Proof> {
  const config = stackConfig(place.configDir, stack);
  const apps = declaredApps(config);
  const adopted = adoptedApps(config).map(({ schema }) => schema);
  const rows = apps.flatMap(({ app, environment, settings }) =>
    appRights(app, environment, {
      ...settings,
      isAdopted: adopted.includes(namesOf(app, environment).schema),
    }),
  );
  const provable = apps.map(({ app, environment }) => {
    const names = namesOf(app, environment);
    return { names, logIn: () => logIn("verify", { app, environment, names, stack, place }) };
  });
  // What prod declares for the whole database holds for every stack's roles.
  return prove(provable, declaredAccess([...deployerRights([]), ...databaseRights([]), ...rows]));
}

/** What was tried, one line an app, and the cells that differ, if any. */
export function reportOf({ apps, differences, failures }: Proof, where: string): string {
  const tried = apps.map(({ schema, login, probed }) => {
    const own = probed.differences.length;
    return [
      schema,
      login,
      String(probed.roles.length),
      String(probed.schemas.length),
      String(probed.cells),
      own === 0 ? "as declared" : `${own} differ`,
    ];
  });
  const cells = apps.reduce((sum, { probed }) => sum + probed.cells, 0);
  const differing = differences.map(({ role, place, right, declared, found }) => [
    role,
    place,
    right,
    declared,
    found,
  ]);
  const isFine = differences.length === 0 && failures.length === 0;
  return [
    ...(tried.length === 0
      ? []
      : [table(["schema", "login", "roles", "schemas", "cells", "result"], tried), ""]),
    ...(differing.length === 0
      ? []
      : [table(["role", "schema or role", "right", "declared", "found"], differing), ""]),
    ...failures.map((failure) => `not tried: ${failure}`),
    isFine
      ? `${where}: ${cells} cells tried, all as declared`
      : `${where}: ${cells} cells tried, ${differences.length} differ, ${failures.length} apps not tried`,
  ].join("\n");
}
