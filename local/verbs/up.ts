import { declaredAccess, differenceLine } from "../../access/cells";
import { prove } from "../../access/prove";
import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, type ExitStatus } from "../../cli/exit-status";
import { errorText } from "../../cli/lines";
import type { StackSettings } from "../../infra/config/stack-file";
import { LASTING_STACKS } from "../../infra/names";
import { appSecretNames, deployedResources, provable, readDeployedApp } from "../app-secrets";
import type { Resource } from "../engine/state";
import { lineOf, type Step } from "../engine/step";
import { readStackFiles } from "../local-config";
import { emulatorSecrets, lookups } from "../lookups";
import { PLATFORM, type Platform, platformOf, STACK, stackOf } from "../options";
import type { Places } from "../places";
import { startPlatform } from "../platform";
import { Providers } from "../providers";
import { appTable, recordedNote, resultLine } from "../report";
import { withLock } from "../servers/lock";
import { runStacks, type StackResult } from "../stack-run";

const OPTIONS = { ...STACK, ...PLATFORM } as const;

/** Starts the servers, deploys the stacks, and proves every URL. */
export const UP: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack dev",
  found: "everything is deployed, and the server does not do what is declared",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const stack = stackOf(values);
    return up(platformOf(values), stack === undefined ? LASTING_STACKS : [stack]);
  },
};

async function up({ places, port }: Platform, stacks: readonly string[]): Promise<ExitStatus> {
  const settings = readStackFiles(places.configDir, stacks);
  return withLock(places.lockFile, async () => {
    const servers = await startPlatform(places, port, say);
    const providers = new Providers(places, servers);
    const common = {
      places,
      servers,
      handlerOf: providers.handlerOf,
      lookups: lookups(emulatorSecrets(providers.aws)),
      preview: false,
      onStep,
    };
    const runs = [...settings].map(([stack, stackSettings]) => ({
      ...common,
      stack,
      settings: stackSettings,
      onBegin: () => sayBegin(stack, stackSettings),
    }));
    const results = await runStacks(runs).finally(() => providers.close());
    return report(places, providers, results);
  });
}

function sayBegin(stack: string, { encrypted }: StackSettings): void {
  say(`Deploying ${stack}`);
  for (const key of encrypted.keys()) say(`  ${key} is left out: only the Pulumi CLI can decrypt it`);
}

function say(line: string): void {
  console.log(line);
}

function onStep(step: Step): void {
  if (step.op !== "same") say(lineOf(step));
}

/** Whether a resource is a login that existed before: only such a one inherits what its owner may do. */
function isTakenOver({ type, inputs }: Resource): boolean {
  return type === "postgresql:index/role:Role" && inputs.login === true && inputs.inherit === true;
}

async function report(
  places: Places,
  providers: Providers,
  results: readonly StackResult[],
): Promise<ExitStatus> {
  const names = appSecretNames(places.stateDir);
  const secrets = await Promise.all(names.map((name) => readDeployedApp(providers.aws, name)));
  say(`Proving ${secrets.length} logins`);
  const deployed = deployedResources(places.stateDir);
  const declared = declaredAccess(deployed);
  const { differences, failures } = await prove(secrets.map(provable), declared);
  const broken = [...differences.map(differenceLine), ...failures].sort();
  if (broken.length > 0) {
    console.error(errorText(`the server does not do what the stacks declare:\n  ${broken.join("\n  ")}`));
    if (differences.length > 0 && deployed.some(isTakenOver)) {
      console.error(
        "What was there before is not handed over yet: npm run ops -- adopt says what comes next",
      );
    }
    // As in `verify`: what could not be tried is no finding.
    return differences.length > 0 ? EXIT.found : EXIT.failed;
  }
  say("  each works in its own schema, and nowhere else");
  say("");
  say(appTable(secrets));
  say("");
  for (const result of results) say(resultLine(result));
  const note = recordedNote(results.flatMap(({ steps }) => steps));
  if (note !== undefined) say(note);
  say(`Where things are: ${places.platformFile}`);
  return EXIT.done;
}
