/** Statements that give what prod finds in the old world its declared owners. */
export const HAND_OVER_PROD = `  ALTER SCHEMA "wms_prod" OWNER TO "portal_db_admin";
  ALTER TABLE wms_prod."Or;der's" OWNER TO "wms_prod_owner";
  ALTER TABLE wms_prod.customers OWNER TO "wms_prod_owner";
  ALTER TABLE wms_prod.events OWNER TO "wms_prod_owner";
  ALTER TABLE wms_prod.events_2026 OWNER TO "wms_prod_owner";
  ALTER VIEW wms_prod.open_orders OWNER TO "wms_prod_owner";
  ALTER SEQUENCE wms_prod.tickets OWNER TO "wms_prod_owner";
  ALTER MATERIALIZED VIEW wms_prod.totals OWNER TO "wms_prod_owner";
  ALTER ROUTINE wms_prod.orders_of(integer) OWNER TO "wms_prod_owner";
  ALTER ROUTINE wms_prod.stamp() OWNER TO "wms_prod_owner";
  ALTER ROUTINE wms_prod.total(integer) OWNER TO "wms_prod_owner";
  ALTER DOMAIN wms_prod.positive OWNER TO "wms_prod_owner";
  ALTER TYPE wms_prod.state OWNER TO "wms_prod_owner";
  ALTER STATISTICS wms_prod.shape OWNER TO "wms_prod_owner";
  ALTER ROLE "portal_wms" IN DATABASE "portal_db" SET role TO "wms_prod_owner";`;

/** The same for dev: its schema is handed to whoever deploys it before, the rest after its deploy. */
export const HAND_OVER_DEV = `  ALTER SCHEMA "wms_dev" OWNER TO "portal_db_dev_admin";`;
export const HAND_OVER_DEV_OBJECTS = `  ALTER TABLE wms_dev.by_admin OWNER TO "wms_dev_owner";
  ALTER TABLE wms_dev.trials OWNER TO "wms_dev_owner";
  REVOKE ALL ON SCHEMA "wms_dev" FROM "portal_wms";
  REVOKE ALL ON ALL TABLES IN SCHEMA "wms_dev" FROM "portal_wms";
  REVOKE ALL ON SCHEMA "wms_dev" FROM PUBLIC;`;

/** What the old world looks like before the first deploy. */
export const FIRST_REPORT = `…/portal_db, as ecomos_admin

Found in portal_db
  billing_prod: owner ecomos_admin, 0 tables, 0 objects; declared by no stack, left alone
  wms_dev: owner ecomos_admin, 2 tables, 2 objects (1 of ecomos_admin, 1 of portal_wms); stack dev, not deployed yet
  wms_prod: owner portal_wms, 4 tables, 13 objects (13 of portal_wms); stack prod, not deployed yet

The stacks import
  prod: the instance ecomos-prod
  prod: the role portal_wms, as wms-prod-login
  prod: the schema wms_prod, taken as it is when it is "created"
  dev: the schema wms_dev, taken as it is when it is "created"

Config to set before the deploy of prod
  npx pulumi config set --stack prod --secret --path 'portal-db:adoptedLogins.wms_prod'   # the present password of portal_wms
  Pulumi.prod.yaml, under portal-db:apps, if billing_prod is an app's:   billing: {}

Access that changes
  deploy: nobody connects any more by merely existing; shut out: analyst, reporting
  deploy: nobody makes temporary tables any more
  hand-over: wms_prod belongs to portal_db_admin; portal_wms can no longer drop or rename it
  hand-over: 13 objects in wms_prod belong to wms_prod_owner
  deploy: portal_wms gets a connection limit and the search path wms_prod, and keeps its password; after the hand-over its new sessions act as wms_prod_owner
  hand-over: wms_dev belongs to portal_db_dev_admin; ecomos_admin can no longer drop or rename it
  hand-over: 2 objects in wms_dev belong to wms_dev_owner
  hand-over: portal_wms can no longer use wms_dev: take the URL from the secret portal-db/dev/wms
  hand-over: portal_wms loses CREATE, USAGE on 1 schema of wms_dev
  hand-over: portal_wms loses SELECT on 1 table of wms_dev
  hand-over: everybody loses USAGE on 1 schema of wms_dev
  hand-over: analyst gets no more SELECT on new things of wms_prod: they belong to its owner

Access that stays, and that nothing declares
  analyst: USAGE on 1 schema of wms_prod
  analyst: SELECT on 6 tables of wms_prod

SQL, in one transaction
  GRANT CONNECT ON DATABASE "portal_db" TO "portal_wms";
  ALTER ROLE "portal_wms" SET statement_timeout TO 30000;

SQL of a later run, after the deploy of prod
${HAND_OVER_PROD}

SQL of a later run, after the deploy of dev
${HAND_OVER_DEV}
${HAND_OVER_DEV_OBJECTS}

After it, in this order
  npx pulumi up --stack prod
  npm run ops -- adopt --apply
  npx pulumi up --stack dev
  npm run ops -- adopt --apply`;
