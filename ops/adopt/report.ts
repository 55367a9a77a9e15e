import {
  ADMIN,
  DEV_ADMIN,
  deployerRoleOf,
  EXTENSIONS_SCHEMA,
  FORMER_CONNECT_ROLE,
  rolesOf,
} from "../../infra/names";
import type { Declared } from "./declared";
import type { AdoptionPlan } from "./plan";
import { type FoundRole, foundPairs, isDeployed, loginsOf, pendingOf, type Survey } from "./survey";

/** A part of the report. */
interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Everything that a person should read before saying yes. */
export function adoptionReport(declared: Declared, survey: Survey, plan: AdoptionPlan): Section[] {
  return [
    { title: `Found in ${survey.database}`, lines: foundLines(declared, survey) },
    { title: "The stacks import", lines: importLines(declared, survey) },
    { title: "Config to set before the deploy of prod", lines: configLines(declared, survey) },
    { title: "Access that changes", lines: changeLines(declared, survey, plan) },
    { title: "Access that stays, and that nothing declares", lines: keptLines(declared, survey) },
    { title: "In the way", lines: plan.problems },
  ].filter(({ lines }) => lines.length > 0);
}

function foundLines(declared: Declared, survey: Survey): string[] {
  return survey.schemas
    .filter(({ name }) => name !== EXTENSIONS_SCHEMA)
    .map(({ name, owner, objects }) => {
      const one = declared.schemas.find(({ names }) => names.schema === name);
      const owners = new Map<string, number>();
      for (const object of objects) owners.set(object.owner, (owners.get(object.owner) ?? 0) + 1);
      const shares = [...owners].map(([role, count]) => `${count} of ${role}`).join(", ");
      const tables = objects.filter(({ kind }) => kind === "table").length;
      const whose =
        one === undefined
          ? "declared by no stack, left alone"
          : `stack ${one.stack}${isDeployed(one, survey) ? "" : ", not deployed yet"}`;
      return `${name}: owner ${owner}, ${plural(tables, "table")}, ${plural(objects.length, "object")}${shares && ` (${shares})`}; ${whose}`;
    });
}

function importLines(declared: Declared, survey: Survey): string[] {
  const pending = pendingOf(declared, survey);
  const logins = loginsOf(declared, survey);
  const roles = pending
    .filter(({ names }) => logins.includes(names.login))
    .map(({ stack, names }) => `${stack}: the role ${names.login}, as ${names.component}-login`);
  const schemas = pending
    .filter(({ names }) => survey.schemas.some(({ name }) => name === names.schema))
    .map(({ stack, names }) => `${stack}: the schema ${names.schema}, taken as it is when it is "created"`);
  const isFirst = declared.instance !== undefined && pending.some(({ stack }) => stack === "prod");
  return [...(isFirst ? [`prod: the instance ${declared.instance}`] : []), ...roles, ...schemas];
}

function configLines(declared: Declared, survey: Survey): string[] {
  const logins = loginsOf(declared, survey);
  const passwords = pendingOf(declared, survey)
    .filter(({ names }) => logins.includes(names.login))
    .map(
      ({ stack, names }) =>
        `npx pulumi config set --stack ${stack} --secret --path 'portal-db:adoptedLogins.${names.schema}'   # the present password of ${names.login}`,
    );
  const apps = survey.schemas
    .filter(({ name }) => !declared.schemas.some(({ names }) => names.schema === name))
    .flatMap(({ name }) => {
      const meaning = declared.environments.lastingMeaningOf(name);
      return meaning === undefined
        ? []
        : [
            `Pulumi.${meaning.stack}.yaml, under portal-db:apps, if ${name} is an app's:   ${meaning.app}: {}`,
          ];
    });
  const absent = declared.adopted
    .filter(({ names }) => !survey.roles.some(({ name }) => name === names.login))
    .map(
      ({ stack, names }) =>
        `Pulumi.${stack}.yaml: take out adoptedLogins.${names.schema}: there is no login ${names.login}`,
    );
  return [...passwords, ...apps, ...absent];
}

