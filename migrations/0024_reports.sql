-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What reports are read by, beside the indexes of the diary: ratings by when they were given, and what was on hand by when it
-- changed. Reserving and releasing, which are most of the ledger, are in neither.

CREATE INDEX rating_by_time ON rating (workspace_id, created_s, id);
CREATE INDEX stock_move_by_time ON stock_move (workspace_id, item_id, at_s, id) WHERE on_hand_delta <> 0;
