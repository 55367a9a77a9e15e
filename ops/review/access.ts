import { isPartlyUnknown, textOf, textsOf } from "../../access/declared-resource";
import { accessFacts, isAccessType } from "../../access/facts";
import { type AccessRow, accessMatrix, accessRows } from "../../access/matrix";
import { ADMIN, DEV_ADMIN, type Environments } from "../../infra/names";
import { isMakerOf, type Scope } from "../../policy/own";
import { assumedResources } from "./assumed";
import type { AccessChange, GrantedRight } from "./finding";
import { matrixChanges, movesOf, type Renames } from "./matrix-changes";
import type { Preview } from "./preview";
import type { PreviewedResource, ResourceState } from "./resource";

const ROLE = "postgresql:index/role:Role";
const SCHEMA = "postgresql:index/schema:Schema";

/** What one resource does to the rights of a role. */
export interface AccessEffect {
  readonly role: string;
  /** Schema that it is about; undefined for memberships and the database. */
  readonly schema: string | undefined;
  readonly added: readonly GrantedRight[];
  readonly removed: readonly GrantedRight[];
  /** Whether something that decides whom it gives what is not known yet. */
  readonly isUnknown: boolean;
}

/** What a change does to access: of every resource, and of all of them together. It is read here, once. */
export interface ChangedAccess {
  /** Grants, memberships, default privileges and roles, by URN. */
  readonly effects: ReadonlyMap<string, AccessEffect>;
  /** The access matrix, before and after. */
  readonly rows: readonly AccessRow[];
  /** Who may do more or less than before on what was there before. */
  readonly changes: readonly AccessChange[];
  /** Logins that act as their app's runtime and did as its owner, or the other way round. */
  readonly moved: ReadonlySet<string>;
  /** Roles and schemas that the change makes, by name. */
  readonly made: ReadonlySet<string>;
  /** Roles and schemas that it drops. */
  readonly gone: ReadonlySet<string>;
  /** Roles that may log in after the change. */
  readonly logins: ReadonlySet<string>;
  /** Stack that the change is of, whose environments its names are read with. */
  readonly stack: string;
  /** How many resources the preview does not show were taken from the stack's settings. */
  readonly assumed: number;
}

const nameIn = (state: ResourceState | undefined) => textOf(state?.inputs ?? {}, "name");

function renamesOf(resources: readonly PreviewedResource[]): Renames {
  const of = (type: string) => {
    const names = new Map<string, string>();
    for (const { before, after } of resources.filter((one) => one.type === type && one.op === "update")) {
      const [old, now] = [nameIn(before), nameIn(after)];
      if (old !== undefined && now !== undefined && old !== now) names.set(old, now);
    }
    return names;
  };
  return { roles: of(ROLE), schemas: of(SCHEMA) };
}

/** What of an access resource decides whom it gives what. */
const DECIDING_KEYS = [
  ...["role", "roles", "grantRole", "owner", "schema", "database", "objectType", "privileges", "objects"],
  ...["columns", "name"],
];

/** A role's rights as one state of a resource gives them. */
interface GivenRights {
  readonly role: string;
  readonly schema: string | undefined;
  readonly rights: readonly GrantedRight[];
}

/** What a state gives; names that the change renames stand in their new form, so that both sides compare. */
function givenBy(type: string, { inputs }: ResourceState, { roles, schemas }: Renames): GivenRights {
  const newRole = (name: string) => roles.get(name) ?? name;
  const isRole = type === ROLE;
  const role = newRole(textOf(inputs, isRole ? "name" : "role") ?? "");
  if (isRole || type === "postgresql:index/grantRole:GrantRole") {
    const groups = new Set(textsOf(inputs, isRole ? "roles" : "grantRole").map(newRole));
    return { role, schema: undefined, rights: [...groups].map((group) => ({ group })) };
  }
  const named = textOf(inputs, "schema");
  const schema = named === undefined ? undefined : (schemas.get(named) ?? named);
  const owner = textOf(inputs, "owner");
  const rights = textsOf(inputs, "privileges").map((privilege) => ({
    privilege: privilege.toUpperCase(),
    objectType: textOf(inputs, "objectType"),
    place: schema ?? textOf(inputs, "database"),
    objects: [...textsOf(inputs, "objects"), ...textsOf(inputs, "columns")],
    madeBy: owner === undefined ? undefined : newRole(owner),
    grantable: inputs.withGrantOption === true,
  }));
  return { role, schema, rights };
}

