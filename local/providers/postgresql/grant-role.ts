import { type Client, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import type { AdminSession } from "./admin-session";

async function revoke(client: Client, inputs: Properties): Promise<void> {
  await client.query(`REVOKE ${quoted(textIn(inputs, "grantRole"))} FROM ${quoted(textIn(inputs, "role"))}`);
}

const DEFAULTS = { withAdminOption: false };

/**
 * `postgresql:index/grantRole:GrantRole`: nothing is changed in place, and a new one is made before the old one goes;
 * postgresql/resource_postgresql_grant_role.go of the provider.
 */
export function grantRoleHandler(session: AdminSession): Handler {
  return {
    replaceOn: true,
    defaults: DEFAULTS,
    create: (inputs, call) =>
      session.transaction(call, async (client) => {
        await revoke(client, inputs);
        const [role, group] = [textIn(inputs, "role"), textIn(inputs, "grantRole")];
        const option = flagIn(inputs, "withAdminOption") ? " WITH ADMIN OPTION" : "";
        await client.query(`GRANT ${quoted(group)} TO ${quoted(role)}${option}`);
        return { id: `${role}_${group}_${option !== ""}`, outputs: inputs };
      }),
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const { rows } = await client.query<{ withAdminOption: boolean }>(
          `SELECT bool_or(admin_option) AS "withAdminOption" FROM pg_auth_members
           WHERE roleid = to_regrole(quote_ident($1)) AND member = to_regrole(quote_ident($2)) GROUP BY roleid`,
          [textIn(before.inputs, "grantRole"), textIn(before.inputs, "role")],
        );
        return rows[0] === undefined ? undefined : told(before, rows[0], { defaults: DEFAULTS });
      }),
    remove: (before, call) => session.transaction(call, (client) => revoke(client, before.inputs)),
  };
}
