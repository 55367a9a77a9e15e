/** What an app may have in its schema, by its owner's hand: one of each kind that a running app works with. */
export const appObjects = (age: string): string => `
  CREATE TABLE ${age}_serial (id serial PRIMARY KEY, identity int GENERATED ALWAYS AS IDENTITY, note text);
  CREATE TABLE ${age}_parts (id int, at date) PARTITION BY RANGE (at);
  CREATE TABLE ${age}_part PARTITION OF ${age}_parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TYPE ${age}_mood AS ENUM ('good', 'bad');
  CREATE VIEW ${age}_view AS SELECT note FROM ${age}_serial;
  CREATE MATERIALIZED VIEW ${age}_sums AS SELECT count(*) FROM ${age}_serial;
  CREATE FUNCTION ${age}_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE ${age}_procedure() LANGUAGE sql AS 'INSERT INTO ${age}_serial (note) VALUES (''called'')';
  REVOKE EXECUTE ON FUNCTION ${age}_function() FROM PUBLIC;`;

/** What a running app does with them. */
export const appWork = (age: string): string => `
  INSERT INTO ${age}_serial (note) VALUES ('a') RETURNING id;
  UPDATE ${age}_serial SET note = 'b'; DELETE FROM ${age}_serial WHERE note = 'c';
  INSERT INTO ${age}_parts VALUES (1, '2026-05-05'); SELECT * FROM ${age}_view; SELECT * FROM ${age}_sums;
  SELECT 'good'::${age}_mood, ${age}_function(); CALL ${age}_procedure();
  SELECT currval('${age}_serial_id_seq'), last_value FROM ${age}_serial_id_seq;
  SELECT * FROM ${age}_serial FOR UPDATE`;

/** Tables of a migration that says itself what the runtime may do with them. */
export const grantedTables = (runtime: string): string => `
  CREATE TABLE journal (line text);
  REVOKE UPDATE, DELETE ON journal FROM ${runtime};
  CREATE TABLE emptied (id int);
  GRANT TRUNCATE ON emptied TO ${runtime};`;
