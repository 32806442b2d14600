-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What all processes know together of a mail service: how fast it may be called, and which of its reports were read. Nobody's rows in particular.

-- next_ms: when the calls that were taken so far are paid for, as the wall clock counts. paused_until_ms: it asked for a pause, paused_for_ms long;
-- the length tells a pause from one that was written by a clock which has gone back since (message/mail_rate.h).
CREATE TABLE mail_rate (
  provider TEXT NOT NULL PRIMARY KEY,
  next_ms BIGINT NOT NULL DEFAULT 0,
  paused_until_ms BIGINT NOT NULL DEFAULT 0,
  paused_for_ms BIGINT NOT NULL DEFAULT 0
);

-- A report comes until it is answered well, and anybody on the way could send it again: each is read once.
CREATE TABLE webhook_seen (
  id TEXT NOT NULL PRIMARY KEY,
  seen_s BIGINT NOT NULL
);
CREATE INDEX webhook_seen_by_time ON webhook_seen (seen_s);
