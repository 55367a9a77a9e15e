import { type Beside, type DeclaredResource, textOf } from "../access/declared-resource";
import { MASTER_PROVIDER } from "../infra/database/access";
import { RDS_IAM } from "../infra/people/access";

const ROLE = "postgresql:index/role:Role";
const GRANT_ROLE = "postgresql:index/grantRole:GrantRole";

const isMade = ({ type, inputs, provider }: Beside, role: string) =>
  type === ROLE && textOf(inputs, "name") === role && provider !== MASTER_PROVIDER;

const isMember = ({ type, inputs }: Beside, role: string) =>
  type === GRANT_ROLE && textOf(inputs, "role") === role && textOf(inputs, "grantRole") === RDS_IAM;

/**
 * Whether a role is a member of `rds_iam` by one resource, and somebody else's than the master's by another one. Neither
 * alone shuts anybody out; together they do whoever makes the role, who is a member of it.
 */
export function isOfTokensByOther(resource: DeclaredResource): boolean {
  const { type, inputs, beside } = resource;
  const role = textOf(inputs, type === ROLE ? "name" : "role");
  if (role === undefined || beside === undefined) return false;
  const [isOne, isOther, other] = type === ROLE ? [isMade, isMember, GRANT_ROLE] : [isMember, isMade, ROLE];
  return isOne(resource, role) && [...beside.of(other)].some((one) => isOther(one, role));
}
