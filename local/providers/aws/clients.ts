import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { RDS } from "@aws-sdk/client-rds";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { hideNodeNotice } from "../../../cli/aws-notice";
import type { Properties } from "../../engine/values";
import { endpointOf, REGION } from "../../servers/aws-emulator";
import { seedEmulator } from "../../servers/network";

/** The account that the emulator plays. */
export const ACCOUNT = "123456789012";

/** Clients of the emulator, each loaded when it is first needed, with credentials that open nothing else. */
export class AwsClients {
  private readonly options: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  private readonly made = new Map<string, unknown>();

  constructor(private readonly port: number) {
    hideNodeNotice();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    this.options = { endpoint: endpointOf(port), region: REGION, credentials, maxAttempts: 2 };
  }

  /** Makes the emulator draw the next ids from a seed. */
  seed(seed: string): Promise<void> {
    return seedEmulator(this.port, seed);
  }

  secrets(): Promise<SecretsManager> {
    return this.once("secrets", async () => {
      const { SecretsManager } = await import("@aws-sdk/client-secrets-manager");
      return new SecretsManager(this.options);
    });
  }

  kms(): Promise<KMS> {
    return this.once("kms", async () => new (await import("@aws-sdk/client-kms")).KMS(this.options));
  }

  iam(): Promise<IAM> {
    return this.once("iam", async () => new (await import("@aws-sdk/client-iam")).IAM(this.options));
  }

  rds(): Promise<RDS> {
    return this.once("rds", async () => new (await import("@aws-sdk/client-rds")).RDS(this.options));
  }

  /** Asks CloudWatch Logs, for which no client is installed. @throws an error with AWS's name for it */
  async logs(action: string, asked: Properties): Promise<Properties> {
    const reply = await fetch(this.options.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `Logs_20140328.${action}`,
        // The emulator knows by it which service is meant, and looks at nothing else of it.
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/logs/aws4_request, SignedHeaders=host, Signature=local`,
      },
      body: JSON.stringify(asked),
    });
    const text = await reply.text();
    const answer = (text === "" ? {} : JSON.parse(text)) as Properties;
    if (reply.ok) return answer;
    const error = new Error(String(answer.message));
    error.name = String(answer.__type).replace(/^.*#/, "");
    throw error;
  }

  private async once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(name);
    if (known !== undefined) return known as T;
    const client = await make();
    this.made.set(name, client);
    return client;
  }
}

/** Does work and answers whether what it is about was there. */
export async function unlessNamed<T>(
  errors: readonly string[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error && errors.includes(thrown.name)) return undefined;
    throw thrown;
  }
}
