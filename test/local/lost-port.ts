/** Moves a platform's Postgres to a port that another program takes once the server has been stopped. */
import { createServer } from "node:net";
import { placesOf } from "../../local/places";
import { startPostgres } from "../../local/servers/postgres";

const [, , dir = "", port = ""] = process.argv;
const other = createServer();

startPostgres(placesOf(dir), Number(port), () => other.listen(Number(port), "127.0.0.1")).catch(
  (thrown: Error) => {
    console.log(thrown.message);
    other.close();
  },
);
