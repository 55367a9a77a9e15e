import * as pulumi from "@pulumi/pulumi";
import { scramVerifier } from "./scram-verifier";

/** The verifier of a password that is an output; as secret as that is. */
export function verifierOf(role: string, password: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(password).apply((known) => scramVerifier(role, known));
}
