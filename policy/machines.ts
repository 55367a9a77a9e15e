import { type DeclaredResource, inputOf, UNKNOWN } from "../access/declared-resource";
import { BASTION_END } from "../infra/instance/settings";

/** What an import sets for an input that nobody declared. */
const isSet = (inputs: DeclaredResource["inputs"], key: string): boolean => {
  const value = inputOf(inputs, key);
  if (value === undefined || value === "") return false;
  return value === UNKNOWN || typeof value !== "object" || Object.keys(Object(value)).length > 0;
};

/** Where a new instance could take its data from. */
const ORIGINS = ["snapshotIdentifier", "replicateSourceDb", "restoreToPointInTime", "s3Import"] as const;

/** An instance made of another one's data hands them to whoever has the new one's password. */
export function copyProblem({ inputs }: DeclaredResource): string | undefined {
  const found = ORIGINS.filter((key) => isSet(inputs, key));
  if (found.length === 0) return undefined;
  return `takes its data from elsewhere by ${found.join(", ")}: leave it out; the runbook says how to restore`;
}

/** What would run on a machine before anyone opens a session; a launch template may hold each of these. */
const STARTED = ["userData", "userDataBase64", "launchTemplate"] as const;

/** Whether a profile or a role is the bastion's. One that is known at deploy alone the pack holds there. */
const isOfBastion = (name: unknown) =>
  name === UNKNOWN || (typeof name === "string" && name.endsWith(BASTION_END));

/** A machine beside the instance runs nothing of its own, and has the bastion's rights alone. */
export function bastionProblem({ type, inputs }: DeclaredResource): string | undefined {
  const problems: string[] = [];
  if (type === "aws:iam/instanceProfile:InstanceProfile") {
    const [name, role] = ["name", "role"].map((key) => inputOf(inputs, key));
    if (!isOfBastion(name) || !isOfBastion(role) || (role !== UNKNOWN && role !== name))
      problems.push("gives machines a role that is not the bastion's own: name both for the bastion");
  } else {
    const started = STARTED.filter((key) => isSet(inputs, key));
    if (started.length > 0) problems.push(`runs what ${started.join(", ")} says: leave it out`);
    if (isSet(inputs, "iamInstanceProfile") && !isOfBastion(inputOf(inputs, "iamInstanceProfile")))
      problems.push("has a profile that is not the bastion's own: take the one that bastion.ts declares");
  }
  return problems.length === 0 ? undefined : problems.join("; ");
}
