import { type Client, escapeIdentifier as quoted } from "pg";
import { type Call, flagIn, type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf } from "./admin-session";
import { grantee, privilegeList } from "./grant";

/** Each kind's letter in the catalog. */
const LETTERS: Readonly<Record<string, string>> = {
  table: "r",
  sequence: "S",
  function: "f",
  routine: "f",
  type: "T",
  schema: "n",
};

function alter(inputs: Properties, change: string): string {
  const schema = textIn(inputs, "schema");
  const where = schema === "" ? "" : ` IN SCHEMA ${quoted(schema)}`;
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(textIn(inputs, "owner"))}${where} ${change}`;
}

function revoke(inputs: Properties): string {
  const kind = textIn(inputs, "objectType");
  if (LETTERS[kind] === undefined) throw new Error(`there are no default privileges on ${kind}`);
  return alter(inputs, `REVOKE ALL ON ${kind.toUpperCase()}S FROM ${grantee(textIn(inputs, "role"))}`);
}

async function rolesExist(client: Client, inputs: Properties): Promise<boolean> {
  const names = [...new Set([textIn(inputs, "owner"), textIn(inputs, "role")])].filter(
    (name) => name !== "public",
  );
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = ANY($1)", [names]);
  return rowCount === names.length;
}

async function privilegesOf(client: Client, inputs: Properties): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT privilege_type AS name FROM pg_default_acl
       LEFT JOIN pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl) a
     WHERE defaclrole = to_regrole(quote_ident($1)) AND coalesce(nspname, '') = $2 AND defaclobjtype = $3
       AND a.grantee = coalesce(to_regrole(quote_ident($4)), 0::regrole) ORDER BY 1`,
    [
      textIn(inputs, "owner"),
      textIn(inputs, "schema"),
      LETTERS[textIn(inputs, "objectType")],
      textIn(inputs, "role"),
    ],
  );
  return rows.map(({ name }) => name);
}

/**
 * `postgresql:index/defaultPrivileges:DefaultPrivileges`: the privileges alone change in place, and a new one is made before
 * the old one goes; postgresql/resource_postgresql_default_privileges.go of the provider.
 */
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
    defaults: { withGrantOption: false },
    create: bring,
    update: (_before, inputs, call) => bring(inputs, call),
    read: (before, call) =>
      session.transaction(call, async (client) => {
        if (!(await rolesExist(client, before.inputs))) return undefined;
        const privileges = await privilegesOf(client, before.inputs);
        return told(before, { privileges }, { sets: ["privileges"] });
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        if (!(await rolesExist(client, before.inputs))) return;
        await asMemberOf(client, [textIn(before.inputs, "owner")], () => client.query(revoke(before.inputs)));
      }),
  };
}
