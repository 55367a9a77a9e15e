import { type Client, escapeIdentifier as quoted } from "pg";
import { type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf } from "./admin-session";

/** Owner of a database, the session's unless one is named; undefined when there is no such database. */
export async function databaseOwner(client: Client, name?: string): Promise<string | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = coalesce($1, current_database())",
    [name],
  );
  return rows[0]?.owner;
}

async function giveTo(client: Client, inputs: Properties): Promise<void> {
  const owner = textIn(inputs, "owner");
  const present = await databaseOwner(client, textIn(inputs, "name"));
  if (present === undefined) throw new Error(`the database ${textIn(inputs, "name")} does not exist`);
  if (owner === "" || present === owner) return;
  await asMemberOf(client, [owner], () =>
    client.query(`ALTER DATABASE ${quoted(textIn(inputs, "name"))} OWNER TO ${quoted(owner)}`),
  );
}

/**
 * `postgresql:index/database:Database`, for one that is there: the instance brings it, and takes it with it. Another name
 * renames it; postgresql/resource_postgresql_database.go of the provider.
 */
export function databaseHandler(session: AdminSession): Handler {
  const bring: Handler["create"] = (inputs, call) =>
    session.transaction(call, async (client) => {
      await giveTo(client, inputs);
      return { id: textIn(inputs, "name"), outputs: inputs };
    });
  return {
    replaceOn: ["encoding", "lcCollate", "lcCtype", "template"],
    defaults: { allowConnections: true, connectionLimit: -1 },
    create: bring,
    update: async (before, inputs, call) => {
      const name = textIn(inputs, "name");
      if (before.id !== name) {
        await session.transaction(call, (client) =>
          client.query(`ALTER DATABASE ${quoted(before.id)} RENAME TO ${quoted(name)}`),
        );
      }
      return bring(inputs, call);
    },
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const owner = await databaseOwner(client, before.id);
        return owner === undefined ? undefined : told(before, { name: before.id, owner });
      }),
  };
}
