import type * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import type { AppConnection } from "../infra/app/secret";
import type { BorrowerConfig, OwnerConfig } from "../infra/config/config";
import { declaredVisitors } from "../infra/config/people";
import { type IamLogin, Visitor } from "../infra/people/component";
import { tagsOf } from "../infra/tags";

/** What the people and tools of a stack share. */
export interface PeopleArgs extends Omit<AppConnection, "sslmode"> {
  config: OwnerConfig | BorrowerConfig;
  kmsKeyArn: pulumi.Input<string>;
  admin: postgresql.Provider;
  /** The way in of every app. */
  after: readonly pulumi.Resource[];
  /** Prod's alone. */
  iam?: IamLogin;
}

/** Outputs of a stack's people and tools, by role; none where there are none. No secret is among them. */
export interface PeopleOutputs {
  peopleSecretArns?: Record<string, pulumi.Output<string>>;
  peoplePolicyArns?: Record<string, pulumi.Output<string>>;
}

/** Declares each person and tool in each environment of the stack, one after the other. */
export function declarePeople({ config, admin, after, ...shared }: PeopleArgs): PeopleOutputs {
  const secretArns: Record<string, pulumi.Output<string>> = {};
  const policyArns: Record<string, pulumi.Output<string>> = {};
  let before = after;
  for (const visitor of declaredVisitors(config)) {
    const { component, login, environment } = visitor.names;
    const declared = new Visitor(
      component,
      {
        ...shared,
        visitor,
        sslmode: config.sslmode,
        after: before,
        tags: tagsOf({ stack: config.stack, app: login, environment }),
      },
      { providers: [admin] },
    );
    before = [...after, declared.last];
    policyArns[login] = declared.policyArn;
    if (declared.secretArn !== undefined) secretArns[login] = declared.secretArn;
  }
  if (Object.keys(policyArns).length === 0) return {};
  return {
    ...(Object.keys(secretArns).length === 0 ? {} : { peopleSecretArns: secretArns }),
    peoplePolicyArns: policyArns,
  };
}
