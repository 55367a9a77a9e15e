import { declaredAccess, differenceLine } from "../../access/cells";
import { prove } from "../../access/prove";
import { MistakeError } from "../../infra/mistake";
import { appSecretNames, deployedResources, provable, readDeployedApp } from "../app-secrets";
import { lineOf, type Step } from "../engine/step";
import { readStackFiles } from "../local-config";
import { emulatorSecrets, lookups } from "../lookups";
import type { Options } from "../options";
import { startPlatform } from "../platform";
import { Providers } from "../providers";
import { appTable, recordedNote, resultLine } from "../report";
import { withLock } from "../servers/lock";
import type { StackResult } from "../stack-run";

/** Stacks that are deployed when none is named, in this order. */
export const DEFAULT_STACKS: readonly string[] = ["prod", "dev"];

/** Starts the servers, deploys the stacks, and proves every URL. */
export async function up(options: Options): Promise<void> {
  const { places } = options;
  const stacks = options.stack === undefined ? DEFAULT_STACKS : [options.stack];
  const settings = readStackFiles(places.configDir, stacks);
  await withLock(places.lockFile, async () => {
    // The SDK takes its second to load while the servers start.
    const engine = import("../stack-run");
    const servers = await startPlatform(places, options.port, say);
    const { runStack } = await engine;
    const providers = new Providers(places, servers);
    const results: StackResult[] = [];
    try {
      for (const [stack, stackSettings] of settings) {
        say(`Deploying ${stack}`);
        for (const key of stackSettings.encrypted)
          say(`  ${key} is left out: only the Pulumi CLI can decrypt it`);
        results.push(
          await runStack({
            stack,
            settings: stackSettings,
            places,
            servers,
            handlerOf: providers.handlerOf,
            lookups: lookups(places.stateDir, emulatorSecrets(providers.aws)),
            preview: false,
            onStep,
          }),
        );
      }
    } finally {
      await providers.close();
    }
    await report(options, providers, results);
  });
}

function say(line: string): void {
  console.log(line);
}

function onStep(step: Step): void {
  if (step.op !== "same") say(lineOf(step));
}

async function report(
  options: Options,
  providers: Providers,
  results: readonly StackResult[],
): Promise<void> {
  const names = appSecretNames(options.places.stateDir);
  const secrets = await Promise.all(names.map((name) => readDeployedApp(providers.aws, name)));
  say(`Proving ${secrets.length} logins`);
  const declared = declaredAccess(deployedResources(options.places.stateDir));
  const { differences, failures } = await prove(secrets.map(provable), declared);
  const broken = [...differences.map(differenceLine), ...failures].sort();
  if (broken.length > 0)
    throw new MistakeError(`the server does not do what the stacks declare:\n  ${broken.join("\n  ")}`);
  say("  each works in its own schema, and nowhere else");
  say("");
  say(appTable(secrets));
  say("");
  for (const result of results) say(resultLine(result));
  const note = recordedNote(results.flatMap(({ steps }) => steps));
  if (note !== undefined) say(note);
  say(`Where things are: ${options.places.platformFile}`);
}
