-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a worker has in hand, or waits after a failure, is never far away: where a clock ran ahead and went back, it is found by these.

CREATE INDEX job_far ON job (due_s, id) WHERE status = 'waiting' AND (lease_owner IS NOT NULL OR last_error IS NOT NULL);
CREATE INDEX message_begun ON message (first_attempt_s, id) WHERE status = 'queued' AND first_attempt_s IS NOT NULL;
