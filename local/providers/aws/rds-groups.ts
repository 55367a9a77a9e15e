import type { RDS } from "@aws-sdk/client-rds";
import { type Before, type Handler, textIn, textsIn, told } from "../../engine/handler";
import { isRecord, type Properties } from "../../engine/values";
import { REGION } from "../../servers/aws-emulator";
import { ACCOUNT, type AwsClients, unlessNamed } from "./clients";
import { bringTags, rdsTags } from "./rds-tags";
import { awsTags, tagOutputs } from "./tags";

/** Description of a group that the program gives none. */
const MANAGED = "Managed by Pulumi";
const NO_SUBNET_GROUP = ["DBSubnetGroupNotFound", "DBSubnetGroupNotFoundFault"];
const NO_PARAMETER_GROUP = ["DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"];

/** `aws:rds/subnetGroup:SubnetGroup`; internal/service/rds/subnet_group.go of the provider. */
export function subnetGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties, before: Properties = {}) => {
    const client = await aws.rds();
    const name = textIn(inputs, "name");
    const group = {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: textIn(inputs, "description"),
      SubnetIds: [...textsIn(inputs, "subnetIds")],
    };
    const created = await unlessNamed(["DBSubnetGroupAlreadyExists", "DBSubnetGroupAlreadyExistsFault"], () =>
      client.createDBSubnetGroup({ ...group, Tags: awsTags(inputs) }),
    );
    const { DBSubnetGroup } = created ?? (await client.modifyDBSubnetGroup(group));
    const arn = DBSubnetGroup?.DBSubnetGroupArn ?? "";
    if (created === undefined) await bringTags(client, arn, before, inputs);
    return { id: name, outputs: { ...inputs, ...tagOutputs(inputs), arn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    sets: ["subnetIds"],
    defaults: { description: MANAGED },
    create: (inputs) => bring(inputs),
    update: (before, inputs) => bring(inputs, before.inputs),
    read: async (before) => {
      const client = await aws.rds();
      const found = await unlessNamed(NO_SUBNET_GROUP, () =>
        client.describeDBSubnetGroups({ DBSubnetGroupName: before.id }),
      );
      const group = found?.DBSubnetGroups?.[0];
      if (group === undefined) return undefined;
      const { DBSubnetGroupArn: arn, DBSubnetGroupName: name, DBSubnetGroupDescription: description } = group;
      const subnetIds = group.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier);
      const tags = await rdsTags(client, arn);
      return told(before, { arn, name, description, subnetIds, ...tags }, { sets: ["subnetIds"] });
    },
    remove: async (before) => {
      const client = await aws.rds();
      await unlessNamed(NO_SUBNET_GROUP, () => client.deleteDBSubnetGroup({ DBSubnetGroupName: before.id }));
    },
  };
}

function parametersOf(inputs: Properties) {
  const list = Array.isArray(inputs.parameters) ? inputs.parameters.filter(isRecord) : [];
  return list.map((parameter) => ({
    ParameterName: textIn(parameter, "name"),
    ParameterValue: textIn(parameter, "value"),
    ApplyMethod:
      textIn(parameter, "applyMethod") === "pending-reboot"
        ? ("pending-reboot" as const)
        : ("immediate" as const),
  }));
}

/** The parameters that are declared, as the group has them: the emulator does not say who set the others. */
async function declaredParameters(client: RDS, before: Before): Promise<readonly Properties[]> {
  const { Parameters = [] } = await client.describeDBParameters({ DBParameterGroupName: before.id });
  const declared = parametersOf(before.inputs).map(({ ParameterName }) => ParameterName);
  return Parameters.filter(({ ParameterName = "" }) => declared.includes(ParameterName)).map((found) => ({
    name: found.ParameterName,
    value: found.ParameterValue,
    applyMethod: found.ApplyMethod,
  }));
}

/**
 * `aws:rds/parameterGroup:ParameterGroup`; internal/service/rds/parameter_group.go of the provider. Its parameters are the
 * emulator's, not the local server's; one that is no longer declared stays, since the emulator resets none.
 */
export function parameterGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties, before: Properties = {}) => {
    const client = await aws.rds();
    const name = textIn(inputs, "name");
    const created = await unlessNamed(
      ["DBParameterGroupAlreadyExists", "DBParameterGroupAlreadyExistsFault"],
      () =>
        client.createDBParameterGroup({
          DBParameterGroupName: name,
          DBParameterGroupFamily: textIn(inputs, "family"),
          Description: textIn(inputs, "description") || MANAGED,
          Tags: awsTags(inputs),
        }),
    );
    const Parameters = parametersOf(inputs);
    if (Parameters.length > 0)
      await client.modifyDBParameterGroup({ DBParameterGroupName: name, Parameters });
    const arn =
      created?.DBParameterGroup?.DBParameterGroupArn ?? `arn:aws:rds:${REGION}:${ACCOUNT}:pg:${name}`;
    if (created === undefined) await bringTags(client, arn, before, inputs);
    return { id: name, outputs: { ...inputs, ...tagOutputs(inputs), arn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix", "family", "description"],
    sets: ["parameters"],
    defaults: { description: MANAGED },
    create: (inputs) => bring(inputs),
    update: (before, inputs) => bring(inputs, before.inputs),
    read: async (before) => {
      const client = await aws.rds();
      const DBParameterGroupName = before.id;
      const found = await unlessNamed(NO_PARAMETER_GROUP, () =>
        client.describeDBParameterGroups({ DBParameterGroupName }),
      );
      const group = found?.DBParameterGroups?.[0];
      if (group === undefined) return undefined;
      const { DBParameterGroupArn: arn, DBParameterGroupFamily: family, Description: description } = group;
      const parameters = await declaredParameters(client, before);
      const tags = await rdsTags(client, arn);
      const all = { arn, name: before.id, family, description, parameters, ...tags };
      return told(before, all, { sets: ["parameters"] });
    },
    remove: async (before) => {
      const client = await aws.rds();
      await unlessNamed(NO_PARAMETER_GROUP, () =>
        client.deleteDBParameterGroup({ DBParameterGroupName: before.id }),
      );
    },
  };
}
