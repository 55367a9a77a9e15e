import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { Stages } from "../../cli/stages";
import { PLATFORM, platformOf } from "../options";
import { isPlatform, noPlatform } from "../places";
import { stopPlatform } from "../platform";
import { withLock } from "../servers/lock";

/** Stops the servers; all data are kept, and the next `up` goes on with them. */
export const DOWN: Command<typeof PLATFORM> = {
  options: PLATFORM,
  example: "",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { places } = platformOf(values);
    // The lock would make the folder.
    if (!isPlatform(places)) {
      console.log(noPlatform(places));
      return EXIT.done;
    }
    await withLock(places.lockFile, () =>
      new Stages().run(
        "servers",
        () => stopPlatform(places),
        () => "stopped",
      ),
    );
    console.log("Stopped; the data are kept");
    return EXIT.done;
  },
};
