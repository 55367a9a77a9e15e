import { type Client, escapeIdentifier as quoted } from "pg";
import { type Call, flagIn, type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf } from "./admin-session";
import { grantee, privilegeList } from "./grant";

const KINDS = ["table", "sequence", "function", "routine", "type", "schema"];

function alter(inputs: Properties, change: string): string {
  const schema = textIn(inputs, "schema");
  const where = schema === "" ? "" : ` IN SCHEMA ${quoted(schema)}`;
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(textIn(inputs, "owner"))}${where} ${change}`;
}

function revoke(inputs: Properties): string {
  const kind = textIn(inputs, "objectType");
  if (!KINDS.includes(kind)) throw new Error(`there are no default privileges on ${kind}`);
  return alter(inputs, `REVOKE ALL ON ${kind.toUpperCase()}S FROM ${grantee(textIn(inputs, "role"))}`);
}

async function rolesExist(client: Client, inputs: Properties): Promise<boolean> {
  const names = [...new Set([textIn(inputs, "owner"), textIn(inputs, "role")])].filter(
    (name) => name !== "public",
  );
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = ANY($1)", [names]);
  return rowCount === names.length;
}

/** `postgresql:index/defaultPrivileges:DefaultPrivileges`. */
export function defaultPrivilegesHandler(session: AdminSession): Handler {
  const bring = (inputs: Properties, call: Call) =>
    session.transaction(call, async (client) => {
      const privileges = privilegeList(inputs);
      const kind = textIn(inputs, "objectType");
      const option = flagIn(inputs, "withGrantOption") ? " WITH GRANT OPTION" : "";
      const sql = [revoke(inputs)];
      if (privileges !== "") {
        const to = grantee(textIn(inputs, "role"));
        sql.push(alter(inputs, `GRANT ${privileges} ON ${kind.toUpperCase()}S TO ${to}${option}`));
      }
      await asMemberOf(client, [textIn(inputs, "owner")], () => client.query(sql.join(";")));
      const where = textIn(inputs, "schema") || "noschema";
      const id = [
        textIn(inputs, "role"),
        textIn(inputs, "database"),
        where,
        textIn(inputs, "owner"),
        kind,
      ].join("_");
      return { id, outputs: inputs };
    });
  return {
    replaceOn: ["role", "database", "schema", "owner", "objectType", "withGrantOption"],
    sets: ["privileges"],
    create: bring,
    update: (_before, inputs, call) => bring(inputs, call),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        if (!(await rolesExist(client, before.inputs))) return;
        await asMemberOf(client, [textIn(before.inputs, "owner")], () => client.query(revoke(before.inputs)));
      }),
  };
}
