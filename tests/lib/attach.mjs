// SPDX-License-Identifier: AGPL-3.0-or-later
// A message with a file, put into a conversation past the program: for tests of who may read it, which
// need no mail server. How files come in is in mailin.test.mjs.

import { sql } from './contents.mjs';

/** The file's id. */
export async function attach(server, conversation, { name = 'a.png', type = 'image/png' } = {}) {
  const [row] = await sql(
    server,
    `SELECT workspace_id, last_id FROM conversation WHERE id = ${conversation.id}`,
  );
  const [workspace, last] = row.split('|').map(BigInt);
  const message = last + 1n;
  const file = last + 2n;
  const bytes = server.engine === 'postgres' ? "'\\x6869'" : "X'6869'";
  await sql(
    server,
    `INSERT INTO conversation_message (workspace_id, conversation_id, id, direction, body, author_kind,
       created_s, via, files, words_made) VALUES (${workspace}, ${conversation.id}, ${message}, 'in', 'See.', 'client',
       1800000000, 'mail', 1, 1);
     INSERT INTO conversation_attachment (workspace_id, message_id, id, name, type, size, bytes)
       VALUES (${workspace}, ${message}, ${file}, '${name}', '${type}', 2, ${bytes});
     UPDATE conversation SET last_id = ${message} WHERE id = ${conversation.id}`,
  );
  return String(file);
}
