import { declaredAccess, differenceLine } from "../../access/cells";
import { prove } from "../../access/prove";
import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { EXIT, type ExitStatus } from "../../cli/exit-status";
import { interruptible } from "../../cli/interruption";
import { errorText, wrapped } from "../../cli/lines";
import { Stages } from "../../cli/stages";
import type { StackSettings } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";
import { LASTING_STACKS } from "../../infra/names";
import { visitorInRole } from "../../infra/people/names";
import {
  type DeployedVisitor,
  deployedResources,
  provable,
  provableVisitor,
  readDeployedApps,
  readDeployedVisitors,
} from "../app-secrets";
import { deployedStacks, type Resource, State } from "../engine/state";
import { lineOf, type Step } from "../engine/step";
import { readStackFiles } from "../local-config";
import { emulatorLookups, lookups } from "../lookups";
import { nextSteps, urlStep } from "../next-steps";
import { PLATFORM, type Platform, platformOf, STACK, stackOf } from "../options";
import { writePgpass } from "../pgpass";
import type { Places } from "../places";
import { lastServers, startPlatform } from "../platform";
import { Providers } from "../providers";
import { appTable, recordedNote, resultLine, visitorTable } from "../report";
import { withLock } from "../servers/lock";
import { runStacks, type StackResult } from "../stack-run";
import { stackStage } from "../stack-stage";

const OPTIONS = { ...STACK, ...PLATFORM } as const;

/** Starts the servers, deploys the stacks, and proves every URL. */
export const UP: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--stack dev",
  found: "everything is deployed, and the server does not do what is declared",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const stack = stackOf(values);
    const platform = platformOf(values);
    if (stack !== undefined) requireSamePort(platform, stack);
    return up(platform, stack === undefined ? LASTING_STACKS : [stack]);
  },
};

/** The URLs of every stack name the port, and those of the others would lead nowhere. @throws {MistakeError} */
function requireSamePort({ places, port }: Platform, stack: string): void {
  const present = lastServers(places).postgresPort;
  const others = deployedStacks(places.stateDir).filter((name) => name !== stack);
  if (port === undefined || port === present || others.length === 0) return;
  throw new MistakeError(
    `--port ${port} moves the server away from ${present}, where the URLs of ${others.join(", ")} lead, too: ` +
      "deploy them with it, without --stack",
  );
}

async function up({ places, port }: Platform, stacks: readonly string[]): Promise<ExitStatus> {
  const settings = readStackFiles(places.configDir, stacks);
  const end = () => "what was made stays, and the next up goes on from there";
  const work = async () => {
    const stages = new Stages();
    const servers = await startPlatform(places, port, stages);
    const providers = new Providers(places, servers);
    const common = {
      places,
      servers,
      handlerOf: providers.handlerOf,
      lookups: lookups(emulatorLookups(providers.aws)),
      preview: false,
    };
    const runs = [...settings].map(([stack, stackSettings]) => ({
      ...common,
      stack,
      settings: stackSettings,
      ...telling(stages, places, stack, stackSettings),
    }));
    const results = await runStacks(runs).finally(() => providers.close());
    return report(places, providers, results, stages);
  };
  return interruptible({ end }, () => withLock(places.lockFile, work));
}

/**
 * Tells of a stack's run: how far it is, and each resource that it changes. What a stack is first made of is its program,
 * and counted alone.
 */
function telling(stages: Stages, places: Places, stack: string, { encrypted }: StackSettings) {
  const { resources, outputs } = State.read(places.stateDir, stack);
  const isFirst = Object.keys(outputs).length === 0;
  const { onBegin, onStep, onEnd } = stackStage(stages, stack, resources.size, "deploying");
  let isHeaded = false;
  return {
    onBegin: () => {
      onBegin();
      for (const key of encrypted.keys())
        say(wrapped(`${key} is left out of ${stack}: only the Pulumi CLI can decrypt it`, "", 2));
    },
    onStep: (step: Step) => {
      onStep(step);
      if (isFirst || step.op === "same") return;
      if (!isHeaded) say(`Changes of ${stack}:`);
      isHeaded = true;
      say(lineOf(step));
    },
    onEnd,
  };
}

function say(line: string): void {
  console.log(line);
}

/** Whether a resource is a login that existed before: only such an app's inherits what its owner may do, and acts as itself. */
function isTakenOver({ type, inputs }: Resource): boolean {
  const isApps = type === "postgresql:index/role:Role" && visitorInRole(String(inputs.name)) === undefined;
  return isApps && inputs.login === true && inputs.inherit === true && inputs.assumeRole === undefined;
}

async function report(
  places: Places,
  providers: Providers,
  results: readonly StackResult[],
  stages: Stages,
): Promise<ExitStatus> {
  const secrets = await readDeployedApps(providers.aws, places.stateDir);
  const visitors = await readDeployedVisitors(providers.aws, places.stateDir);
  writePgpass(places, [...secrets, ...visitors]);
  const deployed = deployedResources(places.stateDir);
  const declared = declaredAccess(deployed);
  const stage = stages.begin("proof");
  // The end of one of another stack's may have passed meanwhile: its own next up names it.
  const isOver = ({ names }: DeployedVisitor) =>
    deployed.some(
      ({ inputs }) => inputs.name === names.login && new Date(String(inputs.validUntil)) <= new Date(),
    );
  const reading = visitors.filter((one) => !isOver(one));
  const provables = [...secrets.map((one) => provable(one, declared)), ...reading.map(provableVisitor)];
  stage.say(`logging in with ${provables.length} secrets`);
  const { differences, failures } = await prove(provables, declared);
  const broken = [...differences.map(differenceLine), ...failures].sort();
  if (broken.length > 0) {
    stage.fail();
    console.error(errorText(`the server does not do what the stacks declare:\n  ${broken.join("\n  ")}`));
    if (differences.length > 0 && deployed.some(isTakenOver)) {
      console.error(
        wrapped("What was there before is not handed over yet: npm run ops -- adopt says what comes next"),
      );
    }
    // As in `verify`: what could not be tried is no finding.
    return differences.length > 0 ? EXIT.found : EXIT.failed;
  }
  const also = reading.length === 0 ? "" : `; ${reading.length} that read, and nothing more`;
  stage.end(`${secrets.length} logins, each in its own schema and nowhere else${also}`);
  const note = recordedNote(results.flatMap(({ steps }) => steps));
  const readers = visitors.map(({ names }) => names);
  const [reader] = readers;
  const lines = [
    appTable(secrets),
    "",
    ...(reader === undefined ? [] : [visitorTable(readers, declared), "", ...urlStep(places, reader), ""]),
    ...results.map(resultLine),
    ...(note === undefined ? [] : [note]),
    wrapped(`Where things are: ${places.platformFile}`, "", 2),
    "",
    ...nextSteps(places, secrets),
  ];
  say(`\n${lines.join("\n")}`);
  return EXIT.done;
}
