import { Secret } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "../helpers/stack-run";

class Unknown extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs = {}, opts?: pulumi.CustomResourceOptions) {
    super("x:index:Unknown", name, inputs, opts);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("x:index:Group", name);
  }
}

test("a type that nobody mocked is an error that names it", async () => {
  const run = runProgram("dev", {}, () => ({ urn: new Unknown("some").urn }));
  await expect(run).rejects.toThrow(new Error("the type x:index:Unknown of some is not mocked"));
});

test("a function that nobody mocked is an error that names it", async () => {
  const run = runProgram("dev", {}, () => ({
    result: pulumi.output(pulumi.runtime.invoke("x:index:f", {})),
  }));
  await expect(run).rejects.toThrow(new Error("the function x:index:f is not mocked"));
});

test("an error of the program is the run's error", async () => {
  const run = runProgram("dev", {}, () => {
    throw new Error("the program's own");
  });
  await expect(run).rejects.toThrow(new Error("the program's own"));
});

test("a resource is recorded with everything that the engine is told of it", async () => {
  const run = await runProgram("dev", {}, () => {
    const parent = new Group("group");
    const first = new Secret("first", { name: "one" });
    const second = new Secret("second", { name: first.arn });
    new Secret(
      "third",
      { name: pulumi.secret("hidden"), tags: { plain: "x", hidden: pulumi.secret("y") } },
      {
        parent,
        dependsOn: second,
        protect: true,
        deleteBeforeReplace: true,
        ignoreChanges: ["tags"],
        import: "an-id",
      },
    );
    return { open: first.arn, hidden: pulumi.secret("z") };
  });
  const type = "aws:secretsmanager/secret:Secret";
  expect(run.the("second").dependencies).toEqual([`${type}::first`]);
  expect(run.the("third")).toEqual({
    identity: `${type}::third`,
    type,
    name: "third",
    custom: true,
    inputs: { name: "hidden", tags: { plain: "x", hidden: "y" } },
    secretInputs: ["name", "tags.hidden"],
    parent: "x:index:Group::group",
    dependencies: [`${type}::second`],
    retainOnDelete: false,
    protect: true,
    deleteBeforeReplace: true,
    ignoreChanges: ["tags"],
    importId: "an-id",
    provider: "",
  });
  expect(run.outputs).toEqual({
    open: "arn:aws:secretsmanager:us-east-1:123456789012:secret:one",
    hidden: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "z" },
  });
  expect(() => run.the("group")).toThrow(new Error("not exactly one resource group"));
});
