import { type DeclaredResource, inputOf, textOf, UNKNOWN } from "../access/declared-resource";
import { PUBLIC } from "../access/facts";
import { MASTER_PROVIDER } from "../infra/database/access";
import { DATABASE, FORMER_CONNECT_ROLE, type Meaning, namesOf, PROD } from "../infra/names";
import { RDS_IAM } from "../infra/people/access";
import { appRows } from "./app-rows";
import {
  databaseRows,
  isMakerOf,
  isSameSide,
  type Scope,
  sideOfSchema,
  sidesOfRole,
  visitorOfRole,
} from "./own";
import { NOTHING, type Relation, relationsIn } from "./relations";
import { isOfTokensByOther } from "./tokens";

/** Whether a right reaches past every schema: an attribute of a role, or a role that Postgres or RDS defines. */
const isPower = ({ kind, name }: Relation) =>
  kind === "server" || (kind === "role" && typeof name === "string" && /^(pg|rds)_/.test(name));

/**
 * Whether a right reaches nothing: that of the former group of logins, to connect, and `rds_iam` of somebody in prod who
 * reads, whose role is the master's. Whoever makes a role is a member of it, and RDS refuses the password of each member
 * of `rds_iam`, directly or not: given to any role that a deployer makes, it would let no deploy in any more.
 */
function isHarmless({ who, kind, name, isGrantable }: Relation, { provider, ...scope }: DeclaredResource) {
  if (kind !== "role" || isGrantable) return false;
  if (name === FORMER_CONNECT_ROLE) return true;
  const isOfMaster = scope.stack === PROD && provider === MASTER_PROVIDER;
  return (
    name === RDS_IAM && isOfMaster && typeof who === "string" && visitorOfRole(who, scope)?.stack === PROD
  );
}

/** Whether it is what a person or a tool of the stack has: the readers of its own environment, and a way in. */
function isVisitors({ who, right, kind, name, isGrantable }: Relation, scope: Scope): boolean {
  const visitor = typeof who === "string" ? visitorOfRole(who, scope) : undefined;
  if (visitor === undefined || visitor.stack !== scope.stack || isGrantable) return false;
  if (kind === "database") return name === DATABASE && (right === "CONNECT" || right === NOTHING);
  if (right === "assumeRole") return name === who;
  if (right !== "membership" || typeof name !== "string") return false;
  return sidesOfRole(name, scope).some(
    ({ app, environment }) =>
      environment === visitor.environment && namesOf(app, environment).reader === name,
  );
}

const keyOf = ({ who, right, kind, name, isGrantable }: Relation) =>
  who === UNKNOWN || name === UNKNOWN ? undefined : JSON.stringify([who, right, kind, name, isGrantable]);

/** Whether the rows of the whole database give the same, which are prod's to declare. */
function isDeclared(relation: Relation, sides: readonly Meaning[], stack: string): boolean {
  const key = keyOf(relation);
  if (stack !== PROD || key === undefined) return false;
  return databaseRows(sides)
    .flatMap(relationsIn)
    .some((one) => keyOf(one) === key);
}

/** Kinds of objects that a privilege of a wider kind reaches, too. */
const WIDER: Readonly<Record<string, string>> = {
  column: "table",
  function: "routine",
  procedure: "routine",
};

const ofKind = (relation: Relation): Relation => ({
  ...relation,
  kind: WIDER[relation.kind] ?? relation.kind,
});

/** Apps and environments that a role, or what a right is on, may be of. */
function sidesOf({ kind, name }: Pick<Relation, "kind" | "name">, scope: Scope): Meaning[] {
  if (name === UNKNOWN || kind === "database" || kind === "server") return [];
  if (kind === "role" || kind === "later objects of") return sidesOfRole(name, scope);
  const side = sideOfSchema(name, scope);
  return side === undefined ? [] : [side];
}

/** Whether a right stays inside one app in one environment of the stack. */
function isInside(
  relation: Relation,
  holders: readonly Meaning[],
  places: readonly Meaning[],
  type: string,
): boolean {
  const { who, right, kind, name, isGrantable } = relation;
  if (isGrantable || holders.length === 0) return false;
  // A revoke may name two apps: it mends what one of them had of the other one.
  if (right === NOTHING) return kind === "database" || places.length > 0;
  if (kind === "database") return name === DATABASE && right === "CONNECT";
  const shared = holders.filter((holder) => places.some((place) => isSameSide(holder, place)));
  // As whom a role acts is for role-form.ts to hold. What is the app's own, its owner may give itself anyhow; what its
  // reader may do there, the matrix says.
  const isOfGroup = shared.some(({ app, environment }) => {
    const { owner, reader } = namesOf(app, environment);
    return who === owner || who === reader;
  });
  if (right === "assumeRole" || (isOfGroup && right !== "membership")) return shared.length > 0;
  // Migrations are apart from what the app runs as: what leads from the one to the other is no less of a crossing.
  const key = keyOf(ofKind(relation));
  return shared.some((side) =>
    appRows(side).some(
      (row) =>
        row.type === type &&
        (row.inputs.role ?? row.inputs.name) === who &&
        relationsIn(row).some((one) => keyOf(ofKind(one)) === key),
    ),
  );
}

/**
 * Whether a deployer is a member of what it deploys. Postgres makes it one of each role that it makes, a refresh takes that
 * into the state, and from there it stands among the inputs of the deployer's role, whose memberships no deploy changes.
 */
