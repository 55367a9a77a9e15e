/**
 * A process of its own that starts embedded servers and deploys nothing, since jest cannot load the embedded Postgres's
 * package. `postgres` starts that alone; `rds` both servers, with the master user and the database that RDS makes.
 * Arguments: what, the platform's folder, the port. The master's password comes by environment.
 */
import { mkdirSync } from "node:fs";
import { Stages } from "../../cli/stages";
import { DATABASE, DEFAULT_MASTER } from "../../infra/names";
import { placesOf } from "../../local/places";
import { startPlatform } from "../../local/platform";
import { ServerBehind } from "../../local/providers/aws/server-behind";
import { startPostgres } from "../../local/servers/postgres";

async function main(): Promise<void> {
  const [what = "", dir = "", port = ""] = process.argv.slice(2);
  const places = placesOf(dir);
  if (what === "postgres") return startPostgres(places, Number(port), () => {});
  mkdirSync(places.dir, { recursive: true });
  const servers = await startPlatform(places, Number(port), new Stages(process.stderr));
  await new ServerBehind(places, servers.postgresPort).ensure({
    username: DEFAULT_MASTER,
    password: process.env.MASTER_PASSWORD ?? "",
    database: DATABASE,
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
