import { type Client, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn, told } from "../../engine/handler";
import { type AdminSession, asMemberOf, currentUser } from "./admin-session";

/** Owner of a schema; undefined when there is no such schema. */
export async function schemaOwner(client: Client, schema: string): Promise<string | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  return rows[0]?.owner;
}

/** `postgresql:index/schema:Schema`: renamed in place; postgresql/resource_postgresql_schema.go of the provider. */
export function schemaHandler(session: AdminSession): Handler {
  return {
    replaceOn: ["database"],
    defaults: { dropCascade: false, ifNotExists: true },
    readEachRun: true,
    create: (inputs, call) =>
      session.transaction(call, async (client, database) => {
        const name = textIn(inputs, "name");
        const owner = textIn(inputs, "owner");
        const present = await schemaOwner(client, name);
        if (present === undefined) {
          const authorization = owner === "" ? "" : ` AUTHORIZATION ${quoted(owner)}`;
          await asMemberOf(client, owner === "" ? [] : [owner], () =>
            client.query(`CREATE SCHEMA ${quoted(name)}${authorization}`),
          );
        }
        const actual = present ?? (owner === "" ? await currentUser(client) : owner);
        return { id: `${database}.${name}`, outputs: { ...inputs, name, database, owner: actual } };
      }),
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const [, name = ""] = before.id.split(".");
        const owner = await schemaOwner(client, textIn(before.outputs, "name") || name);
        return owner === undefined ? undefined : told(before, { owner });
      }),
    update: (before, inputs, call) =>
      session.transaction(call, async (client, database) => {
        const name = textIn(inputs, "name");
        const old = textIn(before.outputs, "name");
        const owner = textIn(inputs, "owner");
        const present = textIn(before.outputs, "owner");
        await asMemberOf(
          client,
          [present, owner].filter((role) => role !== ""),
          async () => {
            if (old !== name) await client.query(`ALTER SCHEMA ${quoted(old)} RENAME TO ${quoted(name)}`);
            if (owner !== "" && owner !== present) {
              await client.query(`ALTER SCHEMA ${quoted(name)} OWNER TO ${quoted(owner)}`);
            }
          },
        );
        return { id: `${database}.${name}`, outputs: { ...inputs, name, database, owner: owner || present } };
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        const name = textIn(before.outputs, "name");
        const owner = await schemaOwner(client, name);
        if (owner === undefined) return;
        const mode = flagIn(before.inputs, "dropCascade") ? "CASCADE" : "RESTRICT";
        await asMemberOf(client, [owner], () => client.query(`DROP SCHEMA ${quoted(name)} ${mode}`));
      }),
  };
}
