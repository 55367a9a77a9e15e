import { type Client, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import type { AdminSession } from "./admin-session";

/** Where an extension is, and in which version; undefined when there is none of that name. */
async function find(client: Client, name: string): Promise<Properties | undefined> {
  const { rows } = await client.query<{ schema: string; version: string }>(
    `SELECT nspname AS schema, extversion AS version
     FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = $1`,
    [name],
  );
  return rows[0];
}

async function described(client: Client, database: string, inputs: Properties) {
  const name = textIn(inputs, "name");
  return { id: `${database}.${name}`, outputs: { ...inputs, database, ...(await find(client, name)) } };
}

/** `postgresql:index/extension:Extension`: moved and updated in place; postgresql/resource_postgresql_extension.go. */
export function extensionHandler(session: AdminSession): Handler {
  return {
    replaceOn: ["name", "database"],
    defaults: { createCascade: false, dropCascade: false },
    create: (inputs, call) =>
      session.transaction(call, async (client, database) => {
        const schema = textIn(inputs, "schema");
        const version = textIn(inputs, "version");
        await client.query(
          `CREATE EXTENSION IF NOT EXISTS ${quoted(textIn(inputs, "name"))}` +
            (schema === "" ? "" : ` SCHEMA ${quoted(schema)}`) +
            (version === "" ? "" : ` VERSION ${quoted(version)}`) +
            (flagIn(inputs, "createCascade") ? " CASCADE" : ""),
        );
        return described(client, database, inputs);
      }),
    update: (before, inputs, call) =>
      session.transaction(call, async (client, database) => {
        const name = quoted(textIn(inputs, "name"));
        const schema = textIn(inputs, "schema");
        const version = textIn(inputs, "version");
        if (schema !== "" && schema !== textIn(before.outputs, "schema")) {
          await client.query(`ALTER EXTENSION ${name} SET SCHEMA ${quoted(schema)}`);
        }
        if (version !== textIn(before.inputs, "version")) {
          await client.query(
            `ALTER EXTENSION ${name} UPDATE${version === "" ? "" : ` TO ${quoted(version)}`}`,
          );
        }
        return described(client, database, inputs);
      }),
    read: (before, call) =>
      session.transaction(call, async (client) => {
        const name = textIn(before.outputs, "name") || before.id.slice(before.id.indexOf(".") + 1);
        const found = await find(client, name);
        return found === undefined ? undefined : told(before, { name, ...found });
      }),
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        const mode = flagIn(before.inputs, "dropCascade") ? "CASCADE" : "RESTRICT";
        await client.query(`DROP EXTENSION IF EXISTS ${quoted(textIn(before.inputs, "name"))} ${mode}`);
      }),
  };
}
