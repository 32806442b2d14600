-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Forms: who may read the answers, forms of leads, forms that are filled in elsewhere, and drafts.

-- staff_reads: whoever does the visit reads the answers. external_url: it is filled in there, and has no fields here.
ALTER TABLE form ADD COLUMN clinical BIGINT NOT NULL DEFAULT 0 CHECK (clinical IN (0, 1));
ALTER TABLE form ADD COLUMN staff_reads BIGINT NOT NULL DEFAULT 0 CHECK (staff_reads IN (0, 1));
ALTER TABLE form ADD COLUMN is_public BIGINT NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1));
ALTER TABLE form ADD COLUMN external_url TEXT;
ALTER TABLE form ADD COLUMN thanks TEXT NOT NULL DEFAULT '';

-- booking_id NULL: a lead's, from a public form. signatures: whole, by key; their names stand among the answers. All
-- that a client has written lies sealed (base/seal.h); what was answered before stays
-- readable as it is. completed_by: the member who completed one by hand; NULL: the client.
-- SQLite cannot take back a NOT NULL: the table is made anew, and the links to it with it.
--sqlite: CREATE TABLE form_link_before AS SELECT token_hash, workspace_id, submission_id, created_s FROM form_link;
--sqlite: DROP TABLE form_link;
--sqlite: CREATE TABLE form_submission_next (
--sqlite:   workspace_id BIGINT NOT NULL,
--sqlite:   id BIGINT NOT NULL,
--sqlite:   form_id BIGINT NOT NULL,
--sqlite:   form_revision BIGINT NOT NULL,
--sqlite:   booking_id BIGINT,
--sqlite:   client_id BIGINT NOT NULL,
--sqlite:   status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'dropped')),
--sqlite:   answers TEXT,
--sqlite:   asked_s BIGINT NOT NULL,
--sqlite:   requested_s BIGINT,
--sqlite:   completed_s BIGINT,
--sqlite:   version BIGINT NOT NULL DEFAULT 1,
--sqlite:   signatures TEXT,
--sqlite:   draft TEXT,
--sqlite:   draft_s BIGINT,
--sqlite:   completed_by TEXT,
--sqlite:   PRIMARY KEY (workspace_id, id),
--sqlite:   FOREIGN KEY (workspace_id, form_id, form_revision) REFERENCES form_version (workspace_id, form_id, form_revision),
--sqlite:   FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
--sqlite:   FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id),
--sqlite:   CONSTRAINT form_submission_completed CHECK ((status = 'completed') = (completed_s IS NOT NULL) AND (completed_s IS NULL) = (answers IS NULL)),
--sqlite:   CONSTRAINT form_submission_draft CHECK ((draft IS NULL) = (draft_s IS NULL) AND (draft IS NULL OR status <> 'completed'))
--sqlite: );
--sqlite: INSERT INTO form_submission_next (workspace_id, id, form_id, form_revision, booking_id, client_id, status, answers, asked_s, requested_s, completed_s, version)
--sqlite:   SELECT workspace_id, id, form_id, form_revision, booking_id, client_id, status, answers, asked_s, requested_s, completed_s, version FROM form_submission;
--sqlite: DROP TABLE form_submission;
--sqlite: ALTER TABLE form_submission_next RENAME TO form_submission;
--sqlite: CREATE UNIQUE INDEX form_submission_once ON form_submission (workspace_id, booking_id, form_id);
--sqlite: CREATE INDEX form_submission_by_form ON form_submission (workspace_id, form_id, id);
--sqlite: CREATE INDEX form_submission_by_status ON form_submission (workspace_id, form_id, status, id);
--sqlite: CREATE INDEX form_submission_by_client ON form_submission (workspace_id, client_id, form_id, completed_s);
--sqlite: CREATE TABLE form_link (
--sqlite:   token_hash TEXT NOT NULL PRIMARY KEY,
--sqlite:   workspace_id BIGINT NOT NULL,
--sqlite:   submission_id BIGINT NOT NULL,
--sqlite:   created_s BIGINT NOT NULL,
--sqlite:   FOREIGN KEY (workspace_id, submission_id) REFERENCES form_submission (workspace_id, id)
--sqlite: );
--sqlite: INSERT INTO form_link (token_hash, workspace_id, submission_id, created_s)
--sqlite:   SELECT token_hash, workspace_id, submission_id, created_s FROM form_link_before;
--sqlite: DROP TABLE form_link_before;
--sqlite: CREATE INDEX form_link_by_submission ON form_link (workspace_id, submission_id);

--postgres: ALTER TABLE form_submission ALTER COLUMN booking_id DROP NOT NULL;
--postgres: ALTER TABLE form_submission ADD COLUMN signatures TEXT;
--postgres: ALTER TABLE form_submission ADD COLUMN draft TEXT;
--postgres: ALTER TABLE form_submission ADD COLUMN draft_s BIGINT;
--postgres: ALTER TABLE form_submission ADD COLUMN completed_by TEXT;
--postgres: ALTER TABLE form_submission ADD CONSTRAINT form_submission_draft CHECK ((draft IS NULL) = (draft_s IS NULL) AND (draft IS NULL OR status <> 'completed'));

-- Over all forms, by state; and a client's, newest first.
CREATE INDEX form_submission_by_state ON form_submission (workspace_id, status, id);
CREATE INDEX form_submission_of_client ON form_submission (workspace_id, client_id, id);
-- What a client was asked for and has not answered: as short as the visits to come.
CREATE INDEX form_submission_asked ON form_submission (workspace_id, requested_s, id) WHERE status = 'pending';
-- Drafts that nobody has gone on with are forgotten.
CREATE INDEX form_submission_draft_age ON form_submission (draft_s) WHERE draft_s IS NOT NULL;
