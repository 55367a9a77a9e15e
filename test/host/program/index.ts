import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/pulumi/version";
import { keepMistakesReadable } from "../../../stacks/unhandled";

keepMistakesReadable();

class Thing extends pulumi.CustomResource {
  declare readonly made: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { made: undefined, ...inputs }, opts);
  }
}

/** Programs that the engine answers in ways of its own, by the setting `case`. */
const CASES: Readonly<Record<string, () => Record<string, unknown>>> = {
  version: () => ({ version }),
  reference: () => ({ value: new pulumi.StackReference("organization/other/prod").getOutput("value") }),
  option: () => ({ urn: new Thing("some", {}, { replaceOnChanges: ["size"] }).urn }),
  failing: () => {
    const first = new Thing("first", { fails: true });
    new Thing("second", { of: first.made });
    return {};
  },
  throwing: () => {
    throw new Error("the program's own");
  },
  // What only a deployment makes is not known in a preview, and what is secret stays secret on its way.
  values: () => {
    const first = new Thing("first", { secret: pulumi.secret("hidden") });
    const second = new Thing("second", { of: first.made });
    return {
      plain: first.made,
      hidden: first.made.apply((made) => pulumi.secret(`hidden ${made}`)),
      of: second.urn,
    };
  },
};

export = () => CASES[new pulumi.Config().require("case")]?.();
