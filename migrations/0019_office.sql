-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The language in which a person reads the office; NULL: that of the business.

ALTER TABLE user_account ADD COLUMN language TEXT CONSTRAINT user_account_language CHECK (language IN ('en', 'pl'));
