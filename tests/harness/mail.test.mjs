// SPDX-License-Identifier: AGPL-3.0-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseMail } from '../lib/mail.mjs';

const MESSAGE = [
  'From: =?UTF-8?Q?Caf=C3=A9_Salon?= <salon@example.com>',
  'To: ann@example.com',
  'Subject: =?UTF-8?B?w4k=?=',
  ' =?UTF-8?B?dMOp?=',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  '--outer',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Caf=C3=A9 and a =',
  'long line',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('<p>Café</p>').toString('base64'),
  '--inner--',
  '--outer',
  'Content-Type: text/calendar; method=REQUEST; charset=utf-8',
  'Content-Disposition: attachment; filename="visit.ics"',
  '',
  'BEGIN:VCALENDAR',
  'END:VCALENDAR',
  '--outer--',
  '',
].join('\r\n');

test('headers are unfolded and their encoded words decoded', () => {
  const mail = parseMail(MESSAGE);
  assert.equal(mail.from, 'Café Salon <salon@example.com>');
  assert.equal(mail.subject, 'Été');
  assert.deepEqual(mail.headers('To'), ['ann@example.com']);
});

test('each part of a nested message is found and decoded', () => {
  const mail = parseMail(MESSAGE);
  assert.deepEqual(
    mail.parts.map((part) => part.type),
    ['text/plain', 'text/html', 'text/calendar'],
  );
  assert.equal(mail.text, 'Café and a long line');
  assert.equal(mail.html, '<p>Café</p>');
  assert.match(mail.calendar, /^BEGIN:VCALENDAR/);
  assert.equal(mail.parts[2].filename, 'visit.ics');
});

test('a message cut in the middle of its parts is refused', () => {
  assert.throws(() => parseMail(MESSAGE.slice(0, MESSAGE.indexOf('--outer--'))), /missing/);
});
