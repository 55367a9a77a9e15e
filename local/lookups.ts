import { MistakeError } from "../infra/mistake";
import type { Answers } from "./engine/monitor";
import { deployedStacks, State } from "./engine/state";
import { opened, type Properties, secret, UNKNOWN_VALUE } from "./engine/values";
import { ACCOUNT, type AwsClients, unlessNamed } from "./providers/aws/clients";
import { LOG_GROUP, logGroupsIn } from "./providers/aws/log-group";
import { REGION } from "./servers/aws-emulator";

/** Finds a secret's value. */
type SecretReader = (secretId: string) => Promise<Properties>;

/** A log group, as programs are told of it. */
type FoundLogGroup = Properties & { readonly name: string };

/** Where programs look. */
interface LookedIn {
  /** Finds a secret's value. */
  readonly secret: SecretReader;
  /** The log groups that are there. */
  readonly logGroups: () => Promise<readonly FoundLogGroup[]>;
}

/** What programs look up. */
export function lookups({ secret: read, logGroups }: LookedIn): Pick<Answers, "invoke"> {
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
      if (token === "aws:cloudwatch/getLogGroups:getLogGroups") {
        const prefix = String(inputs.logGroupNamePrefix ?? "");
        const found = (await logGroups()).filter(({ name }) => name.startsWith(prefix));
        return { id: REGION, logGroupNamePrefix: prefix, logGroupNames: found.map(({ name }) => name) };
      }
      if (token === "aws:cloudwatch/getLogGroup:getLogGroup") {
        const found = (await logGroups()).find(({ name }) => name === inputs.name);
        if (found === undefined) throw new MistakeError(`there is no log group ${String(inputs.name)}`);
        return { id: found.name, ...found };
      }
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

/** Looks in the emulator. */
export function emulatorLookups(aws: AwsClients): LookedIn {
  return { secret: emulatorSecrets(aws), logGroups: () => logGroupsIn(aws) };
}

/** Looks in the states, for a preview, which needs no server. */
export function recordedLookups(stateDir: string): LookedIn {
  return { secret: recordedSecrets(stateDir), logGroups: async () => recordedLogGroups(stateDir) };
}

function recordedLogGroups(stateDir: string): FoundLogGroup[] {
  return deployedStacks(stateDir)
    .flatMap((stack) => [...State.read(stateDir, stack).resources.values()])
    .filter(({ type }) => type === LOG_GROUP)
    .map(({ id, outputs }) => ({ ...opened(outputs), name: id }));
}

/** Reads secrets from the emulator. */
function emulatorSecrets(aws: AwsClients): SecretReader {
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

/** Reads secrets from the states; one that is not deployed is not known yet. */
function recordedSecrets(stateDir: string): SecretReader {
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
