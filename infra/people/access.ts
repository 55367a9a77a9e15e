import type { DeclaredVisitor } from "../config/people";
import { namesOf } from "../names";
import { grantRow, membershipRow, type RightsRow, roleRow } from "../rights";
import { timeoutInputs, timeoutsOf } from "../timeouts";
import { endForPostgres } from "./end";

/** RDS's own role: whoever is a member of it, directly or not, logs in with an IAM token and with nothing else. */
export const RDS_IAM = "rds_iam";

/**
 * What a person or a tool may do in one environment: connect, and read what the readers of its apps read. It inherits
 * them, makes nothing and owns nothing, so that it goes whenever its line does: nothing of it is protected.
 *
 * Its role comes after every app and its end is the password's alone: who is in stays in, and IAM has an end of its own.
 */
export function visitorRights({ names, settings }: DeclaredVisitor): RightsRow[] {
  const { component, login, environment } = names;
  const apps = settings.reads.map((app) => namesOf(app, environment));
  const attributes = {
    name: login,
    login: true,
    inherit: true,
    // The database's owner may set a role, and where to look for functions, for everybody who has set none.
    assumeRole: login,
    searchPaths: apps.map(({ schema }) => schema),
    connectionLimit: settings.connectionLimit,
    ...timeoutInputs(timeoutsOf("reading", settings)),
    ...(settings.until === undefined ? {} : { validUntil: endForPostgres(settings.until) }),
  };
  const own = `${component}-login`;
  const connect = (after: string) =>
    grantRow(`${own}-connect`, login, ["database"], ["CONNECT"], { after: [after] });
  if (settings.iam) return iamRights(names, attributes, apps, connect);
  const roles = apps.map(({ reader }) => reader);
  return [roleRow(own, { ...attributes, roles }, { loginBy: "password" }), connect(own)];
}

/**
 * The same for one that logs in by IAM. Postgres makes whoever makes a role a member of it, and so of what that is a
 * member of: RDS would refuse the admin's password, were the role the admin's. So the master makes it, as RDS's own
 * instructions do, and the admin gives it what is the admin's to give. The master may not take that away, which the
 * provider does whenever it changes a role: it makes this one anew.
 */
function iamRights(
  { component, login }: DeclaredVisitor["names"],
  attributes: { readonly name: string } & RightsRow["inputs"],
  apps: readonly { readonly schema: string; readonly reader: string }[],
  connect: (after: string) => RightsRow,
): RightsRow[] {
  const own = `${component}-login`;
  const made = { isOfMaster: true, loginBy: "iam" } as const;
  const rows = [roleRow(own, attributes, { ...made, ignoreChanges: ["roles"] }), connect(own)];
  const afterLast = () => ({ after: rows.slice(-1).map(({ name }) => name) });
  for (const { schema, reader } of apps)
    rows.push(membershipRow(`${own}-reads-${schema}`.replaceAll("_", "-"), login, reader, afterLast()));
  rows.push(membershipRow(`${own}-iam`, login, RDS_IAM, { ...afterLast(), isOfMaster: true }));
  return rows;
}
