import { isDeepStrictEqual } from "node:util";
import { type DeclaredResource, inputOf, isOn, textOf, textsOf, UNKNOWN } from "../access/declared-resource";
import { FORMER_CONNECT_ROLE, namesOf } from "../infra/names";
import type { RightsRow } from "../infra/rights";
import { appRows } from "./app-rows";
import { DATABASE_ROLES, databaseRows, type Scope, sidesOfRole, visitorOfRole } from "./own";

type Inputs = Readonly<Record<string, unknown>>;

/** Inputs that say as whom a role's sessions act and where they look, with what the provider takes for one left out. */
const FORM: Inputs = { login: false, inherit: true, assumeRole: "", searchPaths: [] };

const SWITCHES: Readonly<Record<string, unknown>> = { true: true, false: false };

function formOf(inputs: Inputs): [key: string, value: unknown][] {
  return Object.entries(FORM).map(([key, byDefault]) => {
    const value = inputOf(inputs, key) ?? byDefault;
    return [key, typeof value === "string" ? (SWITCHES[value] ?? value) : value];
  });
}

/** What the rows declare for a role of a name. A login may be taken over: the rule cannot see whether it existed. */
function declaredFor(name: string, scope: Scope): RightsRow["inputs"][] {
  const rows = DATABASE_ROLES.has(name) ? databaseRows() : sidesOfRole(name, scope).flatMap(appRows);
  return rows
    .filter(({ type, inputs }) => type === "postgresql:index/role:Role" && inputs.name === name)
    .map(({ inputs }) => inputs);
}

/**
 * Whether a role is a login as an earlier version declared it, which left `inherit` to the provider. A state of that
 * version cannot be told from one made up in its form; what is switched on later blocks by CLASSES.
 */
function isFormer(inputs: Inputs): boolean {
  const isLeftOut =
    inputOf(inputs, "inherit") === undefined || textsOf(inputs, "__defaults").includes("inherit");
  return isLeftOut && textsOf(inputs, "roles").includes(FORMER_CONNECT_ROLE);
}

const shown = (value: unknown): string => {
  if (value === UNKNOWN) return "what is known at deploy alone";
  const text = Array.isArray(value) ? value.map(shown).join(", ") : String(value);
  return text === "" ? "none" : text;
};

/** A login that acts as a runtime is a member of that alone: by another one it could act as more. */
function moreThanRuntime(inputs: Inputs): string | undefined {
  const acted = textOf(inputs, "assumeRole");
  if (acted === undefined || !RUNTIME.test(acted)) return undefined;
  const more = textsOf(inputs, "roles").filter((role) => role !== acted);
  return more.length === 0
    ? undefined
    : `acts as ${acted} and is a member of ${more.join(", ")}, too: leave out what it shall not act as`;
}

const RUNTIME = new RegExp(`^${namesOf("(.+)", "(.+)").runtime}$`);

/** A role acts as the rows declare for its name: what keeps one app out of another rests on it. */
export function roleFormProblem(resource: DeclaredResource): string | undefined {
  const { inputs } = resource;
  const name = textOf(inputs, "name");
  // A name that is not known, or nobody's, is for names.ts to find.
  const forms = name === undefined ? [] : declaredFor(name, resource).map(formOf);
  if (name !== undefined && visitorOfRole(name, resource) !== undefined)
    // Whose schemas it may look in is for names.ts to say.
    forms.push(formOf({ login: true, assumeRole: name, searchPaths: inputOf(inputs, "searchPaths") ?? [] }));
  const [usual] = forms;
  if (usual === undefined) return undefined;
  // A login that cannot log in is an outage, which crosses nothing: login-can-connect finds it.
  const held = isOn(usual.find(([key]) => key === "login")?.[1]) ? { ...inputs, login: true } : inputs;
  const form = formOf(isFormer(inputs) ? { ...held, inherit: false } : held);
  if (forms.some((one) => isDeepStrictEqual(one, form))) return moreThanRuntime(inputs);
  const wanted = new Map(usual);
  const differences = form
    .filter(([key, value]) => !isDeepStrictEqual(value, wanted.get(key)))
    .map(([key, value]) => `${key} ${shown(value)} instead of ${shown(wanted.get(key))}`);
  return `has ${differences.join("; ")}: declare it as access.ts does`;
}
