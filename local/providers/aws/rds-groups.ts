import { type Handler, text, texts } from "../../engine/handler";
import { isRecord, type Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { tagOutputs, tagsOf } from "./tags";

/** `aws:rds/subnetGroup:SubnetGroup`. */
export function subnetGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties) => {
    const client = await aws.rds();
    const name = text(inputs, "name");
    const group = {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: text(inputs, "description"),
      SubnetIds: [...texts(inputs, "subnetIds")],
    };
    const created = await unlessNamed(["DBSubnetGroupAlreadyExists", "DBSubnetGroupAlreadyExistsFault"], () =>
      client.createDBSubnetGroup({ ...group, Tags: tagsOf(inputs) }),
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
    ParameterName: text(parameter, "name"),
    ParameterValue: text(parameter, "value"),
    ApplyMethod:
      text(parameter, "applyMethod") === "pending-reboot"
        ? ("pending-reboot" as const)
        : ("immediate" as const),
  }));
}

/** `aws:rds/parameterGroup:ParameterGroup`. Its parameters are the emulator's, not the local server's. */
export function parameterGroupHandler(aws: AwsClients): Handler {
  const bring = async (inputs: Properties) => {
    const client = await aws.rds();
    const name = text(inputs, "name");
    const created = await unlessNamed(
      ["DBParameterGroupAlreadyExists", "DBParameterGroupAlreadyExistsFault"],
      () =>
        client.createDBParameterGroup({
          DBParameterGroupName: name,
          DBParameterGroupFamily: text(inputs, "family"),
          Description: text(inputs, "description") || "Managed by Pulumi",
          Tags: tagsOf(inputs),
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
