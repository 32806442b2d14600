-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a service asks of its client before a visit: a form, a patch test, another service.

-- valid_days NULL: for ever. Replaced whole, as the other lists of a service.
CREATE TABLE service_require (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('form', 'patch_test', 'prerequisite')),
  form_id BIGINT,
  required_id BIGINT,
  lead_hours BIGINT NOT NULL DEFAULT 0 CHECK (lead_hours >= 0),
  valid_days BIGINT CHECK (valid_days > 0),
  PRIMARY KEY (workspace_id, service_id, position),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, required_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, form_id) REFERENCES form (workspace_id, id),
  CONSTRAINT service_require_one CHECK ((kind = 'form') = (form_id IS NOT NULL) AND (kind = 'form') = (required_id IS NULL))
);
CREATE INDEX service_require_by_required ON service_require (workspace_id, required_id, service_id);

-- gates_unmet: 0 nothing is missing, 1 a form is, 2 a visit is. Kept by gate_review (src/gate/gate.h).
ALTER TABLE booking ADD COLUMN gates_unmet BIGINT NOT NULL DEFAULT 0 CHECK (gates_unmet IN (0, 1, 2));
ALTER TABLE booking ADD COLUMN test_result TEXT CHECK (test_result IN ('passed', 'failed'));
CREATE INDEX booking_gates_unmet ON booking (workspace_id, start_s, id) WHERE gates_unmet > 0 AND status IN ('pending', 'confirmed');
CREATE INDEX booking_failed ON booking (workspace_id, client_id, end_s, id) WHERE test_result = 'failed';

-- One that was answered too long before a visit that was moved is asked again.
DROP INDEX form_submission_once;
CREATE UNIQUE INDEX form_submission_once ON form_submission (workspace_id, booking_id, form_id) WHERE status <> 'completed';
CREATE INDEX form_submission_by_booking ON form_submission (workspace_id, booking_id, id);

--postgres: SELECT careops_guard_tenants();
