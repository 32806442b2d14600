-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the robot asks of bookings: how they were made, and which have ended and were never marked.

-- The time and the person as the booking was made: what its reader believes before the first word of a change. NULL: made before this was kept.
ALTER TABLE booking ADD COLUMN made_start_s BIGINT;
ALTER TABLE booking ADD COLUMN made_staff_id BIGINT;

CREATE INDEX booking_open ON booking (workspace_id, end_s, id) WHERE status IN ('pending', 'confirmed');

-- The mornings that wait, one of each business: those that a clock which ran ahead has put too far away are found by it.
CREATE INDEX job_digest ON job (due_s, workspace_id) WHERE status = 'waiting' AND kind = 'owner_daily_digest';
