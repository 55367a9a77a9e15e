/** What is changed, what puts it back, and the cells that `verify dev` names then. */
export const MISTAKES: readonly (readonly [
  what: string,
  change: string,
  back: string,
  cells: readonly string[],
])[] = [
  [
    "USAGE on another app's schema",
    "GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev",
    "REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev",
    ["portal_wms_dev | auth_dev | use | no | yes"],
  ],
  [
    "USAGE on a prod schema, for the owner",
    "GRANT USAGE ON SCHEMA wms_prod TO wms_dev_owner",
    "REVOKE USAGE ON SCHEMA wms_prod FROM wms_dev_owner",
    ["wms_dev_owner | wms_prod | use | no | yes"],
  ],
  [
    "CREATE in public for everybody",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ["PUBLIC | public | create | no | yes"],
  ],
  [
    "extensions that nobody may use",
    "REVOKE USAGE ON SCHEMA extensions FROM PUBLIC",
    "GRANT USAGE ON SCHEMA extensions TO PUBLIC",
    ["PUBLIC | extensions | use | yes | no"],
  ],
  [
    "CREATEROLE",
    "ALTER ROLE portal_wms_dev CREATEROLE",
    "ALTER ROLE portal_wms_dev NOCREATEROLE",
    ["portal_wms_dev | — | create roles | no | yes"],
  ],
  [
    "a revoked CREATE",
    "REVOKE CREATE ON SCHEMA wms_dev FROM wms_dev_owner",
    "GRANT CREATE ON SCHEMA wms_dev TO wms_dev_owner",
    ["wms_dev_owner | wms_dev | create | yes | no"],
  ],
  [
    "a revoked USAGE",
    "REVOKE USAGE ON SCHEMA wms_dev FROM wms_dev_owner",
    "GRANT USAGE ON SCHEMA wms_dev TO wms_dev_owner",
    [
      "portal_wms_dev | wms_dev | create | yes | no",
      "wms_dev_owner | wms_dev | read | yes | no",
      "wms_dev_owner | wms_dev | use | yes | no",
      "wms_dev_owner | wms_dev | write | yes | no",
    ],
  ],
  [
    "a login that does not act as its owner",
    "ALTER ROLE portal_wms_dev RESET role",
    "ALTER ROLE portal_wms_dev SET role TO wms_dev_owner",
    ["portal_wms_dev | wms_dev_owner | assume | yes | no"],
  ],
  [
    "CREATE on the database",
    "GRANT CREATE ON DATABASE portal_db TO portal_db_connect",
    "REVOKE CREATE ON DATABASE portal_db FROM portal_db_connect",
    ["portal_auth_dev | — | create schemas | no | yes", "portal_wms_dev | — | create schemas | no | yes"],
  ],
  [
    "temporary tables for everybody",
    "GRANT TEMPORARY ON DATABASE portal_db TO PUBLIC",
    "REVOKE TEMPORARY ON DATABASE portal_db FROM PUBLIC",
    ["PUBLIC | — | temporary tables | no | yes"],
  ],
  [
    "the app's own schema in its owner's hands",
    "ALTER SCHEMA wms_dev OWNER TO wms_dev_owner",
    "ALTER SCHEMA wms_dev OWNER TO ecomos_admin; GRANT USAGE, CREATE ON SCHEMA wms_dev TO wms_dev_owner; GRANT USAGE ON SCHEMA wms_dev TO wms_dev_reader",
    ["wms_dev_owner | wms_dev | drop | no | yes"],
  ],
  [
    "membership in another app's reader that can be acted as but is not inherited",
    "GRANT wms_dev_reader TO portal_auth_dev WITH INHERIT FALSE",
    "REVOKE wms_dev_reader FROM portal_auth_dev",
    ["portal_auth_dev | wms_dev_reader | act as | no | yes"],
  ],
  [
    "a superuser, which can do everything, in one line",
    "ALTER ROLE portal_wms_dev SUPERUSER",
    "ALTER ROLE portal_wms_dev NOSUPERUSER",
    ["portal_wms_dev | — | superuser | no | yes"],
  ],
  [
    "a reader that cannot read what the owner will make",
    "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE SELECT ON TABLES FROM wms_dev_reader",
    "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT SELECT ON TABLES TO wms_dev_reader",
    ["wms_dev_reader | wms_dev | read | yes | no"],
  ],
  [
    "a reader that will write",
    "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev GRANT INSERT ON TABLES TO wms_dev_reader",
    "ALTER DEFAULT PRIVILEGES FOR ROLE wms_dev_owner IN SCHEMA wms_dev REVOKE INSERT ON TABLES FROM wms_dev_reader",
    ["wms_dev_reader | wms_dev | write | no | yes"],
  ],
  [
    "tables of another app that will be readable",
    `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev GRANT SELECT ON TABLES TO portal_wms_dev;
       GRANT USAGE ON SCHEMA auth_dev TO portal_wms_dev`,
    `ALTER DEFAULT PRIVILEGES FOR ROLE auth_dev_owner IN SCHEMA auth_dev REVOKE SELECT ON TABLES FROM portal_wms_dev;
       REVOKE USAGE ON SCHEMA auth_dev FROM portal_wms_dev`,
    ["portal_wms_dev | auth_dev | read | no | yes", "portal_wms_dev | auth_dev | use | no | yes"],
  ],
  [
    "a table in the app's schema that belongs to the admin, and one column of prod that the app reads",
    `CREATE TABLE wms_dev.restored (id int); ALTER TABLE wms_dev.restored OWNER TO ecomos_admin;
       CREATE TABLE wms_prod.orders (id int, price int); CREATE TABLE wms_prod.others (id int);
       GRANT USAGE ON SCHEMA wms_prod TO portal_wms_dev; GRANT SELECT (price) ON wms_prod.orders TO portal_wms_dev`,
    `DROP TABLE wms_dev.restored, wms_prod.orders, wms_prod.others; REVOKE USAGE ON SCHEMA wms_prod FROM portal_wms_dev`,
    [
      "portal_wms_dev | wms_prod | read | no | partly",
      "portal_wms_dev | wms_prod | use | no | yes",
      "wms_dev_owner | wms_dev | own | yes | partly",
      "wms_dev_owner | wms_dev | read | yes | partly",
      "wms_dev_owner | wms_dev | write | yes | partly",
      "wms_dev_reader | wms_dev | read | yes | partly",
    ],
  ],
  [
    "a reader that nobody declared, and one that is gone",
    "CREATE ROLE auth_dev_reader; GRANT USAGE ON SCHEMA auth_dev TO auth_dev_reader; ALTER ROLE wms_dev_reader RENAME TO gone",
    "REVOKE USAGE ON SCHEMA auth_dev FROM auth_dev_reader; DROP ROLE auth_dev_reader; ALTER ROLE gone RENAME TO wms_dev_reader",
    ["auth_dev_reader | auth_dev | use | no | yes", "wms_dev_reader | wms_dev | use | yes | no"],
  ],
];
