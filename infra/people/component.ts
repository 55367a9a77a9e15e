import { Policy } from "@pulumi/aws/iam";
import { Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import type * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { type AppConnection, declareReadPolicy } from "../app/secret";
import type { DeclaredVisitor } from "../config/people";
import { declare } from "../declare";
import { declareRows, type RowExtras } from "../declare-rows";
import { PASSWORD_LENGTH, PROJECT } from "../names";
import { verifierOf } from "../verifier";
import { visitorRights } from "./access";
import { connectPolicy } from "./connect-policy";
import { visitorSecretValue } from "./secret-value";

/** What a login by IAM needs of prod. */
export interface IamLogin {
  /** Provider of the master, who makes the role. */
  readonly master: postgresql.Provider;
  readonly instanceArn: pulumi.Input<string>;
  readonly resourceId: pulumi.Input<string>;
}

/** A person or a tool in one environment. */
export interface VisitorArgs extends AppConnection {
  visitor: DeclaredVisitor;
  /** Key that encrypts its secret. */
  kmsKeyArn: pulumi.Input<string>;
  /** The ways in of every app, and the person or tool before it: the provider's locks of readers and members meet otherwise. */
  after: readonly pulumi.Resource[];
  /** Prod's, where it logs in by IAM. */
  iam?: IamLogin | undefined;
  /** Tags of its secret and policies. */
  tags: Record<string, string>;
}

/** A person's or a tool's role, and its secret with a URL, or the policy that logs in by IAM: the rows of access.ts. */
export class Visitor extends pulumi.ComponentResource {
  /** The last of its rows. */
  public readonly last: pulumi.Resource;
  /** ARN of its secret; undefined where it logs in by IAM. */
  public readonly secretArn: pulumi.Output<string> | undefined;
  /** ARN of the IAM policy that reads the secret, or logs in. */
  public readonly policyArn: pulumi.Output<string>;

  constructor(name: string, args: VisitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:Visitor", name, {}, opts);
    const { visitor, after } = args;
    const { login } = visitor.names;
    let password: pulumi.Output<string> | undefined;
    const rows = visitorRights(visitor);
    const declared = declareRows(rows, this, (row, before): RowExtras => {
      const provider = row.isOfMaster ? iamOf(args).master : undefined;
      if (row.inputs.name !== login) return { after: before, provider };
      const ready = [...before, ...after];
      if (visitor.settings.iam) return { after: ready, provider };
      password = this.declarePassword(name, visitor, ready);
      return { after: ready, inputs: { password: verifierOf(login, password) } };
    });
    const last = declared.get(rows.at(-1)?.name ?? "");
    if (last === undefined) throw new Error(`${name} has no rows`);
    this.last = last;
    // Neither secret nor policy hangs on the role: where one cannot be deleted, as a policy that is still attached, the
    // role goes all the same.
    const child = { parent: this };
    const secret =
      password === undefined ? undefined : declareVisitorSecret(name, args, { password, last }, child);
    this.secretArn = secret?.arn;
    this.policyArn = declarePolicy(name, args, secret?.arn, child);
    this.registerOutputs({
      policyArn: this.policyArn,
      ...(secret === undefined ? {} : { secretArn: secret.arn }),
    });
  }

  private declarePassword(
    name: string,
    { settings }: DeclaredVisitor,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Output<string> {
    return declare(
      RandomPassword,
      `${name}-password`,
      // Another number makes another password.
      { length: PASSWORD_LENGTH, special: false, keepers: { credential: String(settings.credential) } },
      { parent: this, dependsOn: [...dependsOn] },
    ).result;
  }
}

function iamOf({ iam, visitor }: VisitorArgs): IamLogin {
  // The config lets nobody have it where there is none.
  if (iam === undefined)
    throw new Error(`${visitor.names.login} logs in by IAM, and the stack has no instance`);
  return iam;
}

/** Its secret, without a recovery window: its name is free again at once, for the same person's next time. */
function declareVisitorSecret(
  name: string,
  { visitor, tags, ...args }: VisitorArgs,
  { password, last }: { readonly password: pulumi.Output<string>; readonly last: pulumi.Resource },
  opts: pulumi.CustomResourceOptions,
): Secret {
  const { secret: secretName, login: username } = visitor.names;
  const secret = declare(
    Secret,
    `${name}-secret`,
    {
      name: secretName,
      description: `DATABASE_URL of ${username}, which reads`,
      kmsKeyId: args.kmsKeyArn,
      recoveryWindowInDays: 0,
      tags,
    },
    opts,
  );
  const value = pulumi
    .all([args.host, args.port, password])
    .apply(([host, port, known]) =>
      visitorSecretValue({ host, port, password: known, username, sslmode: args.sslmode }),
    );
  declare(
    SecretVersion,
    `${name}-secret-value`,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(value)) },
    { ...opts, dependsOn: last },
  );
  return secret;
}

/** The policy that reads its secret; of one that logs in by IAM the policy that does. */
function declarePolicy(
  name: string,
  args: VisitorArgs,
  secretArn: pulumi.Output<string> | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { visitor, tags, kmsKeyArn } = args;
  const { readPolicy, connectPolicy: connectName, login, secret } = visitor.names;
  if (secretArn !== undefined) {
    const read = { secretName: secret, secretArn, policyName: readPolicy, kmsKeyArn, tags };
    return declareReadPolicy(name, read, opts).arn;
  }
  const { instanceArn, resourceId } = iamOf(args);
  const document = pulumi
    .all([instanceArn, resourceId])
    .apply(([arn, id]) =>
      connectPolicy({ instanceArn: arn, resourceId: id, login, until: visitor.settings.until }),
    );
  const description = `Logs in as ${login} of ${PROJECT} and nothing else`;
  const policy = pulumi.jsonStringify(document);
  return declare(Policy, `${name}-connect`, { name: connectName, description, policy, tags }, opts).arn;
}
