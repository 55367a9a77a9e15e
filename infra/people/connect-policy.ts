import type { PolicyDocument } from "../app/secret-policy";
import { endForIam } from "./end";

/** The instance, as the ARN of whoever logs in to it says it. */
export interface ConnectTarget {
  /** ARN of the instance, whose partition, region and account are the login's. */
  readonly instanceArn: string;
  /** Its `db-…`, which stays when it is renamed. */
  readonly resourceId: string;
  readonly login: string;
  /** The last day of the access, in UTC; undefined for one without an end. */
  readonly until?: string | undefined;
}

/**
 * Logs in as one role of one instance, and nothing else. The server does not look at a role's end where IAM has let it
 * in, so that the date stands here.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectPolicy({ instanceArn, resourceId, login, until }: ConnectTarget): PolicyDocument {
  const place = instanceArn.split(":").slice(0, 5).join(":").replace(":rds:", ":rds-db:");
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ConnectAsRole",
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: `${place}:dbuser:${resourceId}/${login}`,
        ...(until === undefined
          ? {}
          : { Condition: { DateLessThan: { "aws:CurrentTime": endForIam(until) } } }),
      },
    ],
  };
}
