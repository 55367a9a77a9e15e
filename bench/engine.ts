/** Prints time and memory of dev on the official engine: `npx tsx bench/engine.ts [apps …]`, with 4, 25 and 100 by default. */
import { MistakeError } from "../infra/mistake";
import { withTools } from "../test/official/tools";
import { timeEngine } from "./engine-runs";

const counts = process.argv.slice(2).map(Number);

/** Says the engine, the host and the plugins first: a stand-in's time is no figure of the official one's. */
async function main(): Promise<void> {
  await withTools(async () => {
    console.log(
      "\ndev with two environments on emulated AWS; most memory in MB: the engine's process, the language host's with the program's\n",
    );
    console.log("| apps | command | seconds | engine, MB | host, MB |\n|---|---|---|---|---|");
    for await (const { apps, command, seconds, peaks } of timeEngine(
      counts.length > 0 ? counts : [4, 25, 100],
    )) {
      const figures = [seconds.toFixed(1), peaks.engine.toFixed(0), peaks.host.toFixed(0)];
      console.log(`| ${apps} | ${command} | ${figures.join(" | ")} |`);
    }
  });
}

main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    if (!(thrown instanceof MistakeError)) throw thrown;
    console.log(`The official engine is not timed: ${thrown.message}`);
    process.exit(0);
  },
);
