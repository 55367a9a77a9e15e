import { resolve } from "node:path";
import { databaseUrl } from "./app-process";
import { ENGINE_VERBS } from "./engine-verbs";

/**
 * An app's process: its steps one after the other in its folder, `deploy seed queries`. The verbs of the engine
 * may carry a word (`resolve:<migration>`); any other step is a program of the app. One line of JSON a step.
 */
async function run(steps: readonly string[]): Promise<void> {
  if (steps[0] === "generate") return (await import("./generate")).generate(resolve("schema.prisma"));
  const url = await databaseUrl();
  process.env.DATABASE_URL = url;
  for (const step of steps) {
    const [verb = "", word] = step.split(":");
    const engineVerb = ENGINE_VERBS[verb];
    const result = await (engineVerb === undefined ? program(verb) : engineVerb(url, word));
    console.log(JSON.stringify(result ?? null));
  }
}

/** Runs `<app>/<name>.ts`. */
async function program(name: string): Promise<unknown> {
  const { main } = (await import(resolve(`${name}.ts`))) as { main: () => Promise<unknown> };
  return main();
}

run(process.argv.slice(2)).then(
  // The engine's pool would keep the process.
  () => process.exit(0),
  (thrown: { code?: string; message: string }) => {
    console.error(`Error: ${thrown.code ?? ""} ${thrown.message}`);
    process.exit(1);
  },
);
