import type { AppNames } from "../names";
import { defaultPrivilegesRow, grantRow, type RightsRow } from "../rights";

/** Privileges of a group by what they are on. */
interface Privileges {
  readonly table: readonly string[];
  readonly sequence: readonly string[];
  /** Functions and procedures. */
  readonly routine?: readonly string[];
}

/** Sees every table and sequence. */
const READER: Privileges = { table: ["SELECT"], sequence: ["SELECT"] };

/**
 * What a running app needs of tables, sequences and routines, and no migration does: it changes no table, and empties
 * none at a stroke.
 */
const RUNTIME: Privileges = {
  table: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  sequence: ["USAGE", "SELECT"],
  routine: ["EXECUTE"],
};

/** Rights of the role `<schema>_reader`, each after the one before it. */
export function readerRights({ component, schema, owner, reader }: AppNames): RightsRow[] {
  return groupRights(`${component}-reader`, { schema, owner, role: reader, privileges: READER, place: {} });
}

/** Rights of the role `<schema>_runtime`, each after the one before it. */
export function runtimeRights({ component, schema, owner, runtime }: AppNames): RightsRow[] {
  const group = { schema, owner, role: runtime, privileges: RUNTIME };
  // What a migration takes from it on a table of its own, such as DELETE on a journal, is not given back by a deploy.
  return groupRights(`${component}-runtime`, { ...group, place: { ignoreChanges: ["privileges"] } });
}

interface Group {
  readonly schema: string;
  readonly owner: string;
  readonly role: string;
  readonly privileges: Privileges;
  /** What the grants on what exists are besides. */
  readonly place: { readonly ignoreChanges?: readonly string[] };
}

/**
 * Lets a group into a schema: to what the owner makes later, then to what exists already. The deletion of a grant on what
 * exists takes back what default privileges gave meanwhile; a role that still has some cannot be dropped.
 */
function groupRights(name: string, { schema, owner, role, privileges, place }: Group): RightsRow[] {
  const { table, sequence, routine } = privileges;
  return [
    // The group itself is named: when it goes from an app that stays, the engine orders its deletions by the links among
    // them alone, and the one by way of the schema is none of them.
    grantRow(`${name}-schema`, role, ["schema", schema], ["USAGE"], { after: [name] }),
    defaultPrivilegesRow(`${name}-tables`, role, ["table", schema], owner, table, {}),
    defaultPrivilegesRow(`${name}-sequences`, role, ["sequence", schema], owner, sequence, {}),
    ...(routine === undefined
      ? []
      : [defaultPrivilegesRow(`${name}-functions`, role, ["function", schema], owner, routine, {})]),
    grantRow(`${name}-existing`, role, ["table", schema], table, place),
    grantRow(`${name}-existing-sequences`, role, ["sequence", schema], sequence, place),
    ...(routine === undefined
      ? []
      : [grantRow(`${name}-existing-routines`, role, ["routine", schema], routine, place)]),
  ];
}
