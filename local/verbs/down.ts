import type { Options } from "../options";
import { stopPlatform } from "../platform";
import { withLock } from "../servers/lock";

/** Stops the servers; all data are kept, and the next `up` goes on with them. */
export async function down(options: Options): Promise<void> {
  await withLock(options.places.lockFile, () => stopPlatform(options.places));
  console.log("Stopped; the data are kept");
}
