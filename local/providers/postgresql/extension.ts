import { type Client, escapeIdentifier as quoted } from "pg";
import { flagIn, type Handler, textIn } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import type { AdminSession } from "./admin-session";

async function described(client: Client, database: string, inputs: Properties) {
  const name = textIn(inputs, "name");
  const { rows } = await client.query<{ schema: string; version: string }>(
    `SELECT nspname AS schema, extversion AS version
     FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = $1`,
    [name],
  );
  return { id: `${database}.${name}`, outputs: { ...inputs, database, ...rows[0] } };
}

/** `postgresql:index/extension:Extension`. */
export function extensionHandler(session: AdminSession): Handler {
  return {
    replaceOn: ["name", "database"],
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
    remove: (before, call) =>
      session.transaction(call, async (client) => {
        const mode = flagIn(before.inputs, "dropCascade") ? "CASCADE" : "RESTRICT";
        await client.query(`DROP EXTENSION IF EXISTS ${quoted(textIn(before.inputs, "name"))} ${mode}`);
      }),
  };
}
