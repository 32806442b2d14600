-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The ground: one text for SQLite and PostgreSQL. Lines that begin with `--sqlite:` or `--postgres:` count for that engine alone.
-- Every key begins with workspace_id, so that a tenant is a range. Times are UTC seconds, dates days since 1970, clocks minutes of
-- the day, money minor units, quantities thousandths of the item's unit, booleans 0 or 1. On SQLite, small tables that are read by their whole
-- key are stored as that key (WITHOUT ROWID).

--postgres: CREATE EXTENSION IF NOT EXISTS btree_gist;

--postgres: CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
--postgres: BEGIN
--postgres:   RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
--postgres: END $$;

-- ---- accounts: a person exists once, whatever number of workspaces they belong to ----

CREATE TABLE user_account (
  id BIGINT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  must_change_password BIGINT NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1)),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX user_account_email_key ON user_account (email);

CREATE TABLE workspace (
  id BIGINT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  timezone TEXT NOT NULL,
  currency TEXT NOT NULL,
  locale TEXT NOT NULL DEFAULT 'en',
  address TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  contact_email TEXT NOT NULL DEFAULT '',
  accent_color TEXT,
  slot_step_min BIGINT NOT NULL DEFAULT 15,
  min_notice_min BIGINT NOT NULL DEFAULT 60,
  max_advance_days BIGINT NOT NULL DEFAULT 90,
  cancel_cutoff_min BIGINT NOT NULL DEFAULT 1440,
  auto_confirm BIGINT NOT NULL DEFAULT 1 CHECK (auto_confirm IN (0, 1)),
  published_s BIGINT,
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX workspace_slug_key ON workspace (slug);

CREATE TABLE workspace_hours (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  start_min BIGINT NOT NULL CHECK (start_min >= 0),
  end_min BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, weekday, start_min),
  CONSTRAINT workspace_hours_span CHECK (start_min < end_min AND end_min <= 1440)
)
--sqlite: WITHOUT ROWID
;

CREATE TABLE closure (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, from_day, to_day),
  CONSTRAINT closure_span CHECK (from_day <= to_day)
)
--sqlite: WITHOUT ROWID
;

-- ---- resources: whatever can be held. A member of staff is a resource of kind person. ----

CREATE TABLE resource (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'room', 'device')),
  name TEXT NOT NULL,
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);

-- permissions: bits of db/work.h. hours_own 0: works whenever the business is open; 1: only as staff_hours says.
CREATE TABLE staff (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'staff')),
  permissions BIGINT NOT NULL DEFAULT 0,
  bookable BIGINT NOT NULL DEFAULT 0 CHECK (bookable IN (0, 1)),
  hours_own BIGINT NOT NULL DEFAULT 0 CHECK (hours_own IN (0, 1)),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, id) REFERENCES resource (workspace_id, id)
);
CREATE UNIQUE INDEX staff_user_key ON staff (workspace_id, user_id);
CREATE INDEX staff_by_user ON staff (user_id);

CREATE TABLE staff_hours (
  workspace_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  start_min BIGINT NOT NULL CHECK (start_min >= 0),
  end_min BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, staff_id, weekday, start_min),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id),
  CONSTRAINT staff_hours_span CHECK (start_min < end_min AND end_min <= 1440)
)
--sqlite: WITHOUT ROWID
;

CREATE TABLE time_off (
  workspace_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  start_s BIGINT NOT NULL,
  end_s BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  created_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, staff_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id),
  CONSTRAINT time_off_span CHECK (start_s < end_s)
);
CREATE INDEX time_off_by_end ON time_off (workspace_id, staff_id, end_s);

CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  id BIGINT NOT NULL,
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  created_s BIGINT NOT NULL,
  expires_s BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_s);

CREATE TABLE password_reset (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  created_s BIGINT NOT NULL,
  expires_s BIGINT NOT NULL
);
CREATE INDEX password_reset_by_user ON password_reset (user_id);

-- ---- what is sold, and what it needs ----

