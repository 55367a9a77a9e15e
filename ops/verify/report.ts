import type { Proof } from "../../access/prove";
import { table } from "../../cli/table";

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
