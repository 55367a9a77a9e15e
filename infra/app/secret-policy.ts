/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Reads one secret and nothing else; the key decrypts for that secret alone.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html#asm-encryption-context
 */
export function readSecretPolicy(secretArn: string, keyArn: string): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSecret",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: secretArn,
      },
      {
        Sid: "DecryptSecret",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
      },
    ],
  };
}
