import type { Client } from "pg";
import { DATABASE, DEV_ADMIN } from "../../infra/names";
import { TIMEOUT_SETTINGS } from "../../infra/timeouts";
import { PUBLIC } from "../facts";
import { millisecondsOf, PLAIN_MILLISECONDS } from "../milliseconds";
import { keyOf, ownerOfAdopted } from "./declared";
import { byHand, type CatalogFinding, type Mend, quoted } from "./finding";
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

const TIMEOUTS: readonly string[] = Object.values(TIMEOUT_SETTINGS);

/**
 * What sessions start with. Values are not shown: an app may keep a secret of its own there.
 */
export async function settingFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { declared } = server;
  const { rows } = await client.query<FoundSetting>(SETTINGS, [DATABASE]);
  const { roles: own, deployer, part } = declared;
  const roles = deployer === undefined ? own : new Map([...own, [part.deployer, deployer]]);
  const findings: CatalogFinding[] = [];
  const set = new Set<string>();
  for (const { role, database, name, value } of rows) {
    const isOfAll = role === PUBLIC;
    if (!(declared.own.has(role) || roles.has(role) || (isOfAll && declared.isWhole))) continue;
    const wanted = database === "" ? roles.get(role)?.settings.get(name) : undefined;
    if (wanted !== undefined) set.add(keyOf(role, name));
    if (wanted === value) continue;
    const ownerAfter = ownerOfAdopted(roles.get(role));
    const isLimit = TIMEOUTS.includes(name);
    // A role's limit of time that the provider cannot read ends every refresh of the stack.
    const isUnread = isLimit && !isOfAll && database === "" && !PLAIN_MILLISECONDS.test(value);
    // A login that existed before has the limits of time that it had, and the hand-over makes its sessions act as the owner.
    if (ownerAfter !== undefined && isLimit && !isUnread) continue;
    if (database !== "" && name === "role" && value === ownerAfter) continue;
    const where = database === "" ? "every database" : THE_DATABASE;
    const kept =
      isUnread && ownerAfter !== undefined ? String(await millisecondsOf(client, value)) : undefined;
    const change =
      (wanted ?? kept) === undefined
        ? settingStatement(isOfAll ? undefined : role, database, name)
        : declaredStatement(role, name, wanted ?? kept ?? "");
    // What holds for every role and every database is the instance's own.
    const mend =
      isOfAll && database === ""
        ? byHand(`${change}; -- as the master`)
        : mendOf(server, isOfAll ? declared.part.deployer : role, name, change);
    const what = isUnread ? `SET ${name} to ${value}, which no refresh can read` : `SET ${name}`;
    findings.push({ who: role, what, where, mend });
  }
  for (const [who, { settings }] of roles)
    for (const [name, value] of settings)
      if (!set.has(keyOf(who, name)))
        findings.push({
          who,
          what: `no SET ${name}`,
          where: "every database",
          mend: mendOf(server, who, name, declaredStatement(who, name, value)),
        });
  return findings;
}

/** What mends a setting. A deployer has its limits of time from itself: where it was made without them, nothing else sets them. */
function mendOf(server: Server, role: string, name: string, statement: string): Mend {
  const isOthers = role === DEV_ADMIN && server.declared.part.deployer !== DEV_ADMIN;
  return isOthers && TIMEOUTS.includes(name)
    ? byHand("npm run ops -- repair dev")
    : server.mendAt(role, statement);
}

function declaredStatement(role: string, name: string, value: string): string {
  const words = TIMEOUTS.includes(name) ? value : value.split(", ").map(quoted).join(", ");
  return `ALTER ROLE ${quoted(role)} SET ${name} TO ${words}`;
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
