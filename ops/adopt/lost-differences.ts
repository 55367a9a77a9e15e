import { DEFAULT_MAX_CONNECTIONS } from "../../infra/config/budget";
import { applyMethodOf, PARAMETERS } from "../../infra/instance/parameters";
import { instanceArguments } from "../../infra/instance/settings";
import { OWN_TAG_KEYS, tagsOf } from "../../infra/tags";
import { parameterProblem } from "../../policy/data";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting, settingMap } from "./difference";

/** What people have set on the instance and its parameter group, and what is collected about it. */
export function lostDifferences(compared: Compared): InstanceDifference[] {
  return [...parameterDifferences(compared), ...tagDifferences(compared), ...insightDifferences(compared)];
}

/** The parameter group is swapped for the stack's own. */
function parameterDifferences({ parameters, config }: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const kept: Record<string, string> = {};
  for (const { ParameterName = "", ParameterValue: value = "", ApplyType } of parameters) {
    const name = ParameterName.toLowerCase();
    if (name === "max_connections" && value === DEFAULT_MAX_CONNECTIONS) continue;
    const own = PARAMETERS.find((one) => one.name === name);
    if (own !== undefined) {
      if (own.value !== value) add(`${name} goes from ${value} to ${own.value}: who has no TLS is shut out`);
      continue;
    }
    const isMisjudged = ApplyType === "static" && applyMethodOf(name) === "immediate";
    if (Object.hasOwn(config.parameters, name)) {
      if (isMisjudged) stop(`${name} is static to RDS, and would be applied at once: fails in the deploy`);
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
    else if (isMisjudged) add(`${name} ${value} is lost: it is static to RDS; ${KEPT_BY_NONE}`);
    else kept[name] = value;
  }
  const names = Object.keys(kept).sort();
  if (names.length === 0) return found;
  const most = kept.max_connections;
  add(
    `parameters of its group are lost: ${names.join(", ")}`,
    ...settingMap("parameters", { ...config.parameters, ...kept }),
    ...(most === undefined
      ? []
      : [setting("maxConnections", /^\d+$/.test(most) ? most : "what SHOW max_connections says")]),
  );
  return found;
}

function tagDifferences({ instance, config }: Compared): InstanceDifference[] {
  const tags = (instance.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);
  const own = config.instanceTags ?? {};
  const lost = tags.filter(
    ([key]) => !/^aws:/i.test(key) && ![...OWN_TAG_KEYS, ...Object.keys(own)].includes(key),
  );
  const stacks: Readonly<Record<string, string>> = tagsOf({ stack: config.stack });
  const overwritten = tags.filter(
    ([key, value]) => OWN_TAG_KEYS.some((one) => one === key) && stacks[key] !== value,
  );
  const [, creator] = tags.find(([key]) => key === "aws:cloudformation:stack-name") ?? [];
  return [
    ...(lost.length === 0
      ? []
      : [
          {
            what: `tags are lost, and what goes by them: ${lost.map(([key]) => key).join(", ")}`,
            cure: settingMap("instanceTags", { ...own, ...Object.fromEntries(lost) }),
          },
        ]),
    ...overwritten.map(([key, value]) => ({
      what: `tag ${key} ${value} ${stacks[key] === undefined ? "is lost" : `becomes ${stacks[key]}`}; ${KEPT_BY_NONE}`,
      cure: [],
    })),
    ...(creator === undefined
      ? []
      : [{ what: `CloudFormation's stack ${creator} has it, too: take it out there first`, cure: [] }]),
  ];
}

function insightDifferences({ instance, config }: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const wanted = instanceArguments(config);
  const days = instance.PerformanceInsightsRetentionPeriod ?? 0;
  if (days > wanted.performanceInsightsRetentionPeriod) {
    const what = `Performance Insights keep ${wanted.performanceInsightsRetentionPeriod} days, not ${days}: the older ones are lost`;
    found.push({ what: `${what}; ${KEPT_BY_NONE}`, cure: [] });
  }
  if (instance.DatabaseInsightsMode === "advanced")
    found.push({ what: `advanced Database Insights are switched off; ${KEPT_BY_NONE}`, cure: [] });
  const logs = (instance.EnabledCloudwatchLogsExports ?? []).filter(
    (log) => !wanted.enabledCloudwatchLogsExports.some((one) => one === log),
  );
  if (logs.length > 0)
    found.push({ what: `logs go to CloudWatch no more: ${logs.join(", ")}; ${KEPT_BY_NONE}`, cure: [] });
  return found;
}
