-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a person takes for a service, where that is not what the menu says, and the order of the menu.

-- NULL: as the service says. An own duration changes the segments by visit_service_resize (src/diary/slots.h).
ALTER TABLE service_staff ADD COLUMN price BIGINT CHECK (price >= 0);
ALTER TABLE service_staff ADD COLUMN duration_min BIGINT CHECK (duration_min >= 5);

-- Rises along the menu; 0 where nobody has put it in order, and then names decide.
ALTER TABLE service ADD COLUMN position BIGINT NOT NULL DEFAULT 0 CHECK (position >= 0);

-- Which services a room or device is for, and what is switched off or retired.
CREATE INDEX service_need_by_resource ON service_need (workspace_id, resource_id, service_id);
CREATE INDEX service_shelved ON service (workspace_id, id) WHERE active = 0;
