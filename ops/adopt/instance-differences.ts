import type { OwnerConfig } from "../../infra/config/config";
import type { Neighbour } from "../../infra/config/neighbours";
import { instanceArguments, instanceIdentifier, parameterFamily } from "../../infra/instance/settings";
import { OLDEST_MAJOR } from "../../infra/postgres-version";
import { tagsOf } from "../../infra/tags";
import { accessDifferences } from "./access-differences";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting } from "./difference";
import type { FoundInstance } from "./found-instance";
import { lostDifferences } from "./lost-differences";
import { storageDifferences } from "./storage-differences";

/** Everything about an instance that the stack's file would make worse, or that stops its deploy; nothing of the rest. */
export function instanceDifferences(
  found: FoundInstance,
  config: OwnerConfig,
  hasMasterPassword: boolean,
  neighbours: readonly Neighbour[],
): InstanceDifference[] {
  const tags = new Map((found.instance.TagList ?? []).map(({ Key, Value }) => [Key, Value]));
  // Its deploy puts them on it; any name could be one that somebody has chosen by hand.
  const isAdopted = Object.entries(tagsOf({ stack: config.stack })).every(
    ([key, value]) => tags.get(key) === value,
  );
  const compared = { ...found, config, neighbours, hasMasterPassword, isAdopted };
  return [
    ...kindDifferences(compared),
    ...storageDifferences(compared),
    ...accessDifferences(compared),
    ...lostDifferences(compared),
    ...nameDifferences(compared),
  ];
}

/** A parameter group that is not the stack's, and has the name that the stack's will have. */
function nameDifferences({ instance, config, isAdopted }: Compared): InstanceDifference[] {
  const own = `${instanceIdentifier(config)}-${parameterFamily(config.engineVersion)}`;
  const groups = instance.DBParameterGroups ?? [];
  if (isAdopted || !groups.some(({ DBParameterGroupName: name }) => name === own)) return [];
  const cure = [
    `aws rds copy-db-parameter-group --source-db-parameter-group-identifier ${own} --target-db-parameter-group-identifier ${own}-by-hand --target-db-parameter-group-description by-hand`,
    `aws rds modify-db-instance --db-instance-identifier ${instanceIdentifier(config)} --db-parameter-group-name ${own}-by-hand --apply-immediately`,
    `aws rds delete-db-parameter-group --db-parameter-group-name ${own}`,
  ];
  return [
    {
      what: `its parameter group ${own} has the name of the stack's: fails in the deploy`,
      cure,
      stops: true,
    },
  ];
}

/** What it is: engine, version, class, and whether it is one that can be changed. */
function kindDifferences({ instance, config }: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const identifier = instanceIdentifier(config);
  const { Engine = "postgres", EngineVersion = "", DBInstanceClass, DBInstanceStatus } = instance;
  const { engine } = instanceArguments(config);
  if (Engine !== engine) stop(`it runs ${Engine}, not ${engine}: fails in the deploy`);
  if (instance.DBClusterIdentifier)
    stop(`it is a member of the cluster ${instance.DBClusterIdentifier}: fails in the deploy`);
  const source = instance.ReadReplicaSourceDBInstanceIdentifier;
  if (source)
    stop(
      `it is a read replica of ${source}: fails in the deploy`,
      `aws rds promote-read-replica --db-instance-identifier ${identifier}`,
    );
  if (DBInstanceStatus === "stopped")
    stop(
      "it is stopped: fails in the deploy",
      `aws rds start-db-instance --db-instance-identifier ${identifier}`,
    );
  const [major = ""] = EngineVersion.split(".");
  const { engineVersion: wanted, allowMajorVersionUpgrade: mayUpgrade } = config;
  if (Number(major) < OLDEST_MAJOR)
    stop(`version ${EngineVersion}, and ${OLDEST_MAJOR} is the oldest one that works: fails in the deploy`);
  else if (Number(major) > Number(wanted) || (major !== wanted && !mayUpgrade))
    stop(
      `version ${EngineVersion}, and engineVersion is ${wanted}: fails in the deploy`,
      setting("engineVersion", major),
    );
  else if (mayUpgrade)
    add(
      `version ${EngineVersion} becomes ${wanted}: restarts, and is down meanwhile`,
      ...(major === wanted ? [] : [setting("engineVersion", major)]),
      setting("allowMajorVersionUpgrade", false),
    );
  if (DBInstanceClass !== undefined && DBInstanceClass !== config.instanceClass)
    add(
      `class ${DBInstanceClass} becomes ${config.instanceClass}: restarts in the maintenance window`,
      setting("instanceClass", DBInstanceClass),
    );
  if (instance.MultiAZ === true && !config.multiAz)
    add("its standby goes: a failure is an outage then", setting("multiAz", true));
  if (instance.AutoMinorVersionUpgrade === false)
    add(`minor versions come by themselves: restarts in the maintenance window; ${KEPT_BY_NONE}`);
  return found;
}
