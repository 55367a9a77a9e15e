import { isDeepStrictEqual } from "node:util";
import { mapsOf, UNKNOWN } from "../../access/declared-resource";
import { readable } from "../../infra/instance/parameter-value";
import { factsOf } from "../../infra/instance/parameters";
import { TIMEOUT_SETTINGS } from "../../infra/timeouts";
import { changedKeys, isSecretIn, valueIn } from "./changed";
import type { Kind } from "./kind";
import type { PreviewedResource, ResourceState } from "./resource";
import { HIDDEN, withoutLikely } from "./secret-values";
import { timingOf } from "./timing";

/** What one property was and is, as it may be shown. */
export interface ValueChange {
  /** The property, such as `instanceClass`, `tags.app` or a parameter's name. */
  readonly property: string;
  readonly before: string;
  readonly after: string;
  /** When RDS does it; of other resources, the deploy does. */
  readonly when?: string | undefined;
}

/** Properties whose texts are shown; of all others numbers and switches alone, since a text may be anything. */
const SHOWN: ReadonlySet<string> = new Set([
  ...["instanceClass", "engine", "engineVersion", "name", "identifier", "availabilityZone", "networkType"],
  ...["parameterGroupName", "optionGroupName", "licenseModel", "caCertIdentifier", "storageType", "iops"],
  ...["dbSubnetGroupName", "subnetIds", "vpcId", "vpcSecurityGroupIds", "backupWindow", "maintenanceWindow"],
  ...["enabledCloudwatchLogsExports", "databaseInsightsMode", "monitoringRoleArn", "kmsKeyId", "username"],
  ...["finalSnapshotIdentifier", "family", "parameters", "applyMethod", "dbName"],
  ...[
    "assumeRole",
    "roles",
    "searchPaths",
    "privileges",
    "objects",
    "columns",
    "objectType",
    "owner",
    "role",
  ],
  ...["grantRole", "schema", "database", "validUntil", "version", "policyArn", "managedPolicyArns"],
  ...["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "referencedSecurityGroupId", "prefixListId"],
  ...["sourceSecurityGroupId", "securityGroups", "ipProtocol", "instanceType", "subnetId", "ami"],
  ...[
    "iamInstanceProfile",
    "host",
    "sslmode",
    "protocol",
    "endpoint",
    "topic",
    "tags",
    "tagsAll",
    "targetKeyId",
    "keepers",
  ],
  ...["policy", "assumeRolePolicy", "ingress", "egress", "replicas"],
  ...[
    "alarmActions",
    "okActions",
    "comparisonOperator",
    "statistic",
    "metricName",
    "region",
    "metricQueries",
  ],
  ...[
    "eventCategories",
    "sourceIds",
    "sourceType",
    "snsTopic",
    "treatMissingData",
    "insufficientDataActions",
  ],
  ...["arn", "secretId", "securityGroupId", "namespace", "dimensions", "dashboardName", "kmsMasterKeyId"],
  ...["metadataOptions", "rootBlockDevice", "description", "alarmDescription", "displayName"],
]);

/** What stands for a value that is not shown. These are words of the review's, and no values. */
const INSTEAD = {
  unset: "unset",
  none: "none",
  secret: "a secret",
  later: "known at deploy",
  hidden: "not shown",
} as const;

/** Whether a shown value is none. */
export const isNoValue = (text: string): boolean => Object.values(INSTEAD).some((words) => words === text);

/** Texts that people write: a password or a token may stand in them. */
const WRITTEN: ReadonlySet<string> = new Set([
  ...["endpoint", "tags", "tagsAll", "keepers", "description", "alarmDescription", "displayName"],
]);

/** Of a URL the host alone: a webhook's path and query are its password. */
const withoutPaths = (text: string) =>
  text.replace(
    /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#]*@)?([^\s/?#"'<>,;@]*)[^\s"'<>,;]*/gi,
    (_url, host: string) => `${host}/…`,
  );

/** Stands for a secret while a value is read: it is not the same as one that is not known yet. */
const SECRET = Symbol("secret");

function marked(value: unknown): unknown {
  if (value === HIDDEN) return SECRET;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}

const shownIn = (state: ResourceState | undefined, key: string) => valueIn(state, key, marked);

/** A limit of time, which the provider has in milliseconds: none is 0, or left out. */
function shownTimeout(milliseconds: unknown): string | undefined {
  if (milliseconds === undefined || milliseconds === 0) return INSTEAD.none;
  if (typeof milliseconds !== "number") return undefined;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}

/** A value as it may be shown: no secret. It is cut where it is printed, once no part of a secret is in it. */
function shownValue(key: string, value: unknown): string {
  const timeout = key in TIMEOUT_SETTINGS ? shownTimeout(value) : undefined;
  if (timeout !== undefined) return timeout;
  if (value === undefined) return INSTEAD.unset;
  if (value === UNKNOWN) return INSTEAD.later;
  if (value === SECRET) return INSTEAD.secret;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return String(value);
  if (!SHOWN.has(key)) return INSTEAD.hidden;
  if (Array.isArray(value)) return value.map((item) => shownValue(key, item)).join(", ") || INSTEAD.none;
  // A name that is one of these words is none of them.
  if (typeof value === "string") {
    const text = WRITTEN.has(key) ? withoutLikely(withoutPaths(value)) : value;
    return isNoValue(text) ? JSON.stringify(text) : text || INSTEAD.none;
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => `${name} ${shownValue(key, inner)}`)
        .join(", ") || INSTEAD.none
    : INSTEAD.hidden;
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Parts of a map that differ, each as a property of its own. */
function partsOf(key: string, before: unknown, after: unknown): ValueChange[] {
  const [old, now] = [mapOf(before), mapOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((part) => !isDeepStrictEqual(old[part], now[part]))
    .map((part) => ({
      property: `${key}.${part}`,
      before: shownValue(key, old[part]),
      after: shownValue(key, now[part]),
    }));
}

/** One parameter of a group that differs, as people read it and as RDS has it. */
export interface ParameterChange extends ValueChange {
  /** Its value before, where somebody had set it. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether the preview says what it becomes. */
  readonly isTold: boolean;
  /** Whether it is applied with a reboot alone. */
  readonly isStatic: boolean;
  /** Whether its value stays, and it is said otherwise when it is applied. */
  readonly isSame: boolean;
}

/** A parameter's own value, where it is a text that may be shown. */
const settingOf = (found: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  typeof found?.value === "string" ? found.value : undefined;

/** In RDS's word, when a parameter is applied: all that differs of one whose value stays. */
const applied = (found: Readonly<Record<string, unknown>> | undefined): string =>
  ` (${shownValue("applyMethod", found?.applyMethod)})`;

/** Parameters of a group that differ, each by its name. One that goes stands at its family's default again. */
export function parameterChangesOf({ before, after, op }: PreviewedResource): ParameterChange[] {
  const read = (state: PreviewedResource["before"]) =>
    new Map(
      mapsOf({ parameters: shownIn(state, "parameters") }, "parameters").map((one) => [
        String(one.name),
        one,
      ]),
    );
  const [old, now] = [read(before), read(after)];
  const shown = (
    name: string,
    found: Readonly<Record<string, unknown>> | undefined,
    state: PreviewedResource["before"],
  ) => {
    const words = shownValue("parameters", found?.value);
    const version = String(valueIn(state, "family")).replace(/^postgres/, "");
    return settingOf(found) === words ? readable(words, factsOf(name, version)) : words;
  };
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => !isDeepStrictEqual(old.get(name), now.get(name)))
    .map((name) => {
      // The instance takes a group that it had not with a reboot, whatever is in it.
      const isStatic = op === "replace" || (now.get(name) ?? old.get(name))?.applyMethod === "pending-reboot";
      const [from, to] = [settingOf(old.get(name)), settingOf(now.get(name))];
      const isSame = from !== undefined && from === to;
      return {
        property: name,
        before: `${shown(name, old.get(name), before)}${isSame ? applied(old.get(name)) : ""}`,
        after: `${shown(name, now.get(name), after)}${isSame ? applied(now.get(name)) : ""}`,
        when: !isStatic ? "at once" : isSame ? "as it is already" : "with the next reboot",
        from,
        to,
        isSame,
        isTold: !now.has(name) || settingOf(now.get(name)) !== undefined,
        isStatic,
      };
    });
}

/** What a property was and is: several changes where it is a map or the list of a group's parameters. */
export function valueChangesOf(resource: PreviewedResource, key: string, kind: Kind): ValueChange[] {
  const [before, after] = [shownIn(resource.before, key), shownIn(resource.after, key)];
  if (key === "parameters" && kind === "parameter group") {
    const parameters = parameterChangesOf(resource);
    if (parameters.length > 0) return parameters;
  }
  const isMap = [before, after].some((value) => Object.keys(mapOf(value)).length > 0);
  const parts = isMap ? partsOf(key, before, after) : [];
  const when = kind === "instance" ? timingOf(resource, key) : undefined;
  if (parts.length > 0) return parts.map((part) => ({ ...part, when }));
  const isSecret = [resource.before, resource.after].map((state) => isSecretIn(state, key));
  const [old, now] = [before, after].map((value, at) =>
    isSecret[at] ? INSTEAD.secret : shownValue(key, value),
  );
  // What an import cannot read is not unset.
  const unread = isSecret[1] && before === undefined ? INSTEAD.hidden : old;
  return [{ property: key, before: unread ?? "", after: now ?? "", when }];
}

/** Everything that an update or a replacement changes. */
export function allChangesOf(resource: PreviewedResource, kind: Kind): ValueChange[] {
  return changedKeys(resource).flatMap((key) => valueChangesOf(resource, key, kind));
}
