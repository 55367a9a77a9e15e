import type { Client } from "pg";
import { CLOSED_DATABASES } from "../../infra/database/access";
import { ADMIN, DATABASE, DATABASE_OWNER, DEV_ADMIN, rolesOf } from "../../infra/names";
import { PUBLIC } from "../facts";
import { DEFAULTS_FOUND, type FoundRight, RIGHTS_FOUND } from "./acl-sql";
import { type DeclaredServer, iamLoginsOf, keyOf } from "./declared";
import { BY_UP, byHand, type CatalogFinding, granteeWord, type Mend, plain, quoted } from "./finding";
import { objectName, objectPlace } from "./object-name";
import type { Server } from "./server";

/** Schemas that Postgres brings: what everybody may do there changes with the server's version. */
const BUILT_IN = ["pg_catalog", "information_schema", "pg_toast"];

/** Rights on whatever there is, but for what an app gives its own roles on what it owns. */
export async function grantFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { rows } = await client.query<FoundRight>(RIGHTS_FOUND, [[DATABASE, ...CLOSED_DATABASES]]);
  return [
    ...rows.filter((one) => isOurs(server, one)).flatMap((one) => undeclared(server, one)),
    ...missing(server, rows),
  ];
}

/** Whether the stack answers for a right: it is on what the stack declares, or a role of it has it. */
function isOurs(
  { declared: { own, isWhole, ownerBySchema }, isOfServer }: Server,
  right: FoundRight,
): boolean {
  const { kind, schema, name, grantee: who } = right;
  if (own.has(who)) return true;
  if (kind === "schema" ? ownerBySchema.has(name) : ownerBySchema.has(schema)) return true;
  if (kind === "large object") return own.has(right.owner);
  if (!isWhole) return false;
  if (kind === "schema") return name === "public";
  if (BUILT_IN.includes(schema))
    return who !== PUBLIC && !isOfServer(who) && ![ADMIN, DEV_ADMIN].includes(who);
  return schema === "" ? !isOfServer(who) : schema === "public";
}

function undeclared(server: Server, right: FoundRight): CatalogFinding[] {
  const { declared, stackOfRole } = server;
  const { kind, name, owner, grantee: who, privileges, grantable } = right;
  if (isOwnAffair(declared, owner, who)) return [];
  const isOther = stackOfRole(who) !== undefined && stackOfRole(who) !== declared.part.stack;
  const allowed =
    kind === "database" && name === DATABASE && isOther && !declared.own.has(who)
      ? ["CONNECT"]
      : (declared.grants.get(keyOf(kind, name, who)) ?? []);
  const over = privileges.filter((one) => !allowed.includes(one));
  // What is declared may not be passed on.
  const passed = grantable ? privileges.filter((one) => allowed.includes(one)) : [];
  const found = (given: readonly string[], option: string): CatalogFinding[] => {
    const mend = mendOf(server, { ...right, privileges: given }, option);
    const what = privilegesText(given, grantable);
    return given.length === 0 ? [] : [{ who, what, where: objectPlace(right), mend }];
  };
  return [...found(over, ""), ...found(passed, "GRANT OPTION FOR ")];
}

/** Of a table there are seven, and more from version to version. */
function privilegesText(privileges: readonly string[], grantable: boolean): string {
  const text = privileges.length >= 7 ? "ALL" : privileges.join(", ");
  return grantable ? `${text} with grant option` : text;
}

/** What an app gives its own roles on what it owns. */
function isOwnAffair({ part }: DeclaredServer, owner: string, who: string): boolean {
  return part.apps.some((names) => names.owner === owner && rolesOf(names).includes(who));
}

