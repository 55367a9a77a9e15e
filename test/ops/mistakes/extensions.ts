import type { Mistake } from "./mistake";

/** Extensions that somebody else made first, and what hides in them. */
export const EXTENSION_MISTAKES: readonly Mistake[] = [
  {
    what: "a declared extension that the dev admin made first, and can drop with every column of its types",
    stack: "prod",
    extensions: ["hstore"],
    change: `SET ROLE portal_db_dev_admin;
      CREATE EXTENSION hstore SCHEMA extensions`,
    back: "DROP EXTENSION hstore",
    cells: [],
    findings: [
      "hand portal_db_dev_admin: extension hstore: owns it",
      'type DROP EXTENSION "hstore"; -- as portal_db_dev_admin, then up',
    ],
  },
  {
    what: "a function that was added to such an extension",
    stack: "prod",
    extensions: ["hstore"],
    change: `SET ROLE portal_db_dev_admin;
      CREATE EXTENSION hstore SCHEMA extensions;
      CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
      ALTER EXTENSION hstore ADD FUNCTION public.evil()`,
    back: "DROP EXTENSION hstore",
    cells: [],
    findings: [
      "hand portal_db_dev_admin: extension hstore: owns it",
      'type DROP EXTENSION "hstore"; -- as portal_db_dev_admin, then up',
      "hand portal_db_dev_admin: function public.evil(): owns it, SECURITY DEFINER",
      "type DROP ROUTINE public.evil();",
    ],
  },
];
