-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who sees what: whether staff see their clients' contact details, and tokens for programs.

ALTER TABLE workspace ADD COLUMN staff_see_contacts BIGINT NOT NULL DEFAULT 0 CHECK (staff_see_contacts IN (0, 1));

-- A token is its maker cut down to its scopes; only the secret's hash is kept. scopes: the bits of enum permission, the same ones for reading alone
-- eight bits higher, and 65536 for admin (account/token.c). revoked rows are removed: the audit keeps what they were.
CREATE TABLE api_token (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  token_hash TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  scopes BIGINT NOT NULL CHECK (scopes > 0),
  created_s BIGINT NOT NULL,
  expires_s BIGINT,
  last_used_s BIGINT,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id)
);
CREATE UNIQUE INDEX api_token_hash_key ON api_token (token_hash);
CREATE INDEX api_token_by_maker ON api_token (workspace_id, staff_id);
