-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The inbox that several people share: who looks after a conversation, where it lies, by which way each message came, and how it is found again.

-- folder: doubtful while all that the client wrote in it looks like a machine's, or while a person has put it there (set_aside: then also what
-- comes next waits there). unwelcomed: its client was made by a doubtful message, and has not been welcomed. assigned_staff_id 0: nobody.
ALTER TABLE conversation ADD COLUMN assigned_staff_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN folder TEXT NOT NULL DEFAULT 'inbox' CHECK (folder IN ('inbox', 'doubtful'));
ALTER TABLE conversation ADD COLUMN set_aside BIGINT NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1));
ALTER TABLE conversation ADD COLUMN unwelcomed BIGINT NOT NULL DEFAULT 0 CHECK (unwelcomed IN (0, 1));

-- via: the way it came or went. doubt: why it was held to be doubtful; it stays when a person has said that it is not.
ALTER TABLE conversation_message ADD COLUMN via TEXT NOT NULL DEFAULT 'contact' CHECK (via IN ('contact', 'mail', 'form', 'portal', 'office'));
ALTER TABLE conversation_message ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
UPDATE conversation_message SET via = CASE author_kind WHEN 'staff' THEN 'portal' ELSE 'office' END WHERE direction <> 'in';
UPDATE conversation_message SET doubt = 'honeypot' WHERE doubtful = 1;
UPDATE conversation SET folder = 'doubtful'
  WHERE EXISTS (SELECT 1 FROM conversation_message m WHERE m.workspace_id = conversation.workspace_id AND m.conversation_id = conversation.id AND m.doubtful = 1)
  AND NOT EXISTS (SELECT 1 FROM conversation_message m WHERE m.workspace_id = conversation.workspace_id AND m.conversation_id = conversation.id
    AND (m.direction = 'out' OR (m.direction = 'in' AND m.doubtful = 0)));

DROP INDEX conversation_by_turn;
CREATE INDEX conversation_by_turn ON conversation (workspace_id, folder, unanswered, last_id);
CREATE INDEX conversation_by_assigned ON conversation (workspace_id, folder, assigned_staff_id, unanswered, last_id);

-- ---- saved replies: what is answered often ----

CREATE TABLE saved_reply (
  workspace_id BIGINT NOT NULL REFERENCES workspace (id),
  id BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  created_s BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);

-- ---- who is writing an answer just now: good for a few seconds, told by the event stream, kept by nobody ----

CREATE TABLE conversation_answering (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  at_s BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, staff_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation (workspace_id, id)
);
CREATE INDEX conversation_answering_by_time ON conversation_answering (at_s);

--postgres: SELECT careops_guard_tenants();

-- ---- words: how messages are found again (src/inbox/words.h) ----

-- One row for each word of each message, in an order in which a word's newest message is found at once. A message whose words_made is 0 waits for
-- the program to make them. A message's rows are removed by inbox_forget_words.
ALTER TABLE conversation_message ADD COLUMN words_made BIGINT NOT NULL DEFAULT 0 CHECK (words_made IN (0, 1));
CREATE INDEX conversation_message_by_id ON conversation_message (workspace_id, id, conversation_id);
CREATE INDEX conversation_message_without_words ON conversation_message (id) WHERE words_made = 0;

CREATE TABLE conversation_word (
  workspace_id BIGINT NOT NULL,
  word TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, word, message_id)
)
--sqlite: WITHOUT ROWID
;
--postgres: ALTER TABLE conversation_word ALTER COLUMN word TYPE TEXT COLLATE "C";

--postgres: SELECT careops_guard_tenants();
