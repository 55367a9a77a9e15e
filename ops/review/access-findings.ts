import { PUBLIC, roleName } from "../../access/facts";
import type { Right } from "../../access/matrix";
import { type Environments, namesOf, PROD } from "../../infra/names";
import { DATABASE_SCHEMAS, sidesOfRole, visitorOfRole } from "../../policy/own";
import { NOTHING, relationsIn } from "../../policy/relations";
import type { ChangedAccess } from "./access";
import type { AccessChange, Cause, GrantedRight, Judgement, Risk } from "./finding";
import type { PreviewedResource } from "./resource";
import { say } from "./sentence";

/** Class of what ends an app's work: prod's is as bad as dropping its login. */
export function outageIn(stack: string): Risk {
  return stack === PROD ? "blocks" : "interrupts";
}

const RISK_BY_DIRECTION = {
  gains: "widens access",
  loses: "narrows access",
  neither: "safe",
  unknown: "widens access",
} as const;

/**
 * Whether rights that go are those that an app works with: its own on its own schema, its membership in its owner, its way
 * into the database, or what everybody has of the schemas that belong to nobody. A reader's are not.
 */
function isOutage(
  {
    role,
    schema,
    rights,
  }: { role: string; schema?: string | undefined; rights: readonly (Right | GrantedRight)[] },
  { logins, stack }: ChangedAccess,
  environments: Environments,
): boolean {
  const scope = { stack, environments };
  if (roleName(role) === PUBLIC)
    return (
      schema !== undefined &&
      (schema === "public" || DATABASE_SCHEMAS.has(schema)) &&
      !rights.includes("create")
    );
  if (rights.includes("connect") && logins.has(role)) return true;
  const names = sidesOfRole(role, scope)
    .map(({ app, environment }) => namesOf(app, environment))
    .filter(({ reader }) => reader !== role);
  return names.some((own) =>
    rights.some((right) =>
      typeof right === "object" && "group" in right ? right.group === own.owner : schema === own.schema,
    ),
  );
}

/** Whether a grant that takes everything from a role goes, or is of something else. What it took stays taken until somebody gives it. */
function isRevokeOver({ type, op, before, after }: PreviewedResource): boolean {
  const takenIn = (state: PreviewedResource["before"]) =>
    (state === undefined ? [] : relationsIn({ type, inputs: state.inputs }))
      .filter(({ right }) => right === NOTHING)
      .map(({ who, kind, name }) => `${String(who)} ${kind} ${String(name)}`);
  const left = op === "delete" ? [] : takenIn(after);
  return type === GRANT && takenIn(before).some((one) => !left.includes(one));
}

const GRANT = "postgresql:index/grant:Grant";

/** What an access resource's change means; being part of a new or a dropped role or schema is safe by itself. */
export function accessOfResource(
  resource: PreviewedResource,
  access: ChangedAccess,
  environments: Environments,
): Cause & { readonly risk: Risk } {
  const { effects, made, gone, stack } = access;
  const effect = effects.get(resource.urn);
  const { role, schema, added = [], removed = [] } = effect ?? {};
  const isIn = (names: ReadonlySet<string>, name: string | undefined) =>
    name !== undefined && names.has(name);
  const isNew = (right: GrantedRight) => !("group" in right) || made.has(right.group);
  const isPartOfNew = isIn(made, role) && (schema === undefined ? added.every(isNew) : made.has(schema));
  const isPartOfGone = isIn(gone, role) || isIn(gone, schema);
  const is = (direction: keyof typeof RISK_BY_DIRECTION, rights = added) => ({
    kind: "access of a resource" as const,
    risk: RISK_BY_DIRECTION[direction],
    role,
    schema,
    direction,
    rights,
  });
  if (effect === undefined || effect.isUnknown) return is("unknown", []);
  const groups = (rights: readonly GrantedRight[]) =>
    rights.map((one) => ("group" in one ? one.group : undefined));
  const isNarrowed = sidesOfRole(effect.role, { stack, environments })
    .map((side) => namesOf(side.app, side.environment))
    .some(
      ({ owner, runtime }) =>
        groups(removed).includes(owner) && groups(added).every((one) => one === runtime) && added.length > 0,
    );
  // The app's own, less than before: what it does keeps working, and its migrations have a login of their own.
  if (isNarrowed) return is("loses", removed);
  if (added.length > 0 && !isPartOfNew) return is("gains");
  if (removed.length > 0 && !isPartOfGone) {
    const isEnd = isOutage({ role: effect.role, schema, rights: removed }, access, environments);
    return isEnd ? { ...is("loses", removed), risk: outageIn(stack) } : is("loses", removed);
  }
  const isMean = (risk: Risk, meaning: string) => ({ kind: "table" as const, risk, meaning, changes: [] });
  if (isRevokeOver(resource) && !isPartOfGone)
    return isMean(
      "widens access",
      "holds nothing back any more: what somebody gives there by hand stays, and no deploy takes it",
    );
  const isOfVisitor = visitorOfRole(effect.role, { stack, environments }) !== undefined;
  if (resource.op === "replace" && !isOfVisitor)
    return isMean(
      "interrupts",
      "is replaced: what it gives is taken, and given again, unless the old one goes last",
    );
  return is("neither", []);
}

