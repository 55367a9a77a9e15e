import type { Client } from "pg";
import { isFormula } from "../../infra/instance/formula";
import { readable } from "../../infra/instance/parameter-value";
import { type DatabaseParameter, factsOf } from "../../infra/instance/parameters";
import { byHand, type CatalogFinding, SERVER } from "./finding";

/** What sessions of the deployer's own begin with says nothing of the server's. */
const SETTINGS = `
  SELECT lower(name) AS name, CASE WHEN vartype <> 'bool' THEN reset_val WHEN reset_val = 'on' THEN '1' ELSE '0' END AS value
  FROM pg_catalog.pg_settings
  WHERE lower(name) = ANY ($1) AND source NOT IN ('client', 'database', 'user', 'database user', 'session')`;

/**
 * Parameters that RDS applies at once, and that the server runs otherwise: somebody changed its group, or the instance
 * has not been rebooted since it got the group. What waits for a reboot anyhow is not among them.
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
      .filter(({ name, applyMethod, value }) => {
        // A text may be written in several ways, and what is RDS's own the server need not show.
        const type = factsOf(name, engineVersion)?.type ?? "string";
        const isShown = type !== "string" && !name.startsWith("rds.");
        return isShown && applyMethod === "immediate" && !isFormula(value);
      })
      .map(({ name, value }) => [name, value]),
  );
  const { rows: found } = await client.query<{ name: string; value: string }>(SETTINGS, [
    [...declared.keys()],
  ]);
  const group = `aws rds describe-db-instances --db-instance-identifier ${identifier} --query 'DBInstances[0].DBParameterGroups'`;
  const reboot = `aws rds reboot-db-instance --db-instance-identifier ${identifier}`;
  return found
    .filter(({ name, value }) => {
      const wanted = declared.get(name);
      return wanted !== value && !(Number(wanted) === Number(value));
    })
    .map(({ name, value }) => {
      const facts = factsOf(name, engineVersion);
      return {
        who: name,
        what: `${readable(value, facts)}, and declared ${readable(declared.get(name) ?? "", facts)}`,
        where: SERVER,
        mend: byHand(`${group}   # where it says pending-reboot: ${reboot}`),
      };
    });
}
