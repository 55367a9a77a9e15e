import { alarmRules } from "../../infra/instance/alarm-rules";

const above = { comparisonOperator: "GreaterThanThreshold" } as const;
const below = { comparisonOperator: "LessThanThreshold" } as const;
const CPU = {
  ...above,
  name: "cpu",
  metricName: "CPUUtilization",
  threshold: 80,
  description: "CPU above 80 percent for 15 minutes",
};
const storage = (bytes: number) => ({
  ...below,
  name: "free-storage",
  metricName: "FreeStorageSpace",
  threshold: bytes,
  description: "less than a tenth of the allocated storage is free",
});
const connections = (count: number) => ({
  ...above,
  name: "connections",
  metricName: "DatabaseConnections",
  threshold: count,
  description: `more than ${count} connections, four fifths of what logins may use together`,
});
const memory = (bytes: number) => ({
  ...below,
  name: "freeable-memory",
  metricName: "FreeableMemory",
  threshold: bytes,
  description: "less than a tenth of the memory is freeable",
});

test("prod's instance has four alarms, in percent, bytes and connections", () => {
  expect(alarmRules({ instanceClass: "db.t4g.medium", allocatedStorageGib: 50 })).toEqual([
    CPU,
    storage(5_368_709_120),
    connections(308),
    memory(429_496_729),
  ]);
});

test("max_connections of the stack's file stands before that of the class", () => {
  const rules = alarmRules({ instanceClass: "db.t4g.medium", allocatedStorageGib: 20, maxConnections: 120 });
  expect(rules).toEqual([CPU, storage(2_147_483_648), connections(80), memory(429_496_729)]);
});

test("of a class that is not known, only what needs no figure of it is watched", () => {
  const unknown = { instanceClass: "db.z1d.large", allocatedStorageGib: 20 };
  expect(alarmRules(unknown)).toEqual([CPU, storage(2_147_483_648)]);
  expect(alarmRules({ ...unknown, maxConnections: 520 })).toEqual([
    CPU,
    storage(2_147_483_648),
    connections(400),
  ]);
});