function mendOf(server: Server, right: FoundRight, option: string): Mend {
  const { declared, stackOfRole, mendAt } = server;
  const { kind, schema, name, rest, owner, grantor, grantee: who, privileges } = right;
  const columns = kind === "column" ? ` (${quoted(rest)})` : "";
  const words = privileges.map((one) => `${one}${columns}`).join(", ");
  const on = `${kind === "column" ? "TABLE" : kind.toUpperCase()} ${kind === "large object" ? name : objectName(right, quoted)}`;
  const statement = `REVOKE ${option}${words} ON ${on} FROM ${granteeWord(who)} CASCADE`;
  if (kind === "database") {
    // The deploy holds what PUBLIC may do; whoever deploys has the rights of the database's owner.
    if (who === PUBLIC) return BY_UP;
    return name === DATABASE ? { by: "repair", statement } : byHand(`${statement}; -- as the master`);
  }
  const isDeclared = declared.ownerBySchema.has(kind === "schema" ? name : schema);
  if (isDeclared && option === "" && declared.grants.has(keyOf(kind, name, who))) return BY_UP;
  if (schema === "public" || (kind === "schema" && name === "public")) return { by: "repair", statement };
  if (isDeclared || declared.own.has(owner)) return mendAt(owner, statement, grantor);
  const stack = stackOfRole(owner) ?? declared.stackOf(kind === "schema" ? name : schema);
  return byHand(
    stack === undefined ? `${statement}; -- as ${quoted(grantor)}` : `npm run ops -- repair ${stack}`,
  );
}

/** What is declared on a database or a schema, and not there. */
function missing({ declared, schemas }: Server, found: readonly FoundRight[]): CatalogFinding[] {
  const present = new Set(
    found.flatMap(({ kind, name, grantee: who, privileges }) =>
      privileges.map((one) => keyOf(kind, name, who, one)),
    ),
  );
  const known = new Set(schemas.map(({ name }) => name));
  return [...declared.grants].flatMap(([key, privileges]) => {
    const [kind = "", name = "", who = ""] = JSON.parse(key) as string[];
    if (kind === "schema" && !known.has(name)) return [];
    const lacking = privileges.filter((one) => !present.has(keyOf(kind, name, who, one)));
    return lacking.length === 0
      ? []
      : [{ who, what: `no ${lacking.join(", ")}`, where: `${kind} ${plain(name)}`, mend: BY_UP }];
  });
}

interface FoundDefault {
  readonly owner: string;
  readonly schema: string;
  readonly kind: string;
  readonly grantee: string;
  readonly privileges: readonly string[];
  readonly grantable: boolean;
}

/** What roles get on whatever a role makes from now on. */
export async function defaultFindings(client: Client, server: Server): Promise<CatalogFinding[]> {
  const { declared, mendAt } = server;
  const { own, ownerBySchema, isWhole, part } = declared;
  const byIam = iamLoginsOf(part);
  const { rows } = await client.query<FoundDefault>(DEFAULTS_FOUND);
  const findings: CatalogFinding[] = [];
  const present = new Set<string>();
  const placeText = (owner: string, schema: string, kind: string) =>
    `later ${kind.toLowerCase()} of ${plain(owner)}${schema === "" ? "" : ` in ${plain(schema)}`}`;
  for (const { owner, schema, kind, grantee: who, privileges, grantable } of rows) {
    for (const one of privileges) present.add(keyOf(owner, schema, kind, who, one));
    const makers = [part.deployer, ...(isWhole ? [DATABASE_OWNER, ADMIN, DEV_ADMIN] : [])];
    if (!(own.has(owner) || own.has(who) || ownerBySchema.has(schema) || makers.includes(owner))) continue;
    // Of one that logs in by IAM they are named as what it owns.
    if (isOwnAffair(declared, owner, who) || byIam.has(owner)) continue;
    const bound = schema === "" ? "" : ` IN SCHEMA ${quoted(schema)}`;
    const statement = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(owner)}${bound} REVOKE ${privileges.join(", ")} ON ${kind} FROM ${granteeWord(who)}`;
    const what = privilegesText(privileges, grantable);
    // Another deployer's are its own to change, and in this database, where the master does not go.
    const mend =
      makers.includes(owner) && owner !== part.deployer
        ? byHand(`${statement}; -- as ${quoted(owner)}`)
        : mendAt(owner, statement, owner);
    findings.push({ who, what, where: placeText(owner, schema, kind), mend });
  }
  for (const [key, privileges] of declared.defaults) {
    const [owner = "", schema = "", kind = "", who = ""] = JSON.parse(key) as string[];
    const lacking = privileges.filter((one) => !present.has(keyOf(owner, schema, kind, who, one)));
    if (lacking.length > 0)
      findings.push({
        who,
        what: `no ${lacking.join(", ")}`,
        where: placeText(owner, schema, kind),
        mend: BY_UP,
      });
  }
  return findings;
}
