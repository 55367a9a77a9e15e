import { runStack } from "../mocks/stack-run";
import { verdict } from "./verdict";

describe("the rules and the programs agree", () => {
  it.each(["prod", "dev", "pr-42"])("stack %s violates none", async (stack) => {
    const { resources } = await runStack(stack);
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
