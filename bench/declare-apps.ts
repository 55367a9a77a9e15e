/**
 * Child of the benchmark: declares a dev stack of many apps against a mock monitor, without an engine, and
 * prints the milliseconds. With `traces`, the SDK's stack traces are left on, as they are by default.
 */
import Module from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { CHECKOUT } from "../cli/checkout";

const [count = "100", mode = "plain"] = process.argv.slice(2);

/** Node's own loader, which its types leave out. */
const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };

if (mode === "traces") {
  const load = loader._load;
  const declare = (Resource: new (...args: unknown[]) => unknown, ...args: unknown[]) =>
    new Resource(...args);
  loader._load = (request, ...rest) =>
    /^\.\.?\/declare$/.test(request) ? { declare } : load(request, ...rest);
}

const apps = Object.fromEntries(
  Array.from({ length: Number(count) }, (_, index) => [`app${index + 1}`, { connectionLimit: 1 }]),
);

async function main(): Promise<void> {
  const declared = new Map<string, number>();
  await pulumi.runtime.setMocks(
    {
      call: () => ({
        secretString: JSON.stringify({ host: "db", port: 5432, username: "admin", password: "unused" }),
      }),
      newResource: ({ type, name, inputs }) => {
        declared.set(type, (declared.get(type) ?? 0) + 1);
        return { id: `${name}-id`, state: { ...inputs, arn: `arn:${name}`, result: "unused" } };
      },
    },
    "portal-db",
    "dev",
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig({
    "portal-db:apps": JSON.stringify(apps),
    "portal-db:environments": JSON.stringify(["dev"]),
    "portal-db:connectionShare": "5000",
  });
  const { declareStack } = require("../stacks/program") as typeof import("../stacks/program");
  const start = process.hrtime.bigint();
  await pulumi.runtime.runInPulumiStack(async () => declareStack("dev", CHECKOUT));
  await pulumi.runtime.disconnect();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  console.log(JSON.stringify({ milliseconds, declared: Object.fromEntries(declared) }));
}

void main();
