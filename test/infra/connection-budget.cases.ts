import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ADMIN_RESERVE, maxConnections, memoryGib } from "../../infra/config/budget";
import { parseBorrowerConfig, parseOwnerConfig } from "../../infra/config/config";
import { problemsOf } from "../helpers/config-problems";
import { committedSettings } from "../helpers/settings";

test.each([
  ["db.t4g.micro", 1, 101],
  ["db.t3.small", 2, 202],
  ["db.t4g.medium", 4, 405],
  ["db.t4g.large", 8, 811],
  ["db.t4g.xlarge", 16, 1622],
  ["db.t4g.2xlarge", 32, 3244],
  ["db.m7g.large", 8, 811],
  ["db.m6gd.2xlarge", 32, 3244],
  ["db.m8g.24xlarge", 384, 5000],
  ["db.r7g.large", 16, 1622],
  ["db.r6i.xlarge", 32, 3244],
  ["db.r8g.16xlarge", 512, 5000],
  ["db.x2g.large", 32, 3244],
])("%s has %d GiB, so that %d connections can be counted on", (instanceClass, gib, connections) => {
  expect([memoryGib(instanceClass), maxConnections(instanceClass)]).toEqual([gib, connections]);
});

test.each([
  ...["", "medium", "db.t4g", "db.z1d.large", "db.t4g.24xlarge", "db.m7g.micro", "db.serverless"],
  ...["cache.t4g.micro", "db.t4g.medium.x", "DB.T4G.MEDIUM", "db.t4g.metal"],
])("of the class '%s' nothing is guessed", (instanceClass) => {
  expect([memoryGib(instanceClass), maxConnections(instanceClass)]).toEqual([undefined, undefined]);
});

test("the shares of all committed stacks and the admin's reserve fit in max_connections of prod's class", () => {
  const stacks = readdirSync(join(__dirname, "../.."))
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
  const prod = parseOwnerConfig(committedSettings("prod"));
  const shares = stacks.map((stack) =>
    stack === "prod"
      ? prod.connectionShare
      : parseBorrowerConfig(stack, committedSettings(stack)).connectionShare,
  );
  const most = prod.maxConnections ?? maxConnections(prod.instanceClass) ?? 0;
  const sum = shares.reduce((total, share) => total + share, ADMIN_RESERVE);
  expect(stacks).toEqual(expect.arrayContaining(["dev", "prod"]));
  expect({ shares, sum, fits: sum <= most }).toEqual({ shares: [160, 200], sum: 380, fits: true });
});

test.each(["prod", "dev"])(
  "in %s every app can be rotated at once: two logins each fit in the share",
  (stack) => {
    const apps = JSON.parse(committedSettings(stack).apps ?? "{}") as Record<string, object>;
    const rotated = Object.entries(apps).map(([app, settings]) => [app, { ...settings, credential: 3 }]);
    expect(problemsOf(stack, { apps: Object.fromEntries(rotated) })).toEqual([]);
  },
);

test("a login for migrations counts three connections, and twice that from the second credential on", () => {
  const sum = (wms: object) =>
    /add up to (\d+)/.exec(problemsOf("dev", { apps: { wms }, connectionShare: "1" })[0] ?? "")?.[1];
  // Two environments.
  expect([{}, { migrator: false }, { migrator: true }, { migrator: true, credential: 2 }].map(sum)).toEqual([
    ...["20", "20", "26", "52"],
  ]);
});
