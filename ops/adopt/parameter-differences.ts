import { DEFAULT_MAX_CONNECTIONS } from "../../infra/config/budget";
import { type OwnerConfig, ownerProblems } from "../../infra/config/config";
import { connectionsSaid } from "../../infra/config/parameter-rules";
import { isFormula } from "../../infra/instance/formula";
import { readable } from "../../infra/instance/parameter-value";
import {
  applyMethodOf,
  factsOf,
  judgeParameter,
  PARAMETERS,
  parametersOf,
} from "../../infra/instance/parameters";
import { parameterProblem } from "../../policy/data";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting, settingMap } from "./difference";

/** The parameter group is swapped for the stack's own: what somebody has set in it goes, unless the file says it. */
export function parameterDifferences(compared: Compared): InstanceDifference[] {
  const { parameters, config, instance, proposed } = compared;
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const { engineVersion } = config;
  const declared = new Map(parametersOf(config).map(({ name, value }) => [name, value]));
  const kept: Record<string, string> = {};
  for (const { ParameterName = "", ParameterValue: value = "", ApplyType } of parameters) {
    const name = ParameterName.toLowerCase();
    const wanted = declared.get(name);
    const inWords = (one: string) => readable(one, factsOf(name, engineVersion));
    const goes = `${name} goes from ${inWords(value)} to ${inWords(wanted ?? "")}`;
    const judged = judgeParameter(name, value, proposed);
    const isSame = wanted === ("value" in judged ? judged.value : value);
    const isMisjudged =
      ApplyType === "static" && applyMethodOf(name, wanted ?? value, engineVersion) === "immediate";
    if (name === "max_connections" && value === DEFAULT_MAX_CONNECTIONS) continue;
    if (PARAMETERS.some((one) => one.name === name)) {
      if (!isSame) add(`${goes}: who has no TLS is shut out`);
      continue;
    }
    if (isMisjudged && wanted !== undefined)
      stop(`${name} is static to RDS, and would be applied at once: fails in the deploy`);
    if (Object.hasOwn(config.parameters, name)) {
      if (!isSame && !isMisjudged) add(`${goes}, as the file says`);
      continue;
    }
    if (isSame) continue;
    if (name === "max_connections" && wanted !== undefined && !isFormula(value)) {
      add(`${goes}, as maxConnections says`);
      continue;
    }
    const refused = parameterProblem({
      type: "aws:rds/parameterGroup:ParameterGroup",
      name,
      inputs: { parameters: [{ name, value }] },
      protect: false,
      stack: config.stack,
    });
    if (refused !== undefined) add(`${name} ${value} is lost: the policy pack lets no stack set it so`);
    else if ("problem" in judged) add(`${name} ${value} is lost, as no file may say it: ${judged.problem}`);
    else if (isMisjudged) add(`${name} ${value} is lost: it is static to RDS; ${KEPT_BY_NONE}`);
    else kept[name] = judged.value;
  }
  const waits = (instance.DBParameterGroups ?? []).some(
    ({ ParameterApplyStatus: status }) => status === "pending-reboot",
  );
  if (waits) add("its parameter group has what waits for a reboot: the server does not run by it yet");
  return [...found, ...keepingDifferences(compared, kept, declared)];
}

/** The lines that keep what the group sets, as far as the file may say them beside its own and the others that are printed. */
function keepingDifferences(
  { config, neighbours, proposed }: Compared,
  found: Readonly<Record<string, string>>,
  declared: ReadonlyMap<string, string>,
): InstanceDifference[] {
  const isUntold = Number.isNaN(connectionsSaid({ ...proposed, parameters: found }));
  const problems = ownerProblems({ ...proposed, parameters: { ...config.parameters, ...found } }, neighbours)
    // That line is printed.
    .filter((problem) => !(isUntold && problem.startsWith("maxConnections:")));
  const inWords = (name: string, value: string) => readable(value, factsOf(name, config.engineVersion));
  const startOf = (name: string) => `parameters.${name}: `;
  const whyNot = (name: string) => problems.find((one) => one.startsWith(startOf(name)));
  const refused = Object.entries(found).filter(([name]) => whyNot(name) !== undefined);
  const kept = Object.entries(found).filter(([name]) => whyNot(name) === undefined);
  const rest = problems.filter((one) => refused.every(([name]) => !one.startsWith(startOf(name))));
  return [
    ...refused.map(([name, value]) => ({
      what: `${name} ${inWords(name, value)} is lost, as the file may not say it so: ${whyNot(name)?.slice(startOf(name).length)}`,
      cure: [],
    })),
    ...(kept.length === 0 ? [] : [keptDifference(config, kept, declared, isUntold)]),
    ...rest.map((problem) => ({
      what: `with these lines the file is refused: ${problem}`,
      cure: problem.endsWith("set maxConnections, too") ? [CONNECTIONS_LINE] : [],
    })),
  ];
}

const CONNECTIONS_LINE = setting("maxConnections", "what SHOW max_connections says");

/** What the group sets that no line of the file says yet, and the lines that do. */
function keptDifference(
  { parameters, engineVersion }: OwnerConfig,
  kept: readonly (readonly [name: string, value: string])[],
  declared: ReadonlyMap<string, string>,
  isUntold: boolean,
): InstanceDifference {
  const inWords = (name: string, value: string) => readable(value, factsOf(name, engineVersion));
  const lost = kept.map(([name]) => name).filter((name) => !declared.has(name));
  const overruled = kept.flatMap(([name, value]) => {
    const wanted = declared.get(name);
    return wanted === undefined
      ? []
      : [`${name} (${inWords(name, value)}, and then ${inWords(name, wanted)})`];
  });
  const parts = [
    ...(lost.length === 0 ? [] : [`parameters of its group are lost: ${lost.sort().join(", ")}`]),
    ...(overruled.length === 0
      ? []
      : [`parameters of its group become the project's: ${overruled.sort().join(", ")}`]),
  ];
  const cure = [
    ...settingMap("parameters", { ...parameters, ...Object.fromEntries(kept) }),
    ...(isUntold ? [CONNECTIONS_LINE] : []),
  ];
  return { what: parts.join("; "), cure };
}