/** `1 table`, `2 tables`. */
function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** What the deploy and the hand-over do to people's and programs' rights. */
function changeLines(declared: Declared, survey: Survey, plan: AdoptionPlan): string[] {
  const lines: string[] = [];
  const logins = loginsOf(declared, survey);
  const pairs = foundPairs(declared, survey);
  // Who is declared as adopted has CONNECT of its own before everybody's goes.
  const adopted = declared.adopted.map(({ names }) => names.login);
  const strangers = survey.roles.filter(
    (role) =>
      role.login &&
      !role.superuser &&
      !role.connects &&
      ![survey.master, ADMIN, DEV_ADMIN, ...adopted].includes(role.name),
  );
  const shutOut = (roles: readonly FoundRole[]) =>
    roles.length === 0 ? "" : `; shut out: ${roles.map(({ name }) => name).join(", ")}`;
  if (survey.publicOnDatabase.includes("CONNECT"))
    lines.push(`deploy: nobody connects any more by merely existing${shutOut(strangers)}`);
  const members = strangers.filter(
    (role) => role.memberOf.includes(FORMER_CONNECT_ROLE) && !logins.includes(role.name),
  );
  if (members.length > 0)
    lines.push(`deploy: nobody connects any more through ${FORMER_CONNECT_ROLE}${shutOut(members)}`);
  if (survey.publicOnDatabase.includes("TEMPORARY"))
    lines.push("deploy: nobody makes temporary tables any more");
  if (survey.publicCreates) lines.push("deploy: nobody creates in the schema public any more");
  for (const { declared: one, found } of pairs) {
    const { names } = one;
    const { schema, owner, login } = names;
    const deployer = deployerRoleOf(one.stack);
    if (found.owner !== deployer)
      lines.push(
        `hand-over: ${schema} belongs to ${deployer}; ${found.owner} can no longer drop or rename it`,
      );
    const strange = found.objects.filter((object) => object.owner !== owner);
    if (strange.length > 0)
      lines.push(
        `hand-over: ${plural(strange.length, "object")} in ${schema} belong${strange.length === 1 ? "s" : ""} to ${owner}`,
      );
    const losers = new Set(
      [found.owner, ...strange.map((object) => object.owner)].filter(
        (role) => ![...rolesOf(names), survey.master, deployer].includes(role),
      ),
    );
    for (const role of losers)
      lines.push(
        `hand-over: ${role} can no longer use ${schema}: take the URL from the secret ${names.secret}`,
      );
    const role = survey.roles.find(({ name }) => name === login);
    if (role === undefined || isDeployed(one, survey)) continue;
    lines.push(
      `deploy: ${login} gets a connection limit and the search path ${schema}, and keeps its password; after the hand-over its new sessions act as ${owner}`,
    );
    if (role.memberOf.length > 0)
      lines.push(`before the deploy: ${login} is no longer a member of ${role.memberOf.join(", ")}`);
    if (role.createrole || role.createdb)
      lines.push(
        `before the deploy: ${login} loses ${[role.createrole && "CREATEROLE", role.createdb && "CREATEDB"].filter(Boolean).join(", ")}`,
      );
  }
  for (const grant of grantsOf(declared, survey)) {
    const where = `${grant.privileges} on ${plural(grant.objects, grant.on)} of ${grant.schema}`;
    if (logins.includes(grant.grantee) && !grant.on.startsWith("future"))
      lines.push(`hand-over: ${grant.grantee} loses ${where}`);
    if (grant.grantee === "public" && grant.on === "schema")
      lines.push(`hand-over: everybody loses ${where}`);
    if (grant.on.startsWith("future"))
      lines.push(
        `hand-over: ${grant.grantee} gets no more ${grant.privileges} on new things of ${grant.schema}: they belong to its owner`,
      );
  }
  return plan.sql.length + plan.later.length === 0 ? [] : lines;
}

function grantsOf(declared: Declared, survey: Survey) {
  const own = new Set(declared.schemas.flatMap(({ names }) => [names.owner, names.reader, names.runtime]));
  const schemas = new Set(declared.schemas.map(({ names }) => names.schema));
  return survey.grants.filter(
    ({ schema, grantee }) => schemas.has(schema) && !own.has(grantee) && grantee !== survey.master,
  );
}

/** Rights that outlive the adoption, though no stack knows of them. */
function keptLines(declared: Declared, survey: Survey): string[] {
  const logins = loginsOf(declared, survey);
  const inPublic = survey.grants.filter(({ schema }) => schema === "public");
  const kept = grantsOf(declared, survey).filter(
    ({ grantee, on }) =>
      !logins.includes(grantee) && !(grantee === "public" && on === "schema") && !on.startsWith("future"),
  );
  return [...kept, ...inPublic].map(({ schema, grantee, on, privileges, objects }) => {
    const who = grantee === "public" ? "everybody" : grantee;
    return `${who}: ${privileges} on ${plural(objects, on)} of ${schema}`;
  });
}
