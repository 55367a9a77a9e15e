import { DEFAULT_LOG_RETENTION_DAYS, EXPORTED_LOGS, instanceArguments } from "../../infra/instance/settings";
import { OWN_TAG_KEYS, tagsOf } from "../../infra/tags";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting, settingMap } from "./difference";
import { parameterDifferences } from "./parameter-differences";

/** What people have set on the instance and its parameter group, and what is collected about it. */
export function lostDifferences(compared: Compared): InstanceDifference[] {
  return [
    ...parameterDifferences(compared),
    ...tagDifferences(compared),
    ...insightDifferences(compared),
    ...retentionDifferences(compared),
  ];
}

/** RDS makes the groups of the logs that it exports without an end, which an import leaves them. */
function retentionDifferences({ instance, config, isAdopted }: Compared): InstanceDifference[] {
  const isExported = EXPORTED_LOGS.some((log) => instance.EnabledCloudwatchLogsExports?.includes(log));
  if (isAdopted || !isExported || config.logRetentionDays !== undefined) return [];
  const what =
    "CloudWatch keeps its logs as long as it does now: for ever, where RDS made their groups and nobody has set an end; " +
    "this line sets one, and what is older is deleted";
  return [{ what, cure: [setting("logRetentionDays", DEFAULT_LOG_RETENTION_DAYS)] }];
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
  const seconds = instance.MonitoringInterval ?? 0;
  if (seconds > 0 && seconds < wanted.monitoringInterval)
    found.push({
      what: `enhanced monitoring measures each ${wanted.monitoringInterval} seconds, not each ${seconds}; ${KEPT_BY_NONE}`,
      cure: [],
    });
  if (instance.DatabaseInsightsMode === "advanced")
    found.push({ what: `advanced Database Insights are switched off; ${KEPT_BY_NONE}`, cure: [] });
  const logs = (instance.EnabledCloudwatchLogsExports ?? []).filter(
    (log) => !wanted.enabledCloudwatchLogsExports.some((one) => one === log),
  );
  if (logs.length > 0)
    found.push({ what: `logs go to CloudWatch no more: ${logs.join(", ")}; ${KEPT_BY_NONE}`, cure: [] });
  return found;
}
