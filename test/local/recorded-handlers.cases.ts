import type { Resource } from "../../local/engine/state";
import { changeCases, type HandlerStand } from "./handler-stand";

const tags = { app: "wms" };
const id = (resource: Resource): unknown => resource.id;
const rule = { description: "from it", ipProtocol: "tcp", fromPort: 5432, toPort: 5432, tags };

/** What the official AWS provider does to what no server plays here: asked of version 5.100, by its plans. */
export function recordedCases(get: () => HandlerStand): void {
  changeCases(get, {
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: { name: "ecomos-postgres", description: "of it", vpcId: "vpc-1", tags },
    drawn: id,
    rows: [
      [{ tags: {} }, "in place"],
      [{ name: "other" }, "replaced"],
      [{ description: "of another" }, "replaced"],
      [{ vpcId: "vpc-2" }, "replaced"],
    ],
  });
  for (const kind of ["Ingress", "Egress"]) {
    changeCases(get, {
      type: `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`,
      inputs: { ...rule, securityGroupId: "sg-1", cidrIpv4: "10.0.0.0/16" },
      drawn: id,
      rows: [
        [{ cidrIpv4: "10.1.0.0/16" }, "in place"],
        [{ fromPort: 6432, toPort: 6432, description: "from another", tags: {} }, "in place"],
        [{ securityGroupId: "sg-2" }, "replaced"],
        [{ cidrIpv4: undefined, referencedSecurityGroupId: "sg-3" }, "replaced"],
      ],
    });
  }
  changeCases(get, {
    type: "aws:ec2/instance:Instance",
    inputs: {
      ami: "ami-1",
      instanceType: "t4g.nano",
      subnetId: "subnet-1",
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: ["sg-1", "sg-2"],
      iamInstanceProfile: "bastion",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3", tags },
      tags,
    },
    drawn: id,
    rows: [
      [{ vpcSecurityGroupIds: ["sg-2", "sg-1"] }, "no change"],
      [{ vpcSecurityGroupIds: ["sg-1"] }, "in place"],
      [{ instanceType: "t4g.micro" }, "in place"],
      [{ instanceType: "t3.nano" }, "replaced"],
      [{ iamInstanceProfile: "other" }, "in place"],
      [{ metadataOptions: { httpEndpoint: "disabled" } }, "in place"],
      [{ rootBlockDevice: { encrypted: true, volumeType: "gp2", volumeSize: 30, tags: {} } }, "in place"],
      [{ rootBlockDevice: { encrypted: false, volumeType: "gp3", tags } }, "replaced"],
      [{ rootBlockDevice: { encrypted: true, kmsKeyId: "key", volumeType: "gp3", tags } }, "replaced"],
      [{ keyName: "mine" }, "replaced"],
      [{ ami: "ami-2" }, "replaced"],
      [{ subnetId: "subnet-2" }, "replaced"],
      [{ associatePublicIpAddress: true }, "replaced"],
      [{ availabilityZone: "us-east-1b" }, "replaced"],
      [{ tags: {} }, "in place"],
    ],
  });
  changeCases(get, {
    type: "aws:iam/instanceProfile:InstanceProfile",
    inputs: { name: "bastion", role: "bastion", tags },
    rows: [
      [{ path: "/" }, "no change"],
      [{ role: "other" }, "in place"],
      [{ name: "other" }, "replaced"],
      [{ path: "/apps/" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: {
      name: "cpu",
      threshold: 80,
      dimensions: { DBInstanceIdentifier: "it" },
      alarmActions: ["a", "b"],
    },
    rows: [
      [{ alarmActions: ["b", "a"], treatMissingData: "missing", actionsEnabled: true }, "no change"],
      [{ dimensions: { DBInstanceIdentifier: "other" } }, "in place"],
      [{ threshold: 90, alarmActions: ["a"], alarmDescription: "more" }, "in place"],
      [{ name: "other" }, "replaced"],
    ],
  });
  const query = (expression: string) => ({ id: "watched", expression, returnData: true });
  const metric = {
    id: "metric",
    metric: { metricName: "FreeStorageSpace", period: 86_400, stat: "Average" },
  };
  changeCases(get, {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: { name: "storage-days", threshold: 0, metricQueries: [metric, query("metric")] },
    rows: [
      [{ metricQueries: [query("metric"), metric] }, "no change"],
      [{ metricQueries: [metric, query("2 * metric")], datapointsToAlarm: 1 }, "in place"],
    ],
  });
  changeCases(get, {
    type: "aws:cloudwatch/dashboard:Dashboard",
    inputs: { dashboardName: "it", dashboardBody: '{"start":"-P3D","widgets":[]}' },
    rows: [
      [{ dashboardBody: '{ "widgets": [], "start": "-P3D" }' }, "no change"],
      [{ dashboardBody: '{"widgets":[]}' }, "in place"],
      [{ dashboardName: "other" }, "replaced"],
    ],
  });
  const lets = (service: string) =>
    JSON.stringify({
      Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sns:Publish" },
    });
  changeCases(get, {
    type: "aws:sns/topicPolicy:TopicPolicy",
    inputs: { arn: "arn:aws:sns:us-east-1:123456789012:alarms", policy: lets("events.rds.amazonaws.com") },
    rows: [
      [{ policy: lets("events.rds.amazonaws.com").replace('"sns:Publish"', '["sns:Publish"]') }, "no change"],
      [{ policy: lets("cloudwatch.amazonaws.com") }, "in place"],
      [{ arn: "arn:aws:sns:us-east-1:123456789012:other" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:sns/topic:Topic",
    inputs: { name: "alarms", tags },
    drawn: id,
    rows: [
      [{ tags: {} }, "in place"],
      [{ name: "other" }, "replaced"],
    ],
  });
  changeCases(get, {
    type: "aws:sns/topicSubscription:TopicSubscription",
    inputs: {
      topic: "arn:aws:sns:us-east-1:123456789012:alarms",
      protocol: "email",
      endpoint: "a@example.com",
    },
    drawn: id,
    rows: [
      [{ topic: "arn:aws:sns:us-east-1:123456789012:other" }, "replaced"],
      [{ protocol: "email-json" }, "replaced"],
      [{ endpoint: "b@example.com" }, "replaced"],
    ],
  });
}