function isMaker({ who, right, name, isGrantable }: Relation, scope: Scope): boolean {
  const isMembership = right === "membership" && !isGrantable && typeof name === "string";
  return scope.stack === PROD && isMembership && isMakerOf(who, name, scope);
}

/** Whether a right is an app's own, or one that the rows declare. */
function isOwn(relation: Relation, scope: DeclaredResource): boolean {
  const { who, right } = relation;
  if (isHarmless(relation, scope)) return true;
  const holders = sidesOf({ kind: "role", name: who }, scope);
  const places = sidesOf(relation, scope);
  const ofStack = (sides: readonly Meaning[]) => sides.filter(({ stack }) => stack === scope.stack);
  // What everybody has is prod's to take; another stack takes it of its own schemas.
  if (who === PUBLIC && right === NOTHING) return scope.stack === PROD || ofStack(places).length > 0;
  return (
    isInside(relation, ofStack(holders), ofStack(places), scope.type) ||
    isMaker(relation, scope) ||
    isVisitors(relation, scope) ||
    isDeclared(relation, [...holders, ...places], scope.stack)
  );
}

const CROSSINGS = new WeakMap<DeclaredResource, readonly Relation[]>();

/** What of a resource is not an app's own; several rules ask. */
function crossings(resource: DeclaredResource): readonly Relation[] {
  const known = CROSSINGS.get(resource);
  if (known !== undefined) return known;
  const found = relationsIn(resource).filter((relation) => !isOwn(relation, resource));
  CROSSINGS.set(resource, found);
  return found;
}

/** What a right is on, and whose that is. */
function whatOf({ kind, name }: Relation, scope: Scope): string {
  if (name === UNKNOWN) return `a ${kind} that is known at deploy alone`;
  const [side] = sidesOf({ kind, name }, scope);
  const whose = side === undefined ? "no app's own" : `${side.app}'s in ${side.environment}`;
  const isNamed = ["role", "database", "schema"].includes(kind) || kind.startsWith("later");
  return `the ${isNamed ? kind : `${kind} in`} ${name}, which is ${whose}`;
}

/** A role is a member of its own app's roles alone, and a right on a schema, its objects or the database is its own app's. */
export function crossingProblem(resource: DeclaredResource): string | undefined {
  const found = crossings(resource)
    .filter((relation) => relation.who !== PUBLIC && !isPower(relation))
    .map((relation) => {
      const { who, right, isGrantable } = relation;
      const option = isGrantable ? " with the right to pass it on" : "";
      const whom = who === UNKNOWN ? "a role that is known at deploy alone" : who;
      return `${whom} ${right}${option} ${relation.kind === "role" ? "in" : "on"} ${whatOf(relation, resource)}`;
    });
  if (found.length === 0) return undefined;
  return `gives ${[...new Set(found)].join("; ")}: give a role what is its own app's, or declare it in access.ts`;
}

/** PUBLIC is every role there is, and every one to come: it has what the database's rows give it, and nothing else. */
export function publicProblem(resource: DeclaredResource): string | undefined {
  const rights = crossings(resource).filter(({ who }) => who === PUBLIC);
  if (rights.length === 0) return undefined;
  if (rights.every(({ right }) => right === NOTHING))
    return "takes from PUBLIC, which is every role, what another stack declares: leave it out";
  const list = [...new Set(rights.map(({ right }) => right))].join(", ");
  return `grants ${list} to PUBLIC, which is every role: grant to a role of the app`;
}

/** No role can make itself more than it is, but for the deployers that the rows declare. */
export function powerProblem(resource: DeclaredResource): string | undefined {
  const found = crossings(resource)
    .filter(isPower)
    .map(({ kind, right, name }) => {
      if (kind === "server") return right;
      return right === "membership" ? `membership in ${String(name)}` : `the role ${String(name)}`;
    });
  const isShutOut = isOfTokensByOther(resource);
  if (found.length === 0 && !isShutOut) return undefined;
  if (found.every((one) => one === `membership in ${RDS_IAM}`))
    return `is a member of ${RDS_IAM}, by which RDS refuses the password of whoever deploys: set iam to true of a person or a tool of prod`;
  return `has ${found.join(", ")}, which reaches past its schema: take it away`;
}

/** A function runs as its caller, in a schema of the stack's own: its owner is whoever deploys. */
export function functionProblem(resource: DeclaredResource): string | undefined {
  const { inputs } = resource;
  const problems: string[] = [];
  const definer = inputOf(inputs, "securityDefiner");
  if (definer !== undefined && definer !== false && definer !== "false")
    problems.push("runs as its owner, who deploys: leave securityDefiner out");
  const schema = inputOf(inputs, "schema");
  const side = typeof schema === "string" ? sideOfSchema(schema, resource) : undefined;
  if (side?.stack !== resource.stack || (textOf(inputs, "database") ?? DATABASE) !== DATABASE)
    problems.push(`stands in ${whereOf(schema)}, which is no app's own in stack ${resource.stack}: move it`);
  return problems.length === 0 ? undefined : problems.join("; ");
}

function whereOf(schema: unknown): string {
  if (schema === UNKNOWN) return "a schema that is known at deploy alone";
  return `the schema ${schema === undefined ? "public" : String(schema)}`;
}
