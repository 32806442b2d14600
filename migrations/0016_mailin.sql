-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What clients answer by e-mail comes back into their conversation.

-- quoted: the history that the sender's program has put below their words. from_*: who wrote it, where that is not the client's address.
-- files: how many rows conversation_attachment has for it.
ALTER TABLE conversation_message ADD COLUMN quoted TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation_message ADD COLUMN from_name TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation_message ADD COLUMN from_address TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation_message ADD COLUMN files BIGINT NOT NULL DEFAULT 0;

-- bytes: NULL where the file was left out (too large, or one too many): then only its name, and its size where that is known.
CREATE TABLE conversation_attachment (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  bytes BYTEA,
  PRIMARY KEY (workspace_id, message_id, id)
);
CREATE UNIQUE INDEX conversation_attachment_id_key ON conversation_attachment (workspace_id, id);

-- The addresses that letters give for an answer: only the token's hash is kept; each letter mints its own. A client has one conversation, so the
-- token belongs to that. letter_id: the letter, so that an answer is also found by the Message-ID that it names.
CREATE TABLE reply_token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  client_id BIGINT NOT NULL,
  letter_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL
);
CREATE INDEX reply_token_by_letter ON reply_token (letter_id);
CREATE INDEX reply_token_by_client ON reply_token (workspace_id, client_id);

-- Mails that a business has been given: each once, whichever way it came and however often. mail_key is a hash of the mail.
CREATE TABLE mail_seen (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  mail_key TEXT NOT NULL,
  seen_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, mail_key)
);
CREATE INDEX mail_seen_by_time ON mail_seen (seen_s);

-- Mails of which nobody knows whose they are, for the operator; raw is sealed. They go after some weeks.
CREATE TABLE mail_unmatched (
  mail_key TEXT NOT NULL PRIMARY KEY,
  id BIGINT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('imap', 'resend')),
  why TEXT NOT NULL,
  received_s BIGINT NOT NULL,
  size BIGINT NOT NULL,
  raw TEXT NOT NULL
);
CREATE UNIQUE INDEX mail_unmatched_id_key ON mail_unmatched (id);
CREATE INDEX mail_unmatched_by_time ON mail_unmatched (received_s);

-- How far a mailbox has been read. uid_validity 0: never yet. since_s: what the server had before is not looked at when the numbers are new.
-- trying_uid, tries: the mail in hand, and how often it was begun: one that has ended its program several times is passed over.
-- lease_owner: the process that reads it, until lease_s.
CREATE TABLE mail_box (
  name TEXT NOT NULL PRIMARY KEY,
  uid_validity BIGINT NOT NULL DEFAULT 0,
  last_uid BIGINT NOT NULL DEFAULT 0,
  trying_uid BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0,
  since_s BIGINT NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '',
  lease_s BIGINT NOT NULL DEFAULT 0
);

-- Mails that Resend has told of and that are still to be fetched from it. failed: it was tried for too long; the mail lies at Resend.
CREATE TABLE mail_fetch (
  email_id TEXT NOT NULL PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'failed')),
  due_s BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  lease_owner TEXT,
  last_error TEXT,
  created_s BIGINT NOT NULL
);
CREATE INDEX mail_fetch_due ON mail_fetch (due_s) WHERE status = 'waiting';

-- A sender without a token is looked up in all businesses.
CREATE INDEX client_by_email ON client (email_key, workspace_id) WHERE email_key IS NOT NULL;

--postgres: SELECT careops_guard_tenants();
