import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT } from "../../cli/exit-status";
import { Stages } from "../../cli/stages";
import { PLATFORM, platformOf } from "../options";
import { stopPlatform } from "../platform";
import { withLock } from "../servers/lock";

/** Stops the servers; all data are kept, and the next `up` goes on with them. */
export const DOWN: Command<typeof PLATFORM> = {
  options: PLATFORM,
  example: "",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { places } = platformOf(values);
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