CREATE TABLE service (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  duration_min BIGINT NOT NULL CHECK (duration_min > 0),
  buffer_before_min BIGINT NOT NULL DEFAULT 0 CHECK (buffer_before_min >= 0),
  buffer_after_min BIGINT NOT NULL DEFAULT 0 CHECK (buffer_after_min >= 0),
  price BIGINT NOT NULL CHECK (price >= 0),
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  retired BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE service_segment (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('work', 'processing')),
  minutes BIGINT NOT NULL CHECK (minutes > 0),
  PRIMARY KEY (workspace_id, service_id, position),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;

CREATE TABLE service_staff (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, service_id, staff_id),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX service_staff_by_staff ON service_staff (workspace_id, staff_id);

-- One of the resources with the same (service, position) is needed.
CREATE TABLE service_need (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  resource_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, service_id, position, resource_id),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, resource_id) REFERENCES resource (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;

-- ---- stock: an append-only ledger, and its sums kept in the same transaction ----
-- low_count numbers the alerts; last_move_id lets the ids of an item's movements rise strictly, whichever process writes them.

CREATE TABLE item (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  sku TEXT,
  unit TEXT NOT NULL,
  reorder_point BIGINT NOT NULL DEFAULT 0 CHECK (reorder_point >= 0),
  on_hand BIGINT NOT NULL DEFAULT 0,
  reserved BIGINT NOT NULL DEFAULT 0,
  low BIGINT NOT NULL DEFAULT 1 CHECK (low IN (0, 1)),
  low_count BIGINT NOT NULL DEFAULT 0,
  last_move_id BIGINT NOT NULL DEFAULT 0,
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  CONSTRAINT item_stock_check CHECK (on_hand >= 0 AND reserved >= 0 AND reserved <= on_hand)
);
CREATE UNIQUE INDEX item_sku_key ON item (workspace_id, sku) WHERE sku IS NOT NULL;

CREATE TABLE service_material (
  workspace_id BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (workspace_id, service_id, item_id),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id),
  FOREIGN KEY (workspace_id, item_id) REFERENCES item (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX service_material_by_item ON service_material (workspace_id, item_id);

-- The cause (cause_kind, cause_id, step) is unique per item: nothing is reserved, consumed or released twice.
CREATE TABLE stock_move (
  workspace_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('receive', 'count', 'waste', 'adjust', 'reserve', 'release', 'consume')),
  on_hand_delta BIGINT NOT NULL,
  reserved_delta BIGINT NOT NULL,
  on_hand_after BIGINT NOT NULL CHECK (on_hand_after >= 0),
  reserved_after BIGINT NOT NULL,
  cause_kind TEXT NOT NULL CHECK (cause_kind IN ('hand', 'booking')),
  cause_id BIGINT NOT NULL,
  step BIGINT NOT NULL,
  booking_id BIGINT,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  actor_name TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  at_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, item_id, id),
  FOREIGN KEY (workspace_id, item_id) REFERENCES item (workspace_id, id),
  CONSTRAINT stock_move_after_check CHECK (reserved_after >= 0 AND reserved_after <= on_hand_after)
);
CREATE UNIQUE INDEX stock_move_once ON stock_move (workspace_id, item_id, cause_kind, cause_id, step);
--sqlite: CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move BEGIN SELECT RAISE(ABORT, 'stock_move_append_only'); END;
--sqlite: CREATE TRIGGER stock_move_no_delete BEFORE DELETE ON stock_move BEGIN SELECT RAISE(ABORT, 'stock_move_append_only'); END;
--postgres: CREATE TRIGGER stock_move_fixed BEFORE UPDATE OR DELETE ON stock_move FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---- clients and their bookings ----

-- email_key is the address in lower case; one client per address and workspace.
CREATE TABLE client (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  email_key TEXT,
  phone TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'contacted', 'booked')),
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX client_email_key ON client (workspace_id, email_key) WHERE email_key IS NOT NULL;

