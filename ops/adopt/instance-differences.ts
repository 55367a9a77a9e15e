import type { OwnerConfig } from "../../infra/config/config";
import type { Neighbour } from "../../infra/config/neighbours";
import { instanceArguments, instanceIdentifier, parameterFamily } from "../../infra/instance/settings";
import { OLDEST_MAJOR } from "../../infra/postgres-version";
import { tagsOf } from "../../infra/tags";
import { accessDifferences } from "./access-differences";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting, withLines } from "./difference";
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
  const compared = { ...found, config, neighbours, hasMasterPassword, isAdopted, proposed: config };
  const single = [
    ...stateDifferences(compared),
    ...kindDifferences(compared),
    ...storageDifferences(compared),
    ...accessDifferences(compared),
  ];
  const proposed = withLines(
    config,
    single.flatMap(({ cure }) => cure),
  );
  return [...single, ...lostDifferences({ ...compared, proposed }), ...nameDifferences(compared)];
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

/** States in which RDS changes an instance: it runs, and does nothing but what goes on beside a change. */
const CHANGEABLE: readonly string[] = ["available", "storage-optimization", "storage-config-upgrade"];

/** States that somebody has to end. */
const STAYS = /^(failed|inaccessible-|incompatible-|insufficient-capacity|restore-error|storage-full)/;

const isShown = (name: string, value: unknown): boolean =>
  name !== "MasterUserPassword" && ["string", "number", "boolean"].includes(typeof value);

/** What it is at now, and what waits: RDS refuses to change one that is not there for it. */
function stateDifferences({ instance, config }: Compared): InstanceDifference[] {
  const identifier = instanceIdentifier(config);
  const { DBInstanceStatus: status = "available", PendingModifiedValues: pending = {} } = instance;
  const waiting = Object.entries(pending)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (isShown(name, value) ? `${name} ${value}` : name));
  const found: InstanceDifference[] = [];
  if (status === "stopped")
    found.push({
      what: "it is stopped: fails in the deploy",
      cure: [`aws rds start-db-instance --db-instance-identifier ${identifier}`],
      stops: true,
    });
  else if (STAYS.test(status))
    found.push({
      what: `it is in the state ${status}, which does not end by itself: see to that first`,
      cure: [
        `aws rds describe-events --source-type db-instance --source-identifier ${identifier} --duration 20160`,
      ],
      stops: true,
    });
  else if (!CHANGEABLE.includes(status))
    found.push({
      what: `it is in the state ${status}, in which RDS changes nothing: fails in the deploy, until it is available`,
      cure: [`aws rds wait db-instance-available --db-instance-identifier ${identifier}`],
      stops: true,
    });
  // A blue/green deployment gives the green one this end, and takes it away at the switchover, when the blue one gets the other.
  if (/-green-[a-z0-9]{6}$/.test(identifier))
    found.push({
      what: "it is the green one of a blue/green deployment, and its name ends with the switchover: switch over first",
      cure: [],
      stops: true,
    });
  if (/-old\d+$/.test(identifier))
    found.push({
      what: `a blue/green deployment leaves one of this name behind: apps use ${identifier.replace(/-old\d+$/, "")}`,
      cure: [setting("adoptInstance", identifier.replace(/-old\d+$/, ""))],
    });
  if (waiting.length > 0)
    found.push({
      what: `changes wait for its maintenance window, and come whatever the file says: ${waiting.join(", ")}`,
      cure: [],
    });
  return found;
}

/** What it is: engine, version, class, and whether it is one that can be changed. */
function kindDifferences({ instance, config }: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const identifier = instanceIdentifier(config);
  const { Engine = "postgres", EngineVersion = "", DBInstanceClass } = instance;
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
  const [major = ""] = EngineVersion.split(".");
  const { engineVersion: wanted, allowMajorVersionUpgrade: mayUpgrade } = config;
  if (Number(major) < OLDEST_MAJOR)
    stop(`version ${EngineVersion}, and ${OLDEST_MAJOR} is the oldest one that works: fails in the deploy`);
  else if (Number(major) > Number(wanted) || (major !== wanted && !mayUpgrade))
    stop(
      `version ${EngineVersion}, and engineVersion is ${wanted}: fails in the deploy`,
      setting("engineVersion", major),
      // With it the minor version would count, too.
      ...(mayUpgrade ? [setting("allowMajorVersionUpgrade", false)] : []),
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
