import { readFileSync } from "node:fs";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { TestPlatform } from "./platform";

/** Where a platform's AWS emulator answers. */
export function awsOf({ places }: TestPlatform): { endpoint: string; region: string } {
  const { aws } = JSON.parse(readFileSync(places.platformFile, "utf8")) as {
    aws: { endpoint: string; region: string };
  };
  return aws;
}

/** A client of a platform's Secrets Manager; the emulator takes any credentials. */
export function secretsOf(platform: TestPlatform): SecretsManager {
  return new SecretsManager({
    ...awsOf(platform),
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}
