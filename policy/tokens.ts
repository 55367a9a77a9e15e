import { type DeclaredResource, textOf } from "../access/declared-resource";
import { MASTER_PROVIDER } from "../infra/database/access";
import { RDS_IAM } from "../infra/people/access";

const ROLE = "postgresql:index/role:Role";

type Declared = Pick<DeclaredResource, "type" | "inputs" | "provider">;

const isMade = ({ type, inputs, provider }: Declared, role: string) =>
  type === ROLE && textOf(inputs, "name") === role && provider !== MASTER_PROVIDER;

const isMember = ({ type, inputs }: Declared, role: string) =>
  type === "postgresql:index/grantRole:GrantRole" &&
  textOf(inputs, "role") === role &&
  textOf(inputs, "grantRole") === RDS_IAM;

/**
 * Whether a role is a member of `rds_iam` by one resource, and somebody else's than the master's by another one. Neither
 * alone shuts anybody out; together they do whoever makes the role, who is a member of it.
 */
export function isOfTokensByOther(resource: DeclaredResource): boolean {
  const { type, inputs, beside = [] } = resource;
  const role = textOf(inputs, type === ROLE ? "name" : "role");
  if (role === undefined) return false;
  const [isOne, isOther] = type === ROLE ? [isMade, isMember] : [isMember, isMade];
  if (!isOne(resource, role)) return false;
  for (const one of beside) if (isOther(one, role)) return true;
  return false;
}
