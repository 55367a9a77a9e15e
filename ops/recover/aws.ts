import type { Tag } from "@aws-sdk/client-iam";
import { clientSettings, type Place } from "../app/place";
import { awsProblem, secretsManager } from "../app/secrets";
import type { Inputs } from "./creates";
import type { StateResource } from "./state";

/** Something that is there under the name that a create gave it. */
export interface Present {
  /** The provider's id of it. */
  readonly id: string;
  /** Why this deployment cannot have made it, or not yet; undefined when it is what the create should make. */
  readonly misfit?: string | undefined;
}

type Lookup = (place: Place, inputs: Inputs) => Promise<Present | undefined>;

const textOf = (inputs: Inputs, key: string): string => String(inputs[key] ?? "");

/** Somebody else's thing of the same name has other tags: those of the create are all the project's, and its stack's. */
function tagMisfit(inputs: Inputs, tags: readonly Partial<Tag>[] | undefined): string | undefined {
  const found = new Map((tags ?? []).map(({ Key, Value }) => [Key, Value]));
  const wanted = Object.entries(Object(inputs.tags) as Readonly<Record<string, unknown>>);
  const other = wanted.filter(([key, value]) => found.get(key) !== String(value)).map(([key]) => key);
  return other.length === 0
    ? undefined
    : `it has not the tags that the deployment gives it (${other.join(", ")})`;
}

const iam = async (place: Place) => new (await import("@aws-sdk/client-iam")).IAM(clientSettings(place));
const rds = async (place: Place) => new (await import("@aws-sdk/client-rds")).RDS(clientSettings(place));

/** The account is in the ARNs that the policy opens. */
function policyArn(inputs: Inputs): string | undefined {
  const [, partition, account] =
    /arn:(aws[\w-]*):[a-z]+:[a-z\d-]*:(\d{12}):/.exec(textOf(inputs, "policy")) ?? [];
  return (
    account &&
    `arn:${partition}:iam::${account}:policy${textOf(inputs, "path") || "/"}${textOf(inputs, "name")}`
  );
}

/** What RDS knows by a name; some answer that there is none with an empty list. */
async function presentOfRds(
  place: Place,
  inputs: Inputs,
  arn: string | undefined,
): Promise<Present | undefined> {
  if (arn === undefined) return undefined;
  const { TagList } = await (await rds(place)).listTagsForResource({ ResourceName: arn });
  return { id: textOf(inputs, "name"), misfit: tagMisfit(inputs, TagList) };
}

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  "aws:secretsmanager/secret:Secret": async (place, inputs) => {
    const { ARN, Tags, DeletedDate } = await (await secretsManager(place)).describeSecret({
      SecretId: textOf(inputs, "name"),
    });
    const deleted =
      DeletedDate && "it is marked for deletion: aws secretsmanager restore-secret brings it back";
    return ARN === undefined ? undefined : { id: ARN, misfit: deleted ?? tagMisfit(inputs, Tags) };
  },
  "aws:iam/policy:Policy": async (place, inputs) => {
    const id = policyArn(inputs);
    if (id === undefined) return undefined;
    const { Policy } = await (await iam(place)).getPolicy({ PolicyArn: id });
    return { id, misfit: tagMisfit(inputs, Policy?.Tags) };
  },
  "aws:iam/role:Role": async (place, inputs) => {
    const id = textOf(inputs, "name");
    const { Role } = await (await iam(place)).getRole({ RoleName: id });
    return { id, misfit: tagMisfit(inputs, Role?.Tags) };
  },
  "aws:iam/instanceProfile:InstanceProfile": async (place, inputs) => {
    const id = textOf(inputs, "name");
    const { InstanceProfile } = await (await iam(place)).getInstanceProfile({ InstanceProfileName: id });
    return { id, misfit: tagMisfit(inputs, InstanceProfile?.Tags) };
  },
  "aws:kms/alias:Alias": async (place, inputs) => {
    const { KMS, paginateListAliases } = await import("@aws-sdk/client-kms");
    const client = new KMS(clientSettings(place));
    const id = textOf(inputs, "name");
    const [targetKeyId] = textOf(inputs, "targetKeyId").split("/").slice(-1);
    for await (const { Aliases = [] } of paginateListAliases({ client }, {})) {
      const found = Aliases.find(({ AliasName }) => AliasName === id);
      if (found === undefined) continue;
      return {
        id,
        misfit: found.TargetKeyId === targetKeyId ? undefined : `it names the key ${found.TargetKeyId}`,
      };
    }
    return undefined;
  },
  "aws:rds/parameterGroup:ParameterGroup": async (place, inputs) => {
    const client = await rds(place);
    const name = { DBParameterGroupName: textOf(inputs, "name") };
    const { DBParameterGroups } = await client.describeDBParameterGroups(name);
    return presentOfRds(place, inputs, DBParameterGroups?.[0]?.DBParameterGroupArn);
  },
  "aws:rds/subnetGroup:SubnetGroup": async (place, inputs) => {
    const client = await rds(place);
    const { DBSubnetGroups } = await client.describeDBSubnetGroups({
      DBSubnetGroupName: textOf(inputs, "name"),
    });
    return presentOfRds(place, inputs, DBSubnetGroups?.[0]?.DBSubnetGroupArn);
  },
  "aws:rds/eventSubscription:EventSubscription": async (place, inputs) => {
    const { EventSubscriptionsList } = await (await rds(place)).describeEventSubscriptions({
      SubscriptionName: textOf(inputs, "name"),
    });
    return presentOfRds(place, inputs, EventSubscriptionsList?.[0]?.EventSubscriptionArn);
  },
  "aws:rds/instance:Instance": async (place, inputs) => {
    const identifier = textOf(inputs, "identifier");
    const found = await (await rds(place)).describeDBInstances({ DBInstanceIdentifier: identifier });
    const { DbiResourceId, DBInstanceStatus, TagList } = found.DBInstances?.[0] ?? {};
    if (DbiResourceId === undefined) return undefined;
    const wait = `it is not ready (${DBInstanceStatus}): aws rds wait db-instance-available --db-instance-identifier ${identifier}`;
    return {
      id: DbiResourceId,
      misfit: tagMisfit(inputs, TagList) ?? (DBInstanceStatus === "creating" ? wait : undefined),
    };
  },
};

/** How AWS says that there is none. */
const ABSENT =
  /^(ResourceNotFoundException|NoSuchEntity(Exception)?|(Subscription|DB(ParameterGroup|SubnetGroup|Instance))NotFound(Fault)?)$/;

/** Asks AWS for what a create should make. @throws {MistakeError} when AWS does not answer */
export async function presentOnAws(
  place: Place,
  { type, inputs = {} }: StateResource,
): Promise<Present | undefined> {
  const lookup = LOOKUPS[type];
  if (lookup === undefined) throw new Error(`nothing asks AWS for ${type}`);
  try {
    return await lookup(place, inputs);
  } catch (thrown) {
    if (thrown instanceof Error && ABSENT.test(thrown.name)) return undefined;
    throw awsProblem(
      `${type.split(":").at(-1)} ${textOf(inputs, "name")} cannot be asked for`,
      place,
      thrown,
    );
  }
}
