import { resolve } from "node:path";
import { placesOf } from "../../local/places";
import { startPostgres, stopPostgres } from "../../local/servers/postgres";

/** `start` or `stop`, the folder, the port. */
const [verb, dir = "", port] = process.argv.slice(2);
const places = placesOf(resolve(dir, "data"), dir);
const work = verb === "start" ? startPostgres(places, Number(port), () => {}) : stopPostgres(places);
work.catch((thrown) => {
  console.error(thrown);
  process.exit(1);
});
