import { getLogGroup, getLogGroups, LogGroup } from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { declare } from "../declare";
import { MistakeError, messageOf } from "../mistake";
import { DEFAULT_LOG_RETENTION_DAYS, EXPORTED_LOGS } from "./settings";

/** A log group that is there already. */
export interface PresentLogGroup {
  readonly name: string;
  /** Days for which it keeps its logs; 0 is for ever. */
  readonly retentionInDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

const folderOf = (identifier: string) => `/aws/rds/instance/${identifier}/`;

/** Log group to which RDS exports one of an instance's logs. */
export function logGroupOf(identifier: string, log: (typeof EXPORTED_LOGS)[number]): string {
  return `${folderOf(identifier)}${log}`;
}

/**
 * The instance's log groups that are there: RDS makes each itself when it has the first line for it, and creating one
 * that exists fails in the deploy.
 * @throws {MistakeError} when AWS does not let them be looked for
 */
export async function presentLogGroups(identifier: string): Promise<PresentLogGroup[]> {
  try {
    const { logGroupNames } = await getLogGroups({ logGroupNamePrefix: folderOf(identifier) });
    return await Promise.all(
      logGroupNames.map(async (name) => {
        const { retentionInDays = 0, tags = {} } = await getLogGroup({ name });
        return { name, retentionInDays, tags };
      }),
    );
  } catch (thrown) {
    throw new MistakeError(
      `the log groups of ${identifier} cannot be looked for: it takes logs:DescribeLogGroups and ` +
        `logs:ListTagsForResource, as in docs/iam (${messageOf(thrown)})`,
    );
  }
}

/** What a group that is there keeps: the longer of both, so that no deploy deletes logs that no file speaks of. */
function retentionOf(setting: number | undefined, present: PresentLogGroup | undefined): number {
  if (setting !== undefined) return setting;
  const kept = present?.retentionInDays ?? DEFAULT_LOG_RETENTION_DAYS;
  return kept === 0 ? 0 : Math.max(kept, DEFAULT_LOG_RETENTION_DAYS);
}

/** The log groups of an instance. */
export interface LogGroupsArgs {
  readonly identifier: string;
  /** The stack's setting `logRetentionDays`. */
  readonly retentionDays: number | undefined;
  /** Those that are there. */
  readonly present: readonly PresentLogGroup[];
  /** Tags of each. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The groups that the instance's logs go to. One that is there is imported, with the tags that others gave it and the key
 * that they encrypted it with; the engine imports what its state has already no second time. When the instance goes,
 * they and their logs stay.
 */
export function declareLogGroups(
  name: string,
  { identifier, retentionDays, present, tags }: LogGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): LogGroup[] {
  return EXPORTED_LOGS.map((log) => {
    const groupName = logGroupOf(identifier, log);
    const found = present.find((one) => one.name === groupName);
    const others = Object.entries(found?.tags ?? {}).filter(([key]) => !/^aws:/i.test(key));
    return declare(
      LogGroup,
      `${name}-${log}`,
      {
        name: groupName,
        retentionInDays: retentionOf(retentionDays, found),
        tags: { ...Object.fromEntries(others), ...tags },
      },
      {
        ...opts,
        retainOnDelete: true,
        ignoreChanges: ["kmsKeyId"],
        ...(found === undefined ? {} : { import: groupName }),
      },
    );
  });
}