-- outer_* is the interval with its buffers. revision counts what a client must be told (the SEQUENCE of calendar entries and the occurrence of messages);
-- stock_step counts the stock changes of this booking (the step of their causes). cancelled_from remembers what restore goes back to.
CREATE TABLE booking (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')),
  start_s BIGINT NOT NULL,
  end_s BIGINT NOT NULL,
  outer_from_s BIGINT NOT NULL,
  outer_to_s BIGINT NOT NULL,
  price BIGINT NOT NULL CHECK (price >= 0),
  notes TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('public', 'staff')),
  cancelled_from TEXT,
  cancelled_by TEXT,
  cancelled_s BIGINT,
  revision BIGINT NOT NULL DEFAULT 0,
  stock_step BIGINT NOT NULL DEFAULT 0,
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id),
  CONSTRAINT booking_span CHECK (outer_from_s <= start_s AND start_s < end_s AND end_s <= outer_to_s)
);
CREATE INDEX booking_by_start ON booking (workspace_id, start_s, id);
CREATE INDEX booking_by_status ON booking (workspace_id, status, start_s, id);
CREATE INDEX booking_by_staff ON booking (workspace_id, staff_id, start_s, id);
CREATE INDEX booking_by_client ON booking (workspace_id, client_id, start_s, id);

-- Name, time and price as they were when booked: a later change of the menu does not rewrite the diary.
CREATE TABLE booking_service (
  workspace_id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  service_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  duration_min BIGINT NOT NULL,
  price BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, booking_id, position),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  FOREIGN KEY (workspace_id, service_id) REFERENCES service (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX booking_service_by_service ON booking_service (workspace_id, service_id);

-- quantity is what the visit reserves while it is open; used is what completing it really took.
CREATE TABLE booking_material (
  workspace_id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity >= 0),
  used BIGINT,
  PRIMARY KEY (workspace_id, booking_id, item_id),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  FOREIGN KEY (workspace_id, item_id) REFERENCES item (workspace_id, id)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX booking_material_by_item ON booking_material (workspace_id, item_id);

-- What a visit holds, or what a client has picked and not booked yet (pick_hash: of their token; until expires_s). The database itself
-- refuses overlap; the length limit lets the check look at a bounded piece of the index.
CREATE TABLE hold (
  workspace_id BIGINT NOT NULL,
  resource_id BIGINT NOT NULL,
  start_s BIGINT NOT NULL,
  id BIGINT NOT NULL,
  end_s BIGINT NOT NULL,
  booking_id BIGINT,
  pick_hash TEXT,
  pick_from TEXT,
  expires_s BIGINT,
  active BIGINT NOT NULL CHECK (active IN (0, 1)),
  PRIMARY KEY (workspace_id, resource_id, start_s, id),
  FOREIGN KEY (workspace_id, resource_id) REFERENCES resource (workspace_id, id),
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id),
  CONSTRAINT hold_span CHECK (start_s < end_s AND end_s - start_s <= 172800),
  CONSTRAINT hold_owner CHECK ((booking_id IS NULL) <> (pick_hash IS NULL) AND (pick_hash IS NULL) = (expires_s IS NULL))
--postgres: , CONSTRAINT hold_no_overlap EXCLUDE USING gist (workspace_id WITH =, resource_id WITH =, int8range(start_s, end_s) WITH &&) WHERE (active = 1)
)
--sqlite: WITHOUT ROWID
;
CREATE INDEX hold_by_booking ON hold (workspace_id, booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX hold_by_pick ON hold (workspace_id, pick_hash) WHERE pick_hash IS NOT NULL;
CREATE INDEX hold_by_end_of_pick ON hold (expires_s) WHERE pick_hash IS NOT NULL;
--sqlite: CREATE TRIGGER hold_insert BEFORE INSERT ON hold WHEN NEW.active = 1 BEGIN
--sqlite:   SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (SELECT 1 FROM hold
--sqlite:     WHERE workspace_id = NEW.workspace_id AND resource_id = NEW.resource_id AND start_s > NEW.start_s - 172801 AND start_s < NEW.end_s
--sqlite:       AND end_s > NEW.start_s AND active = 1);
--sqlite: END;
--sqlite: CREATE TRIGGER hold_update BEFORE UPDATE ON hold WHEN NEW.active = 1 BEGIN
--sqlite:   SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (SELECT 1 FROM hold
--sqlite:     WHERE workspace_id = NEW.workspace_id AND resource_id = NEW.resource_id AND start_s > NEW.start_s - 172801 AND start_s < NEW.end_s
--sqlite:       AND end_s > NEW.start_s AND active = 1
--sqlite:       AND NOT (workspace_id = OLD.workspace_id AND resource_id = OLD.resource_id AND start_s = OLD.start_s AND id = OLD.id));
--sqlite: END;

-- The client's own link: only the token's hash is kept; each message mints its own.
CREATE TABLE booking_link (
  token_hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL,
  FOREIGN KEY (workspace_id, booking_id) REFERENCES booking (workspace_id, id)
);
CREATE INDEX booking_link_by_booking ON booking_link (workspace_id, booking_id);

-- ---- messages: written in the transaction that causes them, sent after it ----

CREATE TABLE message (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  occurrence TEXT NOT NULL,
  to_name TEXT NOT NULL DEFAULT '',
  to_address TEXT NOT NULL,
  from_name TEXT NOT NULL DEFAULT '',
  reply_to TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  body_html TEXT,
  calendar TEXT,
  calendar_method TEXT,
  message_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'suppressed')),
  attempts BIGINT NOT NULL DEFAULT 0,
  last_error TEXT,
  provider_id TEXT,
  due_s BIGINT NOT NULL,
  lease_until_s BIGINT NOT NULL DEFAULT 0,
  lease_owner TEXT,
  outcome_unknown BIGINT NOT NULL DEFAULT 0 CHECK (outcome_unknown IN (0, 1)),
  first_attempt_s BIGINT,
  booking_id BIGINT,
  client_id BIGINT,
  created_s BIGINT NOT NULL,
  sent_s BIGINT,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX message_once ON message (workspace_id, kind, subject_id, occurrence);
