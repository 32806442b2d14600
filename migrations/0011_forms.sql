-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Forms: what a business asks its clients before a visit, what it has asked of whom, and what they answered.

-- form_revision counts the lists of fields that it has had. An inactive one is asked no more; what was answered stays.
CREATE TABLE form (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('intake', 'contact', 'custom')),
  form_revision BIGINT NOT NULL DEFAULT 1,
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);

-- fields is {"fields": [...]} as answers show it. Never changed, so that a submission keeps the form that it was given.
CREATE TABLE form_version (
  workspace_id BIGINT NOT NULL,
  form_id BIGINT NOT NULL,
  form_revision BIGINT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (workspace_id, form_id, form_revision),
  FOREIGN KEY (workspace_id, form_id) REFERENCES form (workspace_id, id)
);

-- Asked after a booking of the service.
CREATE TABLE service_form (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  form_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, service_id, form_id),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, form_id) REFERENCES form (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX service_form_by_form ON service_form (workspace_id, form_id);

-- requested_s: when the letter that asks for it was written; NULL: nobody was asked yet. dropped: its visit is off.
CREATE TABLE form_submission (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  form_id BIGINT NOT NULL,
  form_revision BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'dropped')),
  answers TEXT,
  asked_s BIGINT NOT NULL,
  requested_s BIGINT,
  completed_s BIGINT,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, form_id, form_revision) REFERENCES form_version (workspace_id, form_id, form_revision),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id),
  CONSTRAINT form_submission_completed CHECK ((status = 'completed') = (completed_s IS NOT NULL) AND (completed_s IS NULL) = (answers IS NULL))
);
CREATE UNIQUE INDEX form_submission_once ON form_submission (workspace_id, booking_id, form_id);
CREATE INDEX form_submission_by_form ON form_submission (workspace_id, form_id, id);
CREATE INDEX form_submission_by_status ON form_submission (workspace_id, form_id, status, id);
CREATE INDEX form_submission_by_client ON form_submission (workspace_id, client_id, form_id, completed_s);

-- The client's own link: only the token's hash is kept; each letter mints its own.
CREATE TABLE form_link (
  token_hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  submission_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL,
  FOREIGN KEY (workspace_id, submission_id) REFERENCES form_submission (workspace_id, id)
);
CREATE INDEX form_link_by_submission ON form_link (workspace_id, submission_id);

--postgres: SELECT careops_guard_tenants();
