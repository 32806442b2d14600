-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The staff's portal: a visit that has begun, what to mind with a client, and time off that staff ask for.

-- When the person began; NULL while it has not begun, and again when it is moved, cancelled or missed.
ALTER TABLE booking ADD COLUMN started_s BIGINT;

-- A JSON array of short texts, as answers show it.
ALTER TABLE client ADD COLUMN alerts TEXT NOT NULL DEFAULT '[]';

-- Asked for by a member, decided by an owner. An approved one has made a row of time_off; the request stays what it was when that row goes.
CREATE TABLE time_off_request (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  start_s BIGINT NOT NULL,
  end_s BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'withdrawn')),
  note TEXT NOT NULL DEFAULT '',
  decided_by TEXT,
  decided_s BIGINT,
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id),
  CONSTRAINT time_off_request_span CHECK (start_s < end_s),
  CONSTRAINT time_off_request_decided CHECK ((status IN ('approved', 'declined')) = (decided_s IS NOT NULL))
);
CREATE INDEX time_off_request_by_status ON time_off_request (workspace_id, status, id);
CREATE INDEX time_off_request_by_staff ON time_off_request (workspace_id, staff_id, id);
CREATE INDEX time_off_request_pending ON time_off_request (workspace_id, staff_id, end_s) WHERE status = 'pending';
