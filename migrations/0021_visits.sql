-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a visit's last change has to go back to, and the lists that a person keeps under a name.

-- One row a booking at most: the booking as it was before the change that made it `version`. It counts only while that is its version and for a day
-- (src/diary/undo.h); what happened stands in audit_event alone. holds: "resource from to" of each, in seconds; minutes: of each service. client_…: where the change corrected the
-- client's details, what they were, and the client's version since.
CREATE TABLE booking_undo (
  workspace_id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at_s BIGINT NOT NULL,
  action TEXT NOT NULL,
  client_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  status TEXT NOT NULL,
  start_s BIGINT NOT NULL,
  end_s BIGINT NOT NULL,
  outer_from_s BIGINT NOT NULL,
  outer_to_s BIGINT NOT NULL,
  notes TEXT NOT NULL,
  cancelled_from TEXT,
  cancelled_by TEXT,
  cancelled_s BIGINT,
  started_s BIGINT,
  test_result TEXT,
  holds TEXT NOT NULL,
  minutes TEXT NOT NULL,
  client_name TEXT,
  client_email TEXT,
  client_phone TEXT,
  client_version BIGINT,
  PRIMARY KEY (workspace_id, booking_id),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX booking_undo_by_age ON booking_undo (workspace_id, at_s);
CREATE INDEX booking_undo_by_client ON booking_undo (workspace_id, client_id);

-- query: the search part of the page's address, as the page wrote it.
CREATE TABLE saved_view (
  workspace_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  screen TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id, id),
  FOREIGN KEY (workspace_id) REFERENCES workspace (id)
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (workspace_id, user_id, screen, name);

--postgres: SELECT careops_guard_tenants();
