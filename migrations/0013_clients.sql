-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Clients: whence they came, how they are found among a hundred thousand, and two of them that turn out to be one.

-- merged_into: the client whom this one turned out to be. The row stays, so that its address still finds its client, and everything can go back; no list shows
-- it. terms_made 0: its terms wait to be made, which only the program can do.
ALTER TABLE client ADD COLUMN source TEXT NOT NULL DEFAULT 'unknown'
  CHECK (source IN ('booking', 'contact', 'form', 'mail', 'staff', 'import', 'unknown'));
ALTER TABLE client ADD COLUMN merged_into BIGINT;
ALTER TABLE client ADD COLUMN terms_made BIGINT NOT NULL DEFAULT 0 CHECK (terms_made IN (0, 1));
CREATE INDEX client_listed ON client (workspace_id, id) WHERE merged_into IS NULL;
CREATE INDEX client_merged ON client (workspace_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX client_without_terms ON client (id) WHERE terms_made = 0;

-- The best guess for those of before: who made them, and with what.
UPDATE client SET source = 'booking' WHERE EXISTS (SELECT 1 FROM booking b WHERE b.workspace_id = client.workspace_id AND b.client_id = client.id
  AND b.created_s = client.created_s AND b.source = 'public');
UPDATE client SET source = 'contact' WHERE source = 'unknown' AND EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = client.workspace_id
  AND c.client_id = client.id AND c.created_s = client.created_s);
UPDATE client SET source = 'staff' WHERE source = 'unknown' AND EXISTS (SELECT 1 FROM audit_event a WHERE a.workspace_id = client.workspace_id
  AND a.entity_id = client.id AND a.entity = 'client' AND a.action = 'created' AND a.actor_kind IN ('owner', 'staff'));

-- What clients are found by (src/client/terms.h). One row for each beginning of up to three letters of each of their words, and one for the whole word, all in one
-- order, so that a page of a list is a piece of this index. Statuses, sources and tags are terms too ("s:new").
-- An index and no data of its own, it has no foreign key, which would cost more than the rows. Everything of one client is removed by DELETE FROM client_term WHERE workspace_id = … AND client_id = ….
CREATE TABLE client_term (
  workspace_id BIGINT NOT NULL,
  term TEXT NOT NULL,
  client_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, term, client_id)
)
--sqlite: WITHOUT ROWID
;
--postgres: ALTER TABLE client_term ALTER COLUMN term TYPE TEXT COLLATE "C";
CREATE INDEX client_term_by_client ON client_term (workspace_id, client_id, term);

-- How many clients have a tag; key is the tag folded, tag the spelling that came first.
CREATE TABLE client_tag (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  key TEXT NOT NULL,
  tag TEXT NOT NULL,
  uses BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, key)
);
--postgres: ALTER TABLE client_tag ALTER COLUMN key TYPE TEXT COLLATE "C";
CREATE INDEX client_tag_by_use ON client_tag (workspace_id, uses, key);

-- Two clients who were one: client_id is who stays, other_id who went into them. before and after are the details of who stays, so that undoing changes only
-- what the merge did; empty where a person was erased since, and then nothing can be undone.
CREATE TABLE client_merge (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  at_s BIGINT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  undone_s BIGINT,
  undone_by TEXT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id),
  FOREIGN KEY (workspace_id, other_id) REFERENCES client (workspace_id, id)
);
CREATE INDEX client_merge_by_client ON client_merge (workspace_id, client_id, id);
CREATE INDEX client_merge_by_other ON client_merge (workspace_id, other_id);

-- The rows that changed hands, by their number.
CREATE TABLE client_merge_row (
  workspace_id BIGINT NOT NULL,
  merge_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  row_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, merge_id, kind, row_id),
  FOREIGN KEY (workspace_id, merge_id) REFERENCES client_merge (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;

--sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('client_term', 'client_term', '10000000 500000 20 1'),
--sqlite:   ('client_term', 'client_term_by_client', '10000000 500000 20 1');
--sqlite: ANALYZE sqlite_schema;

--postgres: SELECT careops_guard_tenants();
