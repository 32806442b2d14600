-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The second lock between tenants. Every statement of the program names its workspace; on PostgreSQL row-level security holds where one
-- forgets to. It is forced, so that it binds the tables' owner as well, which is the role that the program has. SQLite has no such thing: there
-- the program itself narrows what a statement reads and looks at what it writes (src/db/sqlite_tenant.h).
--
-- The setting careops.tenant holds for one transaction: a workspace's id; 'all' where the program says why (db_across in src/db/db.h); empty or
-- never set is nobody's, and sees no row. By hand, in psql: SET careops.tenant = 'all'.

--postgres: CREATE FUNCTION careops_tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
--postgres:   SELECT NULLIF(NULLIF(current_setting('careops.tenant', true), ''), 'all')::bigint
--postgres: $$;

--postgres: CREATE FUNCTION careops_across() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
--postgres:   SELECT COALESCE(current_setting('careops.tenant', true) = 'all', false)
--postgres: $$;

-- Gives each table of tenants its policy, unless it has it: those with a column workspace_id, and workspace itself. Both functions stand in
-- a subselect, so that a statement asks them once and not for each row. A later migration that makes such a table ends with
--   SELECT careops_guard_tenants();
-- (a unit test finds the table that was forgotten).
--postgres: CREATE FUNCTION careops_guard_tenants() RETURNS void LANGUAGE plpgsql AS $$
--postgres: DECLARE
--postgres:   guarded record;
--postgres: BEGIN
--postgres:   FOR guarded IN
--postgres:     SELECT c.oid::regclass AS name, a.attname AS tenant FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
--postgres:     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
--postgres:       AND a.attname = CASE WHEN c.relname = 'workspace' THEN 'id' ELSE 'workspace_id' END
--postgres:       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant')
--postgres:   LOOP
--postgres:     EXECUTE format('CREATE POLICY tenant ON %s USING (%I = (SELECT careops_tenant()) OR (SELECT careops_across()))', guarded.name, guarded.tenant);
--postgres:     EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded.name);
--postgres:   END LOOP;
--postgres: END $$;

--postgres: SELECT careops_guard_tenants();
