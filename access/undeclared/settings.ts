import type { Client } from "pg";
import { DATABASE } from "../../infra/names";
import { PUBLIC } from "../facts";
import { keyOf, ownerOfAdopted } from "./declared";
import { byHand, type CatalogFinding, quoted } from "./finding";
import { roleSql, type Server, THE_DATABASE } from "./server";

interface FoundSetting {
  readonly role: string;
  readonly database: string;
  readonly name: string;
  readonly value: string;
}

const SETTINGS = `
  SELECT ${roleSql("setrole")} AS role, coalesce(d.datname::text, '') AS database,
    split_part(s, '=', 1) AS name, substr(s, strpos(s, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting LEFT JOIN pg_catalog.pg_database d ON d.oid = setdatabase, unnest(setconfig) s
  WHERE setdatabase = 0 OR d.datname = $1`;

/**
 * What sessions start with. Values are not shown: an app may keep a secret of its own there.
 */
export async function settingFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { declared } = server;
  const { rows } = await client.query<FoundSetting>(SETTINGS, [DATABASE]);
  const findings: CatalogFinding[] = [];
  const set = new Set<string>();
  for (const { role, database, name, value } of rows) {
    const isOfAll = role === PUBLIC;
    if (!(declared.own.has(role) || (isOfAll && declared.isWhole))) continue;
    const wanted = database === "" ? declared.roles.get(role)?.settings.get(name) : undefined;
    if (wanted !== undefined) set.add(keyOf(role, name));
    if (wanted === value) continue;
    // The hand-over makes the sessions of a login that existed before act as the owner.
    if (database !== "" && name === "role" && value === ownerOfAdopted(declared.roles.get(role))) continue;
    const where = database === "" ? "every database" : THE_DATABASE;
    const change =
      wanted === undefined
        ? settingStatement(isOfAll ? undefined : role, database, name)
        : declaredStatement(role, name, wanted);
    // What holds for every role and every database is the instance's own.
    const mend =
      isOfAll && database === ""
        ? byHand(`${change}; -- as the master`)
        : server.mendAt(isOfAll ? declared.part.deployer : role, change);
    findings.push({ who: role, what: `SET ${name}`, where, mend });
  }
  for (const [who, { settings }] of declared.roles)
    for (const [name, value] of settings)
      if (!set.has(keyOf(who, name)))
        findings.push({
          who,
          what: `no SET ${name}`,
          where: "every database",
          mend: server.mendAt(who, declaredStatement(who, name, value)),
        });
  return findings;
}

function declaredStatement(role: string, name: string, value: string): string {
  return `ALTER ROLE ${quoted(role)} SET ${name} TO ${value.split(", ").map(quoted).join(", ")}`;
}

function settingStatement(role: string | undefined, database: string, name: string): string {
  // A name of two parts is an app's own setting.
  const setting = name.split(".").map(quoted).join(".");
  if (role === undefined)
    return database === ""
      ? `ALTER ROLE ALL RESET ${setting}`
      : `ALTER DATABASE ${quoted(database)} RESET ${setting}`;
  return `ALTER ROLE ${quoted(role)}${database === "" ? "" : ` IN DATABASE ${quoted(database)}`} RESET ${setting}`;
}
