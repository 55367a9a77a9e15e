import { instanceArguments } from "../../infra/instance/settings";
import { type Compared, type InstanceDifference, KEPT_BY_NONE, setting } from "./difference";

/** A CA whose certificates have run out: a client that verifies them is refused. */
const EXPIRED_CA = "rds-ca-2019";

/** Who reaches the instance, and who may log in. */
export function accessDifferences({
  instance,
  config,
  hasMasterPassword,
  isAdopted,
}: Compared): InstanceDifference[] {
  const found: InstanceDifference[] = [];
  const add = (what: string, ...cure: string[]) => found.push({ what, cure });
  const stop = (what: string, ...cure: string[]) => found.push({ what, cure, stops: true });
  const { username, port: wantedPort } = instanceArguments(config);
  const { MasterUsername, Endpoint, DBSubnetGroup, CACertificateIdentifier: authority } = instance;
  if (MasterUsername !== undefined && MasterUsername !== username)
    stop(
      `its master user is ${MasterUsername}, not ${username}: would be replaced`,
      setting("masterUsername", MasterUsername),
    );
  if (instance.MasterUserSecret?.SecretArn && !isAdopted)
    add("RDS keeps the master's password in a secret of its own, which goes", SET_PASSWORD);
  else if (!hasMasterPassword && !isAdopted)
    add("its master user gets a generated password: who has the present one is shut out", SET_PASSWORD);
  if (instance.IAMDatabaseAuthenticationEnabled === true && !config.iamDatabaseAuthentication)
    add(
      "IAM database authentication is switched off: who logs in by it is shut out",
      setting("iamDatabaseAuthentication", true),
    );
  for (const { Domain } of instance.DomainMemberships ?? [])
    add(`it leaves the domain ${Domain}: its logins by Kerberos are shut out; ${KEPT_BY_NONE}`);
  const port = Endpoint?.Port ?? instance.DbInstancePort ?? 0;
  if (port !== 0 && port !== wantedPort)
    add(`port ${port} becomes ${wantedPort}: restarts, and every URL with it fails; ${KEPT_BY_NONE}`);
  const { VpcId, Subnets = [] } = DBSubnetGroup ?? {};
  if (VpcId !== undefined && VpcId !== config.vpcId) {
    const ids = Subnets.flatMap(({ SubnetIdentifier: id }) => id ?? []).sort();
    stop(
      `it stands in ${VpcId}, not in ${config.vpcId}: fails in the deploy`,
      setting("vpcId", VpcId),
      ...(ids.length > 1 ? [`portal-db:subnetIds: [${ids.join(", ")}]`] : []),
    );
  }
  if (instance.PubliclyAccessible === true)
    add(
      "it is public, and becomes private: who is outside the VPC is cut off",
      "open a way in first: bastion, then npm run ops -- tunnel --stack prod",
    );
  const groups = (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
  if (groups.length > 0 && !isAdopted)
    add(
      "its security groups are replaced: whom they let in is cut off, unless named",
      "portal-db:allowedSources names each of them, a CIDR block or a group's id:",
      ...groups.map((id) => `aws ec2 describe-security-group-rules --filters Name=group-id,Values=${id}`),
    );
  if (authority === EXPIRED_CA)
    add(
      `its certificate is of ${EXPIRED_CA}, which has expired: verify-full is refused`,
      `aws rds modify-db-instance --db-instance-identifier ${instance.DBInstanceIdentifier} --ca-certificate-identifier rds-ca-rsa2048-g1`,
    );
  return found;
}

/** How the present password of the master user is kept. */
const SET_PASSWORD = "npx pulumi config set --stack prod --secret masterPassword";