/** Tells the members of a list that another list does not have. */
function without(rights: readonly GrantedRight[], others: readonly GrantedRight[]): GrantedRight[] {
  const known = new Set(others.map((right) => JSON.stringify(right)));
  return rights.filter((right) => !known.has(JSON.stringify(right)));
}

/** What a grant, a membership, default privileges or a role's own memberships add and take; undefined for other types. */
function effectOf(
  { type, before, after, op }: PreviewedResource,
  renames: Renames,
): AccessEffect | undefined {
  if (!isAccessType(type) || type === SCHEMA) return undefined;
  const left = op === "delete" ? undefined : after;
  const had = before && givenBy(type, before, renames);
  const has = left && givenBy(type, left, renames);
  const { role, schema } = has ?? had ?? {};
  if (role === undefined) return undefined;
  const isSameRole = had === undefined || has === undefined || had.role === has.role;
  const [old, now] = [had?.rights ?? [], has?.rights ?? []];
  return {
    role,
    schema: schema ?? had?.schema,
    added: isSameRole ? without(now, old) : now,
    removed: isSameRole ? without(old, now) : old,
    isUnknown: DECIDING_KEYS.some((key) => isPartlyUnknown(left?.inputs ?? {}, key)),
  };
}

/** Names of the roles and schemas that the change makes or drops. */
function namesThat(op: "create" | "delete", resources: readonly PreviewedResource[]): Set<string> {
  const found = resources
    .filter((resource) => [ROLE, SCHEMA].includes(resource.type) && resource.op === op)
    .map(({ before, after }) => nameIn(op === "create" ? after : before));
  return new Set(found.filter((name) => name !== undefined));
}

/** A state as it decides access: a deployer that a refresh found to be a member of what it made has none of its rights. */
function decidingState(type: string, state: ResourceState, scope: Scope): ResourceState {
  const { inputs } = state;
  const name = textOf(inputs, "name");
  if (type !== ROLE || (name !== ADMIN && name !== DEV_ADMIN) || !Array.isArray(inputs.roles)) return state;
  const roles = inputs.roles.filter((role) => typeof role !== "string" || !isMakerOf(name, role, scope));
  return { ...state, inputs: { ...inputs, roles } };
}

/** Reads what a preview does to access. @param environments which there are, and whose: names are read with them */
export function changedAccess(preview: Preview, environments: Environments): ChangedAccess {
  const { stack } = preview;
  const scope = { stack, environments };
  const resources = preview.resources.map((one) => ({
    ...one,
    before: one.before && decidingState(one.type, one.before, scope),
    after: one.after && decidingState(one.type, one.after, scope),
  }));
  const renames = renamesOf(resources);
  const assumed = assumedResources(preview);
  const side = (which: "before" | "after") => [
    ...assumed,
    ...resources.flatMap((resource) => {
      const state = which === "after" && resource.op === "delete" ? undefined : resource[which];
      return state === undefined ? [] : [{ type: resource.type, inputs: state.inputs }];
    }),
  ];
  const effects = new Map<string, AccessEffect>();
  for (const resource of resources) {
    const effect = effectOf(resource, renames);
    if (effect !== undefined) effects.set(resource.urn, effect);
  }
  const [before, after] = [side("before"), side("after")];
  const context = {
    rows: accessRows(accessMatrix(before), accessMatrix(after)),
    logins: accessFacts(after).logins,
    stack,
    made: namesThat("create", resources),
    gone: namesThat("delete", resources),
  };
  const moves = movesOf(before, after);
  const changes = matrixChanges(context, renames, moves);
  const moved = new Set(moves.map(({ login }) => login));
  return { ...context, effects, changes, moved, assumed: assumed.length };
}
