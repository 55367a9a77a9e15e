import { runStack } from "../helpers/stack-run";
import { verdict } from "./verdict";

describe("the rules and the programs agree", () => {
  const ROTATED = { apps: { auth: { credential: 2 }, wms: { reader: true, credential: 3 } } };
  it.each([
    ["prod", {}],
    ["dev", {}],
    ["pr-42", {}],
    ["prod", { bastion: { subnetId: "subnet-1", instanceType: "t4g.nano" } }],
    ["prod", { adoptedLogins: { wms_prod: "ThePresentPassword" } }],
    ["dev", { adoptedLogins: { wms_dev: "ThePresentPassword" } }],
    ["prod", { extensions: ["pgcrypto"] }],
    ["prod", ROTATED],
    ["dev", ROTATED],
    ["pr-42", ROTATED],
  ])("stack %s violates none with %j", async (stack, settings) => {
    const { resources } = await runStack(stack, settings);
    const problems = resources.map(
      (declared) => [declared.identity, verdict({ ...declared, stack })] as const,
    );
    expect(problems.filter(([, found]) => Object.keys(found).length > 0)).toEqual([]);
    expect(resources.length).toBeGreaterThan(20);
  });

  it("and every type of the programs that takes tags is looked at for them", async () => {
    const bastion = { subnetId: "subnet-1", instanceType: "t4g.nano" };
    const { resources } = await runStack("prod", { bastion });
    const tagged = resources.filter(({ inputs }) => inputs.tags !== undefined);
    const untagged = tagged.map((declared) => ({
      ...declared,
      inputs: { ...declared.inputs, tags: {} },
      stack: "prod",
    }));
    expect(untagged.filter((declared) => verdict(declared).tagged === undefined)).toEqual([]);
  });
});
