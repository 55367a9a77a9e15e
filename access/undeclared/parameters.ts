import type { Client } from "pg";
import { isFormula } from "../../infra/instance/formula";
import { readable } from "../../infra/instance/parameter-value";
import { type DatabaseParameter, factsOf } from "../../infra/instance/parameters";
import { byHand, type CatalogFinding, SERVER } from "./finding";

/** What the declared parameters are on the server. */
export interface ParameterComparison {
  readonly findings: readonly CatalogFinding[];
  /** Those that could not be compared, each with why. */
  readonly notCompared: readonly string[];
}

/** One parameter as the server runs by it. */
interface FoundParameter {
  readonly name: string;
  readonly value: string;
  readonly isSwitch: boolean;
  /** Whether the value is what a session of the deployer's own begins with, which says nothing of the server's. */
  readonly isOfSession: boolean;
  /** Of some the default means that the server chooses, and it shows what it chose. */
  readonly chosenFor: string | null;
}

const CONNECTIONS = "max_connections";

const FOUND = `
  SELECT lower(name) AS name, reset_val AS value, vartype = 'bool' AS "isSwitch",
    source IN ('client', 'database', 'user', 'database user', 'session') AS "isOfSession",
    CASE WHEN source IN ('default', 'override') THEN boot_val END AS "chosenFor"
  FROM pg_catalog.pg_settings WHERE lower(name) = ANY ($1)`;

/** What is RDS's own is a setting of its own server; whether it lists it, its documentation does not say. */
async function ofRds(client: Client, name: string): Promise<FoundParameter | undefined> {
  const { rows } = await client
    .query<{ value: string | null }>("SELECT pg_catalog.current_setting($1, true) AS value", [name])
    // Nor whether it shows it to whoever is no superuser.
    .catch(() => ({ rows: [] }));
  const [{ value } = { value: null }] = rows;
  return value === null ? undefined : { name, value, isSwitch: true, isOfSession: false, chosenFor: null };
}

/** A text as the server writes it, where a session may ask it to: `iso,dmy` is `ISO, DMY`. Nothing stays set. */
async function canonical(client: Client, name: string, text: string): Promise<string> {
  await client.query("BEGIN READ ONLY");
  try {
    const { rows } = await client.query<{ value: string }>(
      "SELECT pg_catalog.set_config($1, $2, true) AS value",
      [name, text],
    );
    return rows[0]?.value ?? text;
  } catch {
    return text;
  } finally {
    await client.query("ROLLBACK");
  }
}

const plainText = (text: string) => text.toLowerCase().replace(/["\s]/g, "");

const SWITCHED: Readonly<Record<string, string>> = { on: "1", true: "1", off: "0", false: "0" };

/** A word by which the server takes a value, and the one that it shows. */
const SHOWN_AS: Readonly<Record<string, string>> = { "wal_compression on": "pglz" };

/** Whether the server runs by what is declared, however the two are written. */
async function isAsDeclared(client: Client, found: FoundParameter, declared: string, isText: boolean) {
  const { name, value, isSwitch, chosenFor } = found;
  const switched = (word: string) => (isSwitch ? (SWITCHED[word] ?? word) : word);
  const own = switched(value);
  const wanted = SHOWN_AS[`${name} ${declared}`] ?? switched(declared);
  const isSameNumber = own.trim() !== "" && Number(wanted) === Number(own);
  if (declared === chosenFor || plainText(wanted) === plainText(own) || isSameNumber) return true;
  return isText && plainText(await canonical(client, name, wanted)) === plainText(own);
}

/**
 * What the server runs otherwise than is declared: somebody changed its group, or what takes a reboot has had none, while
 * budget and alarms go by what is declared.
 */
export async function compareParameters(
  client: Client,
  {
    identifier,
    engineVersion,
    rows,
    connections,
  }: {
    readonly identifier: string;
    readonly engineVersion: string;
    readonly rows: readonly DatabaseParameter[];
    /** Connections that the stacks' shares need together. */
    readonly connections: number;
  },
): Promise<ParameterComparison> {
  const { rows: listed } = await client.query<FoundParameter>(FOUND, [
    [CONNECTIONS, ...rows.map(({ name }) => name)],
  ]);
  const listedByName = new Map(listed.map((one) => [one.name, one]));
  const group = `aws rds describe-db-instances --db-instance-identifier ${identifier} --query 'DBInstances[0].DBParameterGroups'`;
  const reboot = `aws rds reboot-db-instance --db-instance-identifier ${identifier}`;
  const findings: CatalogFinding[] = [];
  const notCompared: string[] = [];
  for (const { name, value: wanted } of rows) {
    const facts = factsOf(name, engineVersion);
    const isRds = name.startsWith("rds.");
    const found = isRds ? await ofRds(client, name) : listedByName.get(name);
    if (isFormula(wanted)) notCompared.push(`${name}: a formula, which RDS reckons out`);
    else if (found === undefined) notCompared.push(`${name}: the server does not show it`);
    else if (found.isOfSession) notCompared.push(`${name}: the deployer's sessions have their own`);
    else if (!(await isAsDeclared(client, found, wanted, facts === undefined || facts.type === "string"))) {
      const shown = isRds ? (SWITCHED[found.value] ?? found.value) : found.value;
      findings.push({
        who: name,
        what: `${readable(facts?.type === "bool" ? (SWITCHED[shown] ?? shown) : shown, facts)}, and declared ${readable(wanted, facts)}`,
        where: SERVER,
        mend:
          facts?.context === "postmaster"
            ? { by: "reboot", statement: reboot }
            : byHand(`${group}   # where it says pending-reboot: ${reboot}`),
      });
    }
  }
  const most = Number(listedByName.get(CONNECTIONS)?.value);
  if (most < connections && findings.every(({ who }) => who !== CONNECTIONS))
    findings.push({
      who: CONNECTIONS,
      what: `${most}, and the shares of the stacks need ${connections}`,
      where: SERVER,
      mend: byHand("lower a connectionShare, or set maxConnections, deploy and reboot"),
    });
  return { findings, notCompared };
}
