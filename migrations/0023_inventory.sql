-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What an item costs and where it comes from; and counting the shelf, item by item, while work goes on.

-- unit_cost: minor units of the currency for one unit, by the latest delivery. A pack is how it is delivered: a name, and how much is in one.
-- last_count_id: the newest movement that was a count. Whoever counted before it knows less than it does (stocktake_line.seen_move_id).
ALTER TABLE item ADD COLUMN unit_cost BIGINT CHECK (unit_cost >= 0);
ALTER TABLE item ADD COLUMN pack_name TEXT;
ALTER TABLE item ADD COLUMN pack_size BIGINT CHECK (pack_size > 0);
ALTER TABLE item ADD COLUMN supplier TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN last_count_id BIGINT NOT NULL DEFAULT 0;

-- What a unit was worth when it moved, and the stocktake that a count belongs to.
ALTER TABLE stock_move ADD COLUMN unit_cost BIGINT;
ALTER TABLE stock_move ADD COLUMN stocktake_id BIGINT;
CREATE INDEX stock_move_consumed ON stock_move (workspace_id, item_id, at_s, on_hand_delta) WHERE kind = 'consume';

-- As in 0018, with the two new columns; PostgreSQL's compares whole rows.
--sqlite: DROP TRIGGER stock_move_no_update;
--sqlite: CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move WHEN NOT (
--sqlite:   OLD.actor_kind IN ('client', 'visitor') AND NEW.actor_name = ''
--sqlite:   AND NEW.workspace_id = OLD.workspace_id AND NEW.item_id = OLD.item_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind
--sqlite:   AND NEW.on_hand_delta = OLD.on_hand_delta AND NEW.reserved_delta = OLD.reserved_delta
--sqlite:   AND NEW.on_hand_after = OLD.on_hand_after AND NEW.reserved_after = OLD.reserved_after
--sqlite:   AND NEW.cause_kind = OLD.cause_kind AND NEW.cause_id = OLD.cause_id AND NEW.step = OLD.step AND NEW.booking_id IS OLD.booking_id
--sqlite:   AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id IS OLD.actor_id AND NEW.reason = OLD.reason AND NEW.at_s = OLD.at_s
--sqlite:   AND NEW.unit_cost IS OLD.unit_cost AND NEW.stocktake_id IS OLD.stocktake_id
--sqlite:   AND EXISTS (SELECT 1 FROM client_erasure WHERE workspace_id = OLD.workspace_id AND under_way = 1)
--sqlite: ) BEGIN SELECT RAISE(ABORT, 'stock_move_append_only'); END;

-- items and counted are how many lines there are and how many of them have a number. variance_value: what the finished one found, in minor units.
CREATE TABLE stocktake (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'finished', 'cancelled')),
  items BIGINT NOT NULL CHECK (items > 0),
  counted BIGINT NOT NULL DEFAULT 0,
  variance_value BIGINT,
  started_s BIGINT NOT NULL,
  started_by TEXT NOT NULL DEFAULT '',
  ended_s BIGINT,
  ended_by TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  CONSTRAINT stocktake_counted CHECK (counted >= 0 AND counted <= items),
  CONSTRAINT stocktake_ended CHECK ((status = 'open') = (ended_s IS NULL))
);
CREATE INDEX stocktake_open ON stocktake (workspace_id, id) WHERE status = 'open';

-- expected is what the ledger said when this was counted, and seen_move_id its newest movement then. What has moved since is not touched by finishing;
-- overtaken: a newer count had the word. unit_cost stands here once it is finished.
CREATE TABLE stocktake_line (
  workspace_id BIGINT NOT NULL,
  stocktake_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  counted BIGINT CHECK (counted >= 0),
  expected BIGINT,
  seen_move_id BIGINT NOT NULL DEFAULT 0,
  counted_s BIGINT,
  counted_by TEXT NOT NULL DEFAULT '',
  overtaken BIGINT NOT NULL DEFAULT 0 CHECK (overtaken IN (0, 1)),
  unit_cost BIGINT,
  PRIMARY KEY (workspace_id, stocktake_id, item_id),
  FOREIGN KEY (workspace_id, stocktake_id) REFERENCES stocktake (workspace_id, id),
  FOREIGN KEY (workspace_id, item_id) REFERENCES item (workspace_id, id),
  CONSTRAINT stocktake_line_counted CHECK ((counted IS NULL) = (expected IS NULL) AND (counted IS NULL) = (counted_s IS NULL))
)
--sqlite: WITHOUT ROWID
;

--postgres: SELECT careops_guard_tenants();