CREATE INDEX message_due ON message (due_s, id) WHERE status = 'queued';
CREATE INDEX message_by_booking ON message (workspace_id, booking_id, id) WHERE booking_id IS NOT NULL;
CREATE INDEX message_by_status ON message (workspace_id, status, id);
CREATE INDEX message_by_kind ON message (workspace_id, kind, id);

-- ---- who did what, and what was answered ----

CREATE TABLE audit_event (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at_s BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT,
  actor_name TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  entity TEXT NOT NULL,
  entity_id BIGINT NOT NULL,
  action TEXT NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_event_by_entity ON audit_event (workspace_id, entity_id, id);
CREATE INDEX audit_event_by_kind ON audit_event (workspace_id, entity, id);
CREATE INDEX audit_event_by_actor ON audit_event (workspace_id, actor_id, id);
--sqlite: CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END;
--sqlite: CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END;
--postgres: CREATE TRIGGER audit_event_fixed BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency (
  workspace_id BIGINT NOT NULL,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  headers TEXT NOT NULL,
  body TEXT NOT NULL,
  created_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, scope, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_s);

-- SQLite is told the sizes to plan for, since nobody runs ANALYZE on an empty database: without them it reads a tenant's
-- holds by their clustered key where the booking's index is meant.
--sqlite: ANALYZE;
--sqlite: DELETE FROM sqlite_stat1;
--sqlite: INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('hold', 'hold', '10000000 50000 5000 2 1'),
--sqlite:   ('hold', 'hold_by_booking', '10000000 50000 2'), ('hold', 'hold_by_pick', '100 5 2'), ('hold', 'hold_by_end_of_pick', '100 1'),
--sqlite:   ('message', 'message_by_booking', '10000000 50000 3 1'), ('message', 'message_by_status', '10000000 50000 15000 1');
--sqlite: ANALYZE sqlite_schema;
