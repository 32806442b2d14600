-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What happens, told while it happens: the audit's rows are the stream's events. And conversations with clients.

-- seq orders the rows by their commits, so that whoever reads on from the last one misses none: PostgreSQL's number of the transaction (a reader
-- stops before the oldest one that is still open), on SQLite, which has one writer, the id. Rows from before have 0 and are in no stream.
-- staff_id is the person whom the change concerns, other_staff_id the one from whom a visit was taken.
ALTER TABLE audit_event ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit_event ADD COLUMN staff_id BIGINT;
ALTER TABLE audit_event ADD COLUMN other_staff_id BIGINT;
CREATE INDEX audit_event_by_seq ON audit_event (seq, id);

-- ---- conversations: one with each client ----

-- last_id is the newest message, or the conversation itself while there is none: the list is in its order. unanswered: a client's word is waiting.
CREATE TABLE conversation (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  unanswered BIGINT NOT NULL DEFAULT 0 CHECK (unanswered IN (0, 1)),
  last_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id)
);
CREATE UNIQUE INDEX conversation_client_key ON conversation (workspace_id, client_id);
CREATE INDEX conversation_by_turn ON conversation (workspace_id, unanswered, last_id);

-- doubtful: it came from what looks like a program that fills in every form.
CREATE TABLE conversation_message (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'note')),
  body TEXT NOT NULL,
  author_kind TEXT NOT NULL,
  author_id BIGINT,
  author_name TEXT NOT NULL DEFAULT '',
  doubtful BIGINT NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1)),
  created_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);

-- How far each member has read.
CREATE TABLE conversation_read (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  read_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, user_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
