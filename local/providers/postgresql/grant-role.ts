import { type Client, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import type { AdminSession } from "./admin-session";

async function revoke(client: Client, inputs: Properties): Promise<void> {
  await client.query(`REVOKE ${quoted(textIn(inputs, "grantRole"))} FROM ${quoted(textIn(inputs, "role"))}`);
}

/** `postgresql:index/grantRole:GrantRole`. */
export function grantRoleHandler(session: AdminSession): Handler {
  return {
    replaceOn: true,
    create: (inputs, call) =>
      session.transaction(call, async (client) => {
        await revoke(client, inputs);
        const [role, group] = [textIn(inputs, "role"), textIn(inputs, "grantRole")];
        const option = flagIn(inputs, "withAdminOption") ? " WITH ADMIN OPTION" : "";
        await client.query(`GRANT ${quoted(group)} TO ${quoted(role)}${option}`);
        return { id: `${role}_${group}_${option !== ""}`, outputs: inputs };
      }),
    remove: (before, call) => session.transaction(call, (client) => revoke(client, before.inputs)),
  };
}
