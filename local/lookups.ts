import { MistakeError } from "../infra/mistake";
import type { Answers } from "./engine/monitor";
import { deployedStacks, State } from "./engine/state";
import { opened, type Properties, secret, UNKNOWN_VALUE } from "./engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./providers/aws/clients";

/** Finds a secret's value. */
type SecretReader = (secretId: string) => Promise<Properties>;

/** What programs look up. */
export function lookups(read: SecretReader): Pick<Answers, "invoke"> {
  return {
    invoke: async (token, inputs) => {
      if (token === "aws:index/getCallerIdentity:getCallerIdentity") {
        return {
          accountId: ACCOUNT,
          id: ACCOUNT,
          userId: "local",
          arn: `arn:aws:iam::${ACCOUNT}:user/local`,
        };
      }
      if (token === "aws:secretsmanager/getSecretVersion:getSecretVersion")
        return read(String(inputs.secretId));
      if (token === "aws:ssm/getParameter:getParameter") return publicParameter(String(inputs.name));
      throw new MistakeError(
        `the local platform does not know the function ${token}: give it an answer in local/lookups.ts`,
      );
    },
  };
}

/** A public parameter of AWS: an image, which nothing here starts. */
function publicParameter(name: string): Properties {
  const value = "ami-00000000000000000";
  return { id: name, name, type: "String", value, insecureValue: value, version: 1 };
}

/** Reads secrets from the emulator. */
export function emulatorSecrets(aws: AwsClients): SecretReader {
  return async (secretId) => {
    const client = await aws.secrets();
    const found = await unlessNamed(["ResourceNotFoundException"], () =>
      client.getSecretValue({ SecretId: secretId }),
    );
    if (found === undefined)
      throw new MistakeError(`the secret ${secretId} does not exist: deploy the stack that owns it`);
    const { ARN: arn, VersionId: versionId, VersionStages: versionStages } = found;
    const id = `${secretId}|${versionId}`;
    return { id, secretId, arn, versionId, versionStages, secretString: secret(found.SecretString) };
  };
}

/** Reads secrets from the states, for a preview, which needs no server; one that is not deployed is not known yet. */
export function recordedSecrets(stateDir: string): SecretReader {
  return async (secretId) => {
    for (const stack of deployedStacks(stateDir)) {
      for (const resource of State.read(stateDir, stack).resources.values()) {
        const { type, inputs, outputs } = resource;
        if (type !== "aws:secretsmanager/secretVersion:SecretVersion") continue;
        const arn = String(opened(outputs).arn);
        if (inputs.secretId !== secretId && !arn.includes(`:secret:${secretId}-`)) continue;
        return { ...outputs, id: resource.id, secretId, secretString: secret(opened(inputs).secretString) };
      }
    }
    return { secretId, arn: UNKNOWN_VALUE, secretString: UNKNOWN_VALUE };
  };
}
