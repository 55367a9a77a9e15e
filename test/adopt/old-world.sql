-- A database as psql made it before there were stacks: one login for both environments of an app, rights by hand. Run as the admin.
CREATE ROLE portal_wms LOGIN PASSWORD 'Old1';
CREATE ROLE analyst LOGIN PASSWORD 'Old2';
CREATE ROLE reporting LOGIN PASSWORD 'Old3';
GRANT portal_wms TO CURRENT_USER;
CREATE SCHEMA wms_prod AUTHORIZATION portal_wms;
CREATE SCHEMA wms_dev;
CREATE SCHEMA billing_prod;
GRANT ALL ON SCHEMA wms_dev TO portal_wms;
GRANT USAGE ON SCHEMA wms_prod TO analyst;
GRANT USAGE ON SCHEMA wms_dev TO PUBLIC;
SET ROLE portal_wms;
ALTER DEFAULT PRIVILEGES IN SCHEMA wms_prod GRANT SELECT ON TABLES TO analyst;
SET search_path TO wms_prod;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE customers (id serial PRIMARY KEY, name text);
CREATE TABLE "Or;der's" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES customers, state state DEFAULT 'new');
CREATE SEQUENCE tickets;
CREATE VIEW open_orders AS SELECT o.id, c.name FROM "Or;der's" o JOIN customers c ON c.id = customer WHERE state = 'new';
CREATE MATERIALIZED VIEW totals AS SELECT customer, count(*) FROM "Or;der's" GROUP BY 1;
CREATE FUNCTION orders_of(who int) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM wms_prod."Or;der's" WHERE customer = who $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
INSERT INTO customers (name) VALUES ('Ada '), ('Bob');
INSERT INTO "Or;der's" (customer) VALUES (1), (2), (1);
SET search_path TO wms_dev;
CREATE TABLE trials (id serial PRIMARY KEY, note text);
INSERT INTO trials (note) VALUES ('dev');
RESET ROLE;
RESET search_path;
-- On RDS the admin has the right to make itself a member, and is none.
REVOKE portal_wms FROM CURRENT_USER;
-- The admin's own, among the app's.
CREATE TABLE wms_dev.by_admin (id int);
GRANT SELECT ON wms_dev.by_admin TO portal_wms;
