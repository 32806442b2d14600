-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the owner's first page asks for: times off that are still to come, whoever's; and what runs low.

CREATE INDEX time_off_to_come ON time_off (workspace_id, end_s);
CREATE INDEX item_low ON item (workspace_id, id) WHERE low = 1 AND active = 1;
