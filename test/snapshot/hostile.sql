-- What whoever deploys dev can leave in a schema, so that it runs where its snapshot is restored: each notes as whom.
CREATE TABLE seen (what text, session text DEFAULT session_user, acting text DEFAULT current_user);
CREATE FUNCTION note(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO wms_dev.seen VALUES (what, session_user, current_user); RETURN true; END $$;
CREATE FUNCTION noted(i int, what text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  PERFORM wms_dev.note(what); RETURN i; END $$;
CREATE FUNCTION steal() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM wms_dev.note('trigger'); RETURN NEW; END $$;
CREATE PROCEDURE harmless(i int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION distance(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE FUNCTION added(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE OPERATOR <+> (LEFTARG = int, RIGHTARG = int, FUNCTION = added);
CREATE AGGREGATE added_up (int) (SFUNC = added, STYPE = int);
CREATE TYPE apart AS RANGE (SUBTYPE = int4, SUBTYPE_DIFF = distance);
CREATE DOMAIN small AS int CONSTRAINT is_small CHECK (note('domain'));
CREATE TABLE trap (
  id int DEFAULT noted(1, 'default'),
  twice int GENERATED ALWAYS AS (noted(id, 'generated')) STORED,
  little small,
  asked text DEFAULT query_to_xml('SELECT wms_dev.steal()', true, true, '')::text,
  plain text DEFAULT lower('A') || now()::text || gen_random_uuid(),
  number serial,
  CONSTRAINT checked CHECK (note('check')),
  CONSTRAINT summed CHECK ((id <+> 1) > 0)
);
CREATE TABLE parted (id int) PARTITION BY RANGE (noted(id, 'partition'));
CREATE INDEX trap_index ON trap (noted(id, 'index')) WHERE noted(id, 'where') > 0;
CREATE INDEX plain_index ON trap (lower(plain));
CREATE STATISTICS trap_statistics ON (noted(id, 'statistics')), twice FROM trap;
CREATE TRIGGER changed BEFORE UPDATE ON trap FOR EACH ROW EXECUTE FUNCTION on_change();
CREATE RULE instead AS ON DELETE TO parted DO INSTEAD NOTHING;
CREATE POLICY seen_by ON trap USING (note('policy'));
CREATE VIEW looked AS SELECT noted(id, 'view') FROM trap;
CREATE VIEW plain_view AS SELECT lower(plain) FROM trap;
CREATE MATERIALIZED VIEW kept AS SELECT noted(id, 'materialized view') FROM trap;
INSERT INTO trap (id, little) VALUES (1, 1);
DELETE FROM seen;
