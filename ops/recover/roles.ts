import type { Client } from "pg";
import { declaredServer, type ServerPart } from "../../access/undeclared/declared";
import { findingLine } from "../../access/undeclared/finding";
import { membershipFindings, roleFindings } from "../../access/undeclared/roles";
import { readServer } from "../../access/undeclared/server";
import { settingFindings } from "../../access/undeclared/settings";
import { Environments } from "../../infra/names";
import { roleRow } from "../../infra/rights";
import type { Present } from "./aws";
import type { Inputs } from "./creates";

/** Whoever makes a role gets its administration from the server itself; nobody can give himself that. */
const FOUND = `
  SELECT coalesce((SELECT string_agg(member::regrole::text, ', ') FROM pg_auth_members
      WHERE roleid = r.oid AND admin_option AND grantor = 10), 'nobody') AS maker,
    EXISTS (SELECT FROM pg_auth_members
      WHERE roleid = r.oid AND admin_option AND grantor = 10 AND member = current_user::regrole) AS "isOwn",
    EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = r.oid
      AND classid <> 'pg_auth_members'::regclass) AS "isUsed"
  FROM pg_roles r WHERE rolname = $1`;

interface FoundRole {
  readonly maker: string;
  readonly isOwn: boolean;
  readonly isUsed: boolean;
}

/**
 * Asks the server for a role that a create should make. A role is made in one transaction: one that differs from what
 * the provider was given in anything, or that has got something since, is not what the deployment made, and whoever
 * made it knows its password.
 * @param client logged in as whoever makes the role
 */
export async function presentRole(
  client: Client,
  deployer: string,
  inputs: Inputs,
): Promise<Present | undefined> {
  const name = String(inputs.name);
  const { rows } = await client.query<FoundRole>(FOUND, [name]);
  const [found] = rows;
  if (found === undefined) return undefined;
  if (!found.isOwn) return { id: name, misfit: `${found.maker} made it, not ${deployer}` };
  if (found.isUsed) return { id: name, misfit: "it owns something, or has rights, which no new role has" };
  const part: ServerPart = {
    stack: "",
    deployer,
    apps: [],
    visitors: [],
    rows: [roleRow(name, { ...inputs, name })],
    environments: new Environments(),
    otherStacks: [],
    appKeys: [],
    platformRoles: [],
  };
  const server = await readServer(client, declaredServer(part));
  const findings = [
    ...(await roleFindings(client, server)),
    ...(await membershipFindings(client, server)),
    ...(await settingFindings(client, server)),
  ].filter(({ who, where }) => who === name || where === name);
  const lines = findings.map(findingLine).join("; ");
  return { id: name, misfit: lines === "" ? undefined : `it is not as the deployment makes it (${lines})` };
}