/** What the matrix says, at the role's own resource where the preview changes it; without a URN where it has none. */
export function accessOfMatrix(
  access: ChangedAccess,
  resources: readonly PreviewedResource[],
  environments: Environments,
): Judgement[] {
  const { changes, effects, moved, stack } = access;
  const urnByRole = new Map<string, string>();
  for (const { urn, type } of resources) {
    const role = effects.get(urn)?.role;
    if (role === undefined || (urnByRole.has(role) && type !== "postgresql:index/role:Role")) continue;
    urnByRole.set(roleName(role), urn);
  }
  // What an app may not do any more as its runtime, its migrations may.
  const isKept = ({ role, rights }: AccessChange) =>
    moved.has(role) && rights.every((right) => right === "create" || right === "own");
  const several = readersOfSeveral(access, environments).map(({ role, schemas }) => ({
    kind: "reads several" as const,
    ...{ role, schemas, risk: RISK_BY_DIRECTION.gains, what: role },
    subject: say`${role}`,
    urn: urnByRole.get(role) ?? "",
  }));
  const ofChanges = changes.map((change) => ({
    kind: "access matrix" as const,
    ...change,
    risk:
      change.direction === "loses" && !isKept(change) && isOutage(change, access, environments)
        ? outageIn(stack)
        : RISK_BY_DIRECTION[change.direction],
    what: change.role,
    subject: say`${change.role}`,
    urn: urnByRole.get(change.role) ?? "",
  }));
  return [...ofChanges, ...several];
}

/**
 * Whoever reads more than one app after the change, and one that it did not read before. Views and functions run as
 * their caller: by whom they have in common, an app's code gets at another app's data.
 */
function readersOfSeveral({ rows, stack }: ChangedAccess, environments: Environments) {
  const found = new Map<string, { schemas: string[]; isMore: boolean }>();
  for (const { role, schema, before, after } of rows) {
    if (!after.includes("read") || visitorOfRole(role, { stack, environments }) === undefined) continue;
    const known = found.get(role) ?? { schemas: [], isMore: false };
    known.schemas.push(schema);
    known.isMore ||= !before.includes("read");
    found.set(role, known);
  }
  return [...found]
    .filter(([, { schemas, isMore }]) => isMore && schemas.length > 1)
    .map(([role, { schemas }]) => ({ role, schemas: schemas.sort() }));
}

/**
 * Tells the findings that the matrix says better: a grant's own line, where its role gains or loses in the same
 * direction on the same schema; of a membership, on any. Both would say one change twice.
 */
export function echoesOf(changes: ChangedAccess["changes"]): (judgement: Judgement) => boolean {
  return (one) =>
    one.kind === "access of a resource" &&
    one.role !== undefined &&
    changes.some(
      ({ role, direction, schema }) =>
        role === roleName(one.role ?? "") &&
        direction === one.direction &&
        (one.schema === undefined || one.schema === schema),
    );
}
