-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Accounts: first passwords that end, a second factor, sessions that can be listed, known devices, and invitations of people who have an
-- account already.

-- first_password_*: of the password that an invitation mailed, NULL and 0 once the person has chosen their own. totp_secret is sealed (base/seal.h),
-- and counts from totp_confirmed_s on; totp_last_step is the last step whose code was used.
ALTER TABLE user_account ADD COLUMN first_password_expires_s BIGINT;
ALTER TABLE user_account ADD COLUMN first_password_used BIGINT NOT NULL DEFAULT 0;
ALTER TABLE user_account ADD COLUMN totp_secret TEXT;
ALTER TABLE user_account ADD COLUMN totp_confirmed_s BIGINT;
ALTER TABLE user_account ADD COLUMN totp_last_step BIGINT NOT NULL DEFAULT 0;
UPDATE user_account SET first_password_expires_s = created_s + 604800 WHERE must_change_password = 1;

ALTER TABLE workspace ADD COLUMN session_idle_min BIGINT NOT NULL DEFAULT 20160;
ALTER TABLE workspace ADD COLUMN require_two_factor BIGINT NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN last_seen_s BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
UPDATE session SET last_seen_s = created_s;

-- confirmed 0: an account that was there before and has not said yes to this business; it opens nothing here. invite_message_id is the message of the
-- newest invitation; invite_expires_s is when that invitation ends.
ALTER TABLE staff ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 1;
ALTER TABLE staff ADD COLUMN invite_message_id BIGINT;
ALTER TABLE staff ADD COLUMN invite_expires_s BIGINT;

CREATE TABLE invitation (
  token_hash TEXT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  created_s BIGINT NOT NULL,
  expires_s BIGINT NOT NULL,
  FOREIGN KEY (workspace_id, staff_id) REFERENCES staff (workspace_id, id)
);
CREATE INDEX invitation_by_staff ON invitation (workspace_id, staff_id);
CREATE INDEX invitation_by_expiry ON invitation (expires_s);

-- A code's first letter names its slot; only its hash is kept, and the row goes with its use.
CREATE TABLE recovery_code (
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  slot BIGINT NOT NULL,
  code_hash TEXT NOT NULL,
  PRIMARY KEY (user_id, slot)
);

-- Browsers in which a person has signed in: guesses from elsewhere do not use up their attempts.
CREATE TABLE known_device (
  token_hash TEXT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  last_used_s BIGINT NOT NULL,
  PRIMARY KEY (token_hash, user_id)
);
CREATE INDEX known_device_by_user ON known_device (user_id, last_used_s);
CREATE INDEX known_device_by_age ON known_device (last_used_s);

CREATE INDEX password_reset_by_expiry ON password_reset (expires_s);

-- What asking for a reset link writes where there is no account: so that the time it takes does not tell.
CREATE TABLE reset_decoy (
  token_hash TEXT NOT NULL PRIMARY KEY,
  expires_s BIGINT NOT NULL
);
CREATE INDEX reset_decoy_by_expiry ON reset_decoy (expires_s);
