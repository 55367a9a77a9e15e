import type { Client } from "pg";
import { isFormula } from "../../infra/instance/formula";
import { readable } from "../../infra/instance/parameter-value";
import { type DatabaseParameter, factsOf } from "../../infra/instance/parameters";
import { byHand, type CatalogFinding, SERVER } from "./finding";

/**
 * What sessions of the deployer's own begin with says nothing of the server's. Of some parameters the default means that
 * the server chooses, and it shows what it chose.
 */
const SETTINGS = `
  SELECT lower(name) AS name, CASE WHEN vartype <> 'bool' THEN reset_val WHEN reset_val = 'on' THEN '1' ELSE '0' END AS value,
    CASE WHEN source IN ('default', 'override') THEN boot_val END AS "chosenFor"
  FROM pg_catalog.pg_settings
  WHERE lower(name) = ANY ($1) AND source NOT IN ('client', 'database', 'user', 'database user', 'session')`;

/**
 * Numbers, switches and words that the server runs otherwise than is declared: somebody changed its group, or what takes a
 * reboot has had none, while budget and alarms go by what is declared.
 */
export async function parameterFindings(
  client: Client,
  {
    identifier,
    engineVersion,
    rows,
  }: {
    readonly identifier: string;
    readonly engineVersion: string;
    readonly rows: readonly DatabaseParameter[];
  },
): Promise<CatalogFinding[]> {
  const declared = new Map(
    rows
      .filter(({ name, value }) => {
        // A text may be written in several ways, and what is RDS's own the server need not show.
        const type = factsOf(name, engineVersion)?.type ?? "string";
        return type !== "string" && !name.startsWith("rds.") && !isFormula(value);
      })
      .map((row) => [row.name, row]),
  );
  const { rows: found } = await client.query<{ name: string; value: string; chosenFor: string | null }>(
    SETTINGS,
    [[...declared.keys()]],
  );
  const group = `aws rds describe-db-instances --db-instance-identifier ${identifier} --query 'DBInstances[0].DBParameterGroups'`;
  const reboot = `aws rds reboot-db-instance --db-instance-identifier ${identifier}`;
  return found
    .filter(({ name, value, chosenFor }) => {
      const wanted = declared.get(name)?.value;
      return wanted !== chosenFor && wanted !== value && !(Number(wanted) === Number(value));
    })
    .map(({ name, value }) => {
      const facts = factsOf(name, engineVersion);
      const { value: wanted = "", applyMethod } = declared.get(name) ?? {};
      const waits = applyMethod === "pending-reboot" ? ": waits for a reboot" : "";
      return {
        who: name,
        what: `${readable(value, facts)}, and declared ${readable(wanted, facts)}${waits}`,
        where: SERVER,
        mend: byHand(`${group}   # where it says pending-reboot: ${reboot}`),
      };
    });
}
