import { EXTENSIONS_SCHEMA } from "../../infra/names";
import { changeLines, keptLines, plural } from "./changes";
import { type Declared, meaningOf } from "./declared";
import { isDeployed, loginsOf, pendingOf } from "./found";
import type { AdoptionPlan } from "./plan";
import type { Survey } from "./survey";

/** A part of the report. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Everything that a person should read before saying yes. */
export function reportOf(declared: Declared, survey: Survey, plan: AdoptionPlan): Section[] {
  return [
    { title: `Found in ${survey.database}`, lines: foundLines(declared, survey) },
    { title: "The stacks import", lines: importLines(declared, survey) },
    { title: "Config to set before the deploy", lines: configLines(declared, survey) },
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
      const meaning = meaningOf(name);
      return meaning === undefined
        ? []
        : [
            `Pulumi.${meaning.stack}.yaml, under portal-db:apps, if ${name} is an app's:   ${meaning.app}: {}`,
          ];
    });
  return [...passwords, ...apps];
}
