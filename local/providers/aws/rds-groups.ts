import { type Handler, textIn, textsIn } from "../../engine/handler";
import { isRecord, type Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { awsTags, tagOutputs } from "./tags";

/** `aws:rds/subnetGroup:SubnetGroup`. */
export function subnetGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties) => {
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
    return {
      id: name,
      outputs: { ...inputs, ...tagOutputs(inputs), arn: DBSubnetGroup?.DBSubnetGroupArn ?? "" },
    };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    sets: ["subnetIds"],
    create: (inputs) => bring(inputs),
    update: (_before, inputs) => bring(inputs),
    remove: async (before) => {
      const client = await aws.rds();
      await unlessNamed(["DBSubnetGroupNotFound", "DBSubnetGroupNotFoundFault"], () =>
        client.deleteDBSubnetGroup({ DBSubnetGroupName: before.id }),
      );
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

/** `aws:rds/parameterGroup:ParameterGroup`. Its parameters are the emulator's, not the local server's. */
export function parameterGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties) => {
    const client = await aws.rds();
    const name = textIn(inputs, "name");
    const created = await unlessNamed(
      ["DBParameterGroupAlreadyExists", "DBParameterGroupAlreadyExistsFault"],
      () =>
        client.createDBParameterGroup({
          DBParameterGroupName: name,
          DBParameterGroupFamily: textIn(inputs, "family"),
          Description: textIn(inputs, "description") || "Managed by Pulumi",
          Tags: awsTags(inputs),
        }),
    );
    const Parameters = parametersOf(inputs);
    if (Parameters.length > 0)
      await client.modifyDBParameterGroup({ DBParameterGroupName: name, Parameters });
    const arn =
      created?.DBParameterGroup?.DBParameterGroupArn ?? `arn:aws:rds:us-east-1:123456789012:pg:${name}`;
    return { id: name, outputs: { ...inputs, ...tagOutputs(inputs), arn } };
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix", "family", "description"],
    create: (inputs) => bring(inputs),
    update: (_before, inputs) => bring(inputs),
    remove: async (before) => {
      const client = await aws.rds();
      await unlessNamed(["DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"], () =>
        client.deleteDBParameterGroup({ DBParameterGroupName: before.id }),
      );
    },
  };
}
