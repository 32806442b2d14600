-- SPDX-License-Identifier: AGPL-3.0-or-later
-- every_visit: it is asked for whatever the service, as long as no service names it. Forms from before are asked for by those that name them, as ever.

ALTER TABLE form ADD COLUMN every_visit BIGINT NOT NULL DEFAULT 0 CHECK (every_visit IN (0, 1));
