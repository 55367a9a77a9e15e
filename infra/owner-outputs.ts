import * as pulumi from "@pulumi/pulumi";
import { MistakeError } from "./mistake";

/** Outputs of the stack that owns the instance, as the others use them. */
interface OwnerOutputs {
  instanceAddress: string;
  instancePort: number;
  adminSecretArn: string;
}

/**
 * Reads outputs of the stack that owns the instance.
 * @param stack its full name, such as `organization/portal-db/prod`
 * @returns a function from an output's name to its value; a missing one rejects with a {@link MistakeError}
 */
export function ownerOutputs(stack: string) {
  const owner = new pulumi.StackReference(stack);
  return <K extends keyof OwnerOutputs>(name: K): pulumi.Output<OwnerOutputs[K]> =>
    pulumi.output(owner.getOutput(name)).apply((value: unknown) => {
      if (value !== undefined) return value as OwnerOutputs[K];
      throw new MistakeError(`the stack ${stack} has no output ${name}; deploy it first`);
    });
}
