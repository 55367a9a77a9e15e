/**
 * Child of the official engine's test: starts the embedded servers without deploying anything, and makes the
 * master user and the database, as RDS does. Arguments: folder, port. The master's password comes by environment.
 */
import { mkdirSync } from "node:fs";
import { placesOf } from "../../local/places";
import { startPlatform } from "../../local/platform";
import { ServerBehind } from "../../local/providers/aws/server-behind";

async function main(): Promise<void> {
  const [dir = "", port = ""] = process.argv.slice(2);
  const places = placesOf(dir);
  mkdirSync(places.dir, { recursive: true });
  const servers = await startPlatform(places, Number(port), () => {});
  await new ServerBehind(places, servers.postgresPort).ensure({
    username: "ecomos_admin",
    password: process.env.MASTER_PASSWORD ?? "",
    database: "portal_db",
  });
  console.log(JSON.stringify(servers));
}

main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  },
);
