import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { databaseUrl } from "./app-process";

/**
 * An app's process: its steps one after the other in its folder, `deploy seed queries`. The verbs of the engine
 * may carry a word (`resolve:<migration>`); any other step is a program of the app. One line of JSON a step. The engine
 * is loaded when a step asks for it: that takes longer than most programs.
 */
async function run(steps: readonly string[]): Promise<void> {
  const [first, ...folders] = steps;
  if (first === "generate") return generateAll(folders);
  const url = await databaseUrl();
  process.env.DATABASE_URL = url;
  for (const step of steps) {
    const [verb = "", word] = step.split(":");
    const file = resolve(`${verb}.ts`);
    const result = await (existsSync(file) ? program(file) : engineVerb(verb, url, word));
    console.log(JSON.stringify(result ?? null));
  }
}

/** `prisma generate` here, or in each of these folders: the generator takes longer to load than to run. */
async function generateAll(folders: readonly string[]): Promise<void> {
  const { generate } = require("./generate") as typeof import("./generate");
  for (const folder of folders.length === 0 ? ["."] : folders)
    await generate(resolve(folder, "schema.prisma"));
}

async function program(file: string): Promise<unknown> {
  const { main } = require(file) as { main: () => Promise<unknown> };
  return main();
}

async function engineVerb(verb: string, url: string, word: string | undefined): Promise<unknown> {
  const { ENGINE_VERBS } = require("./engine-verbs") as typeof import("./engine-verbs");
  const run = ENGINE_VERBS[verb];
  if (run === undefined) throw new Error(`no step ${verb}`);
  return run(url, word);
}

run(process.argv.slice(2)).then(
  // The engine's pool would keep the process.
  () => process.exit(0),
  (thrown: { code?: string; message: string }) => {
    console.error(`Error: ${thrown.code ?? ""} ${thrown.message}`);
    process.exit(1);
  },
);
