import { type Client, escapeIdentifier as quoted } from "pg";
import { type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AdminSession, asMemberOf } from "./admin-session";

async function giveTo(client: Client, inputs: Properties): Promise<void> {
  const owner = textIn(inputs, "owner");
  const { rows } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
    [textIn(inputs, "name")],
  );
  if (rows[0] === undefined) throw new Error(`the database ${textIn(inputs, "name")} does not exist`);
  if (owner === "" || rows[0].owner === owner) return;
  await asMemberOf(client, [owner], () =>
    client.query(`ALTER DATABASE ${quoted(textIn(inputs, "name"))} OWNER TO ${quoted(owner)}`),
  );
}

/** `postgresql:index/database:Database`, for one that is there: the instance brings it, and takes it with it. */
export function databaseHandler(session: AdminSession): Handler {
  const bring: Handler["create"] = (inputs, call) =>
    session.transaction(call, async (client) => {
      await giveTo(client, inputs);
      return { id: textIn(inputs, "name"), outputs: inputs };
    });
  return {
    replaceOn: ["name"],
    create: bring,
    update: (_before, inputs, call) => bring(inputs, call),
  };
}
