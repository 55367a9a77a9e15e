import { credentialsOf } from "../infra/app/credentials";
import { PRIVILEGES } from "../infra/app/privileges";
import type { AppSettings } from "../infra/config/shape";
import { CONNECT_ROLE, DATABASE, EXTENSIONS_SCHEMA, namesOf } from "../infra/names";
import type { AccessResource } from "./facts";

/** A resource that decides access, with its logical name; a test holds it against what the programs declare. */
export interface NamedAccessResource extends AccessResource {
  readonly name: string;
}

/** What of an app's settings decides access. */
export type AccessSettings = Pick<AppSettings, "reader" | "credential">;

const ROLE = "postgresql:index/role:Role";
const SCHEMA = "postgresql:index/schema:Schema";
const GRANT = "postgresql:index/grant:Grant";
const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";

type Inputs = Record<string, unknown>;
const resource = (type: string, name: string, inputs: Inputs): NamedAccessResource => ({
  type,
  name,
  inputs,
});

/** A grant in the project's database. */
function grant(
  name: string,
  role: string,
  objectType: string,
  privileges: readonly string[],
  schema?: string,
) {
  return resource(GRANT, name, {
    role,
    database: DATABASE,
    ...(schema === undefined ? {} : { schema }),
    objectType,
    privileges: [...privileges],
  });
}

/** What the prod stack declares for the whole database; it holds for every stack's roles. */
export function databaseResources(): NamedAccessResource[] {
  return [
    resource(ROLE, "database-connect", { name: CONNECT_ROLE }),
    grant("database-public-database", "public", "database", PRIVILEGES.publicOnDatabase),
    grant("database-connect-database", CONNECT_ROLE, "database", PRIVILEGES.connectRoleOnDatabase),
    grant("database-public-schema", "public", "schema", PRIVILEGES.publicOnPublicSchema, "public"),
    resource(SCHEMA, "database-extensions", { name: EXTENSIONS_SCHEMA, database: DATABASE }),
    grant(
      "database-connect-extensions",
      CONNECT_ROLE,
      "schema",
      PRIVILEGES.connectRoleOnExtensions,
      EXTENSIONS_SCHEMA,
    ),
  ];
}

/** What one app in one environment declares, without Pulumi: its settings decide it. */
export function appResources(
  app: string,
  environment: string,
  settings: AccessSettings,
): NamedAccessResource[] {
  const names = namesOf(app, environment);
  const { component, owner, reader, schema } = names;
  const defaults = (name: string, objectType: string, privileges: readonly string[]) =>
    resource(DEFAULTS, name, {
      role: reader,
      database: DATABASE,
      schema,
      owner,
      objectType,
      privileges: [...privileges],
    });
  const logins = credentialsOf(names, settings.credential).map(({ login, suffix }) =>
    resource(ROLE, `${component}-login${suffix}`, {
      name: login,
      login: true,
      roles: [owner, CONNECT_ROLE],
      assumeRole: owner,
    }),
  );
  const readers = [
    resource(ROLE, `${component}-reader`, { name: reader }),
    grant(`${component}-reader-schema`, reader, "schema", PRIVILEGES.readerOnSchema, schema),
    defaults(`${component}-reader-tables`, "table", PRIVILEGES.readerOnTables),
    defaults(`${component}-reader-sequences`, "sequence", PRIVILEGES.readerOnSequences),
    grant(`${component}-reader-existing`, reader, "table", PRIVILEGES.readerOnTables, schema),
    grant(`${component}-reader-existing-sequences`, reader, "sequence", PRIVILEGES.readerOnSequences, schema),
  ];
  return [
    resource(ROLE, `${component}-owner`, { name: owner }),
    resource(SCHEMA, `${component}-schema`, { name: schema, database: DATABASE }),
    grant(`${component}-owner-schema`, owner, "schema", PRIVILEGES.ownerOnSchema, schema),
    ...(settings.reader ? readers : []),
    ...logins,
  ];
}
