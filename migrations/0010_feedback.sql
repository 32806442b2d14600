-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What clients say after their visit, and the link by which they say it.

-- The link of a letter after the visit: only the token's hash is kept; each letter mints its own. It opens the rating of that visit, while the visit is
-- that client's, and the client's wish to get no such letters.
CREATE TABLE feedback_link (
  token_hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL,
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id)
);
CREATE INDEX feedback_link_by_booking ON feedback_link (workspace_id, booking_id);
CREATE INDEX feedback_link_by_client ON feedback_link (workspace_id, client_id);

-- One a visit. services is a JSON array of their names, as they were. may_show is the client's word and hidden the owner's: it is shown to all where
-- the first is 1 and the second 0. handled_* says that the owner has seen to a low one.
CREATE TABLE rating (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  services TEXT NOT NULL DEFAULT '[]',
  stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  comment TEXT NOT NULL DEFAULT '',
  may_show BIGINT NOT NULL DEFAULT 0 CHECK (may_show IN (0, 1)),
  hidden BIGINT NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  handled_s BIGINT,
  handled_by TEXT,
  created_s BIGINT NOT NULL,
  changed_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id),
  CONSTRAINT rating_shown_is_good CHECK (may_show = 0 OR stars >= 4),
  CONSTRAINT rating_handled CHECK ((handled_s IS NULL) = (handled_by IS NULL))
);
CREATE UNIQUE INDEX rating_once ON rating (workspace_id, booking_id);
CREATE INDEX rating_by_client ON rating (workspace_id, client_id, id);
CREATE INDEX rating_by_staff ON rating (workspace_id, staff_id, id);
CREATE INDEX rating_low ON rating (workspace_id, id) WHERE stars <= 3 AND handled_s IS NULL;
CREATE INDEX rating_low_by_staff ON rating (workspace_id, staff_id, id) WHERE stars <= 3 AND handled_s IS NULL;
CREATE INDEX rating_shown ON rating (workspace_id, id) WHERE may_show = 1 AND hidden = 0;

-- How many ratings a business has and the sum of their stars, all of them, so that a page which shows the average reads one row.
CREATE TABLE rating_total (
  workspace_id BIGINT NOT NULL PRIMARY KEY REFERENCES workspace (id),
  ratings BIGINT NOT NULL CHECK (ratings >= 0),
  stars BIGINT NOT NULL CHECK (stars >= 0)
);

--postgres: SELECT careops_guard_tenants();
