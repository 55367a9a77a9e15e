import * as pulumi from "@pulumi/pulumi";
import { MistakeError } from "../mistake";

/** Outputs of the stack that owns the instance, as the others use them. */
interface OwnerOutputs {
  instanceAddress: string;
  instancePort: number;
  adminSecretArn: string;
}

/** Output of a stack that declares the instance alone: what it says to people, and to the stacks that borrow from it. */
export const INSTANCE_ALONE = "declared";

/**
 * Reads outputs of the stack that owns the instance.
 * @param stack its full name, such as `organization/portal-db/prod`
 * @returns a function from an output's name to its value; a missing one, or a stack that has made the instance alone,
 *   rejects with a {@link MistakeError}
 */
export function ownerOutputs(stack: string) {
  const owner = new pulumi.StackReference(stack);
  // Without its connect role every login of the borrower would fail, halfway.
  const whole = pulumi.output(owner.getOutput(INSTANCE_ALONE)).apply((alone: unknown) => {
    if (alone === undefined) return;
    throw new MistakeError(`the stack ${stack} declares ${String(alone)}, and deploy it first`);
  });
  return <K extends keyof OwnerOutputs>(name: K): pulumi.Output<OwnerOutputs[K]> =>
    pulumi.all([owner.getOutput(name), whole]).apply(([value]: readonly unknown[]) => {
      if (value !== undefined) return value as OwnerOutputs[K];
      throw new MistakeError(`the stack ${stack} has no output ${name}; deploy it first`);
    });
}
