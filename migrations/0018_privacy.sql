-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What only some may read, and how a person's data goes. The past keeps its figures: an erased client stays as a row without a name.

ALTER TABLE client ADD COLUMN erased_s BIGINT;
DROP INDEX client_listed;
CREATE INDEX client_listed ON client (workspace_id, id) WHERE merged_into IS NULL AND erased_s IS NULL;

-- notes is sealed (base/seal.h). One row a client, made with the first note.
CREATE TABLE client_clinical (
  workspace_id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  notes TEXT NOT NULL,
  changed_s BIGINT NOT NULL,
  changed_by TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, client_id),
  FOREIGN KEY (workspace_id, client_id) REFERENCES client (workspace_id, id)
);

-- Who was erased, by number and never by name, so that it is done again in a database that was restored from before. under_way is 1 only within the
-- transaction that erases. kept is what stays and what went, in counts, as JSON.
CREATE TABLE client_erasure (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  erased_s BIGINT NOT NULL,
  by_id BIGINT,
  by_name TEXT NOT NULL DEFAULT '',
  under_way BIGINT NOT NULL DEFAULT 1 CHECK (under_way IN (0, 1)),
  kept TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX client_erasure_once ON client_erasure (workspace_id, client_id);
CREATE INDEX client_erasure_under_way ON client_erasure (workspace_id) WHERE under_way = 1;

-- ---- the two ledgers that are never changed, but for this ----

-- What an erasure may do to an event of the audit: `changes` keeps the members that are no person's (a list, so that a member which is new is
-- dropped), a client's own name goes, and everything else stays as it was. To a movement of stock: a client's own name goes. Both only while
-- an erasure of that business is under way, and nothing is ever removed.
--postgres: CREATE FUNCTION careops_impersonal(changes TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
--postgres:   SELECT COALESCE(json_object_agg(m.key, m.value)::text, '{}') FROM json_each(changes::json) m
--postgres:   WHERE m.key IN ('status', 'start', 'end', 'staff', 'price', 'started_at', 'client_id', 'booking_id', 'stars', 'may_show', 'handled', 'shown', 'hidden', 'source', 'subscribed', 'folder', 'assigned_to', 'other_id', 'form', 'missing')
--postgres: $$;

--postgres: DROP TRIGGER audit_event_fixed ON audit_event;
--postgres: CREATE FUNCTION audit_event_erased() RETURNS trigger LANGUAGE plpgsql AS $$
--postgres: BEGIN
--postgres:   IF NEW.changes = careops_impersonal(OLD.changes)
--postgres:      AND NEW.actor_name = (CASE WHEN OLD.actor_kind IN ('client', 'visitor') THEN '' ELSE OLD.actor_name END)
--postgres:      AND (NEW.workspace_id, NEW.id, NEW.at_s, NEW.actor_kind, NEW.actor_id, NEW.request_id, NEW.entity, NEW.entity_id, NEW.action,
--postgres:           NEW.seq, NEW.staff_id, NEW.other_staff_id)
--postgres:        IS NOT DISTINCT FROM (OLD.workspace_id, OLD.id, OLD.at_s, OLD.actor_kind, OLD.actor_id, OLD.request_id, OLD.entity, OLD.entity_id,
--postgres:           OLD.action, OLD.seq, OLD.staff_id, OLD.other_staff_id)
--postgres:      AND EXISTS (SELECT 1 FROM client_erasure e WHERE e.workspace_id = OLD.workspace_id AND e.under_way = 1) THEN
--postgres:     RETURN NEW;
--postgres:   END IF;
--postgres:   RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_append_only';
--postgres: END $$;
--postgres: CREATE TRIGGER audit_event_fixed BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--postgres: CREATE TRIGGER audit_event_only_erased BEFORE UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_erased();

--postgres: DROP TRIGGER stock_move_fixed ON stock_move;
--postgres: CREATE FUNCTION stock_move_erased() RETURNS trigger LANGUAGE plpgsql AS $$
--postgres: DECLARE
--postgres:   wanted stock_move := OLD;
--postgres: BEGIN
--postgres:   wanted.actor_name := '';
--postgres:   IF OLD.actor_kind IN ('client', 'visitor') AND NEW IS NOT DISTINCT FROM wanted
--postgres:      AND EXISTS (SELECT 1 FROM client_erasure e WHERE e.workspace_id = OLD.workspace_id AND e.under_way = 1) THEN
--postgres:     RETURN NEW;
--postgres:   END IF;
--postgres:   RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stock_move_append_only';
--postgres: END $$;
--postgres: CREATE TRIGGER stock_move_fixed BEFORE DELETE ON stock_move FOR EACH ROW EXECUTE FUNCTION refuse_change();
--postgres: CREATE TRIGGER stock_move_only_erased BEFORE UPDATE ON stock_move FOR EACH ROW EXECUTE FUNCTION stock_move_erased();

--sqlite: DROP TRIGGER audit_event_no_update;
--sqlite: CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event WHEN NOT (
--sqlite:   NEW.changes = (SELECT json_group_object(m.key, json(CASE m.type WHEN 'text' THEN json_quote(m.value) ELSE m.value END)) FROM json_each(OLD.changes) m
--sqlite:     WHERE m.key IN ('status', 'start', 'end', 'staff', 'price', 'started_at', 'client_id', 'booking_id', 'stars', 'may_show', 'handled', 'shown', 'hidden', 'source', 'subscribed', 'folder', 'assigned_to', 'other_id', 'form', 'missing'))
--sqlite:   AND NEW.actor_name = CASE WHEN OLD.actor_kind IN ('client', 'visitor') THEN '' ELSE OLD.actor_name END
--sqlite:   AND NEW.workspace_id = OLD.workspace_id AND NEW.id = OLD.id AND NEW.at_s = OLD.at_s AND NEW.actor_kind = OLD.actor_kind
--sqlite:   AND NEW.actor_id IS OLD.actor_id AND NEW.request_id = OLD.request_id AND NEW.entity = OLD.entity AND NEW.entity_id = OLD.entity_id
--sqlite:   AND NEW.action = OLD.action AND NEW.seq = OLD.seq AND NEW.staff_id IS OLD.staff_id AND NEW.other_staff_id IS OLD.other_staff_id
--sqlite:   AND EXISTS (SELECT 1 FROM client_erasure WHERE workspace_id = OLD.workspace_id AND under_way = 1)
--sqlite: ) BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END;
--sqlite: DROP TRIGGER stock_move_no_update;
--sqlite: CREATE TRIGGER stock_move_no_update BEFORE UPDATE ON stock_move WHEN NOT (
--sqlite:   OLD.actor_kind IN ('client', 'visitor') AND NEW.actor_name = ''
--sqlite:   AND NEW.workspace_id = OLD.workspace_id AND NEW.item_id = OLD.item_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind
--sqlite:   AND NEW.on_hand_delta = OLD.on_hand_delta AND NEW.reserved_delta = OLD.reserved_delta
--sqlite:   AND NEW.on_hand_after = OLD.on_hand_after AND NEW.reserved_after = OLD.reserved_after
--sqlite:   AND NEW.cause_kind = OLD.cause_kind AND NEW.cause_id = OLD.cause_id AND NEW.step = OLD.step AND NEW.booking_id IS OLD.booking_id
--sqlite:   AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id IS OLD.actor_id AND NEW.reason = OLD.reason AND NEW.at_s = OLD.at_s
--sqlite:   AND EXISTS (SELECT 1 FROM client_erasure WHERE workspace_id = OLD.workspace_id AND under_way = 1)
--sqlite: ) BEGIN SELECT RAISE(ABORT, 'stock_move_append_only'); END;

--postgres: SELECT careops_guard_tenants();
