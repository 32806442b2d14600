-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What happens by itself: jobs that are due by time, the owner's rules for them, and the whole truth about each message.

-- ---- jobs ----

-- due_s is when a worker may take it, and while one has it, the end of its lease; anchor_s is the moment from which its delay counts (a visit's
-- start or end). late: its time had passed when it could be run; it goes back to waiting where the clock turns out to have been wrong.
-- dropped: what it was for is no more. outcome says in a word what came of it.
CREATE TABLE job (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  occurrence TEXT NOT NULL DEFAULT '',
  booking_id BIGINT,
  client_id BIGINT,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'done', 'late', 'dropped', 'parked')),
  anchor_s BIGINT NOT NULL,
  due_s BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  lease_owner TEXT,
  last_error TEXT,
  outcome TEXT,
  created_s BIGINT NOT NULL,
  ended_s BIGINT,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX job_once ON job (workspace_id, kind, subject_id, occurrence);
CREATE INDEX job_due ON job (due_s, id) WHERE status = 'waiting';
CREATE INDEX job_late ON job (due_s, id) WHERE status = 'late';
CREATE INDEX job_waiting ON job (workspace_id, kind, due_s) WHERE status = 'waiting';
CREATE INDEX job_by_booking ON job (workspace_id, booking_id, id) WHERE booking_id IS NOT NULL;
CREATE INDEX job_parked ON job (workspace_id, id) WHERE status = 'parked';

-- ---- the owner's rules; one without a row is as the program has it, and so is a NULL ----

CREATE TABLE automation (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  key TEXT NOT NULL,
  enabled BIGINT CHECK (enabled IN (0, 1)),
  delay_min BIGINT,
  subject TEXT,
  body TEXT,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, key)
)
--sqlite: WITHOUT ROWID
;

-- Between the two, minutes of the day, nothing goes to clients by itself; both NULL: no quiet hours.
ALTER TABLE workspace ADD COLUMN quiet_from_min BIGINT;
ALTER TABLE workspace ADD COLUMN quiet_until_min BIGINT;

-- paused: a person has answered, so that the robot keeps still. unsubscribed: wants no letters but those about their own visits.
ALTER TABLE client ADD COLUMN paused_until_s BIGINT;
ALTER TABLE client ADD COLUMN paused_by TEXT;
ALTER TABLE client ADD COLUMN unsubscribed_s BIGINT;

-- ---- messages ----

-- priority 0 goes before 1 before 2. reason: why a suppressed one is not sent (message/outbox.h). tells_*: what its reader believes after it, of the
-- booking's letters. unsubscribe_url goes into a header. delivery is the provider's last word on a sent one, provider_word its own text.
-- untold 1: as far as we know it has not reached its reader, which matters until matters_until_s (NULL: it never does, to the business's own).
ALTER TABLE message ADD COLUMN priority BIGINT NOT NULL DEFAULT 1;
ALTER TABLE message ADD COLUMN reason TEXT;
ALTER TABLE message ADD COLUMN tells_start_s BIGINT;
ALTER TABLE message ADD COLUMN tells_staff_id BIGINT;
ALTER TABLE message ADD COLUMN unsubscribe_url TEXT;
ALTER TABLE message ADD COLUMN delivery TEXT;
ALTER TABLE message ADD COLUMN delivery_s BIGINT;
ALTER TABLE message ADD COLUMN provider_word TEXT;
ALTER TABLE message ADD COLUMN matters_until_s BIGINT;
ALTER TABLE message ADD COLUMN untold BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN told_by TEXT;
ALTER TABLE message ADD COLUMN told_s BIGINT;
UPDATE message SET delivery = 'accepted', delivery_s = sent_s WHERE status = 'sent';
UPDATE message SET reason = 'superseded' WHERE status = 'suppressed';

DROP INDEX message_due;
CREATE INDEX message_due ON message (priority, due_s, id) WHERE status = 'queued';
CREATE INDEX message_by_client ON message (workspace_id, client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX message_by_provider_id ON message (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX message_untold ON message (workspace_id, matters_until_s, id) WHERE untold = 1;

-- Every business has its digest planned, and each visit that is to come its reminder and its end. A job takes its number from what it is for.
INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, status, anchor_s, due_s, created_s)
  SELECT id, id, 'owner_daily_digest', id, 'first', 'waiting', 0, 0, created_s FROM workspace;
INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status, anchor_s, due_s, created_s)
  SELECT workspace_id, id, 'booking_reminder', id, CAST(start_s AS TEXT), id, client_id, 'waiting', start_s, start_s - 86400, created_s
  FROM booking WHERE status IN ('pending', 'confirmed') AND created_s < start_s - 86400;
INSERT INTO job (workspace_id, id, kind, subject_id, occurrence, booking_id, client_id, status, anchor_s, due_s, created_s)
  SELECT workspace_id, id + 1, 'visit_end', id, CAST(start_s AS TEXT), id, client_id, 'waiting', end_s, end_s + 900, created_s
  FROM booking WHERE status IN ('pending', 'confirmed');

--sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('message', 'message_by_client', '10000000 50000 8 1'),
--sqlite:   ('job', 'job', '10000000 50000 1'), ('job', 'job_by_booking', '10000000 50000 3 1');
--sqlite: ANALYZE sqlite_schema;

--postgres: SELECT careops_guard_tenants();
