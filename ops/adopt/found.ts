import type { DeclaredSchema } from "../app/declared-schemas";
import type { Declared } from "./declared";
import type { FoundSchema, Survey } from "./survey";

/** A declared schema that exists. */
export interface Pair {
  readonly declared: DeclaredSchema;
  readonly found: FoundSchema;
}

/** The declared schemas that exist. */
export function pairsOf(declared: Declared, survey: Survey): Pair[] {
  return declared.schemas.flatMap((one) => {
    const found = survey.schemas.find(({ name }) => name === one.names.schema);
    return found === undefined ? [] : [{ declared: one, found }];
  });
}

/** Declared logins that exist, each once. */
export function loginsOf(declared: Declared, survey: Survey): string[] {
  const names = declared.schemas.flatMap(({ names: { login, secondLogin } }) => [login, secondLogin]);
  return [...new Set(names)].filter((name) => survey.roles.some((role) => role.name === name));
}

/** Whether the stack that declares a schema has been deployed: it makes the owner. */
export function isDeployed({ names }: DeclaredSchema, survey: Survey): boolean {
  return survey.roles.some(({ name }) => name === names.owner);
}

/** Declared schemas of which something exists, and whose stack has still to be deployed. */
export function pendingOf(declared: Declared, survey: Survey): DeclaredSchema[] {
  return declared.schemas.filter((one) => {
    const isThere =
      survey.schemas.some(({ name }) => name === one.names.schema) ||
      survey.roles.some(({ name }) => name === one.names.login);
    return isThere && !isDeployed(one, survey);
  });
}
