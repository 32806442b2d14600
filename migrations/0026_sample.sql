-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A sample client is invented (src/sample). All that belongs to them goes with them at one click of the owner's; no letter ever goes to them, nothing is due by
-- time about them, and their visits take nothing from stock.

ALTER TABLE client ADD COLUMN sample BIGINT NOT NULL DEFAULT 0 CHECK (sample IN (0, 1));
CREATE INDEX client_sample ON client (workspace_id, id) WHERE sample = 1;
