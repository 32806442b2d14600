-- SPDX-License-Identifier: AGPL-3.0-or-later
-- How a business's own letters leave: by the program's service, or by one of its own. One row a business, made when its owner first chooses.

-- smtp_password and resend_key are sealed (base/seal.h); key_hint is the end of the key, to know it by. changed_s: an attempt from before it was made by
-- another service. free_s, tail_s and rest_until_s are the mailer's: when the next letter of this business may go, up to when the seconds are given to
-- letters that wait, and until when its service is left alone after it has failed (message/own_mail.h).
CREATE TABLE workspace_mail (
  workspace_id BIGINT NOT NULL PRIMARY KEY REFERENCES workspace (id),
  provider TEXT NOT NULL DEFAULT 'server' CHECK (provider IN ('server', 'smtp', 'resend')),
  from_name TEXT NOT NULL DEFAULT '',
  from_address TEXT NOT NULL DEFAULT '',
  smtp_host TEXT NOT NULL DEFAULT '',
  smtp_port BIGINT NOT NULL DEFAULT 587,
  smtp_security TEXT NOT NULL DEFAULT 'starttls' CHECK (smtp_security IN ('starttls', 'tls', 'none')),
  smtp_username TEXT NOT NULL DEFAULT '',
  smtp_password TEXT NOT NULL DEFAULT '',
  resend_key TEXT NOT NULL DEFAULT '',
  key_hint TEXT NOT NULL DEFAULT '',
  changed_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  free_s BIGINT NOT NULL DEFAULT 0,
  tail_s BIGINT NOT NULL DEFAULT 0,
  rest_until_s BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0,
  failing_since_s BIGINT,
  last_error TEXT,
  last_sent_s BIGINT
);

-- The ledger in the order in which it was written, for the export of a business.
CREATE INDEX stock_move_listed ON stock_move (workspace_id, id);

--postgres: SELECT careops_guard_tenants();
