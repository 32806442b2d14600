// SPDX-License-Identifier: AGPL-3.0-or-later
// What the program writes, read by others: messages by Python's e-mail package, calendars by
// ical.js. SOAK=1 runs ten times as many.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import ICAL from 'ical.js';

import { MAIL_DRIVER, ROOT, runLines, sampleMail } from './driver.mjs';
import { FIXED, asBody, asCalendarText, asHeader, cutBytes, generator } from './strings.mjs';

const GENERATED = process.env.SOAK === '1' ? 20_000 : 2_000;
const NAME_MAX = 400;
const SUBJECT_MAX = 800;
const HEADERS = ['Date', 'From', 'To', 'Reply-To', 'Subject', 'Message-ID', 'Auto-Submitted'];
const WHOLE_TREE = [
  'multipart/mixed',
  ['multipart/alternative', 'text/plain', 'text/html', 'text/calendar'],
  'application/ics',
];

/** A case whose every text comes from `text`. */
function makeCase(text, number, method) {
  return {
    mail: sampleMail({
      from_name: cutBytes(text(), NAME_MAX),
      to_name: cutBytes(text(), NAME_MAX),
      subject: cutBytes(text(), SUBJECT_MAX) || 'x',
      text: text(),
      html: text(),
      message_id: `${number}.abc@careops.example`,
      date_s: 1_700_000_000 + number * 86_399,
    }),
    event: {
      method,
      uid: `booking-${number}@careops.example`,
      sequence: number % 7,
      cancelled: method === 'CANCEL',
      stamp_s: 1_700_000_000 + number,
      start_s: 1_700_003_600 + number * 60,
      end_s: 1_700_007_200 + number * 60,
      summary: text(),
      description: text(),
      location: text(),
      url: 'https://careops.example/manage/abc',
      organizer_name: text(),
      organizer_address: 'ada+hair@salon.example',
      attendee_name: text(),
      attendee_address: 'b%&a@client.example',
    },
  };
}

function makeCases() {
  const methods = ['REQUEST', 'CANCEL', 'PUBLISH'];
  const fixed = FIXED.map((text, n) => makeCase(() => text, n, methods[n % 3]));
  const { text } = generator(20261122);
  const generated = Array.from({ length: GENERATED }, (_, n) =>
    makeCase(() => text(8), n, methods[n % 3]),
  );
  return [...fixed, ...generated];
}

const cases = makeCases();
const written = (
  await runLines(MAIL_DRIVER, ['write'], cases.map((one) => JSON.stringify(one)))
).map((line) => JSON.parse(line));

test('every hostile text makes a message that may be sent, and none is lost', () => {
  assert.equal(written.length, cases.length);
  assert.deepEqual(
    written.filter((one) => !one.ok).map((one) => one.detail),
    [],
  );
});

test('every line ends with CRLF, is short, is ASCII and none begins with a dot', () => {
  for (const { mail } of written) {
    const text = Buffer.from(mail, 'base64').toString('latin1');
    assert.match(text, /^[\t\r\n\x20-\x7e]*\r\n$/);
    assert.doesNotMatch(text, /[^\r]\n|\r[^\n]/);
    const lines = text.split('\r\n');
    assert.ok(lines.every((line) => line.length <= 78 && !line.startsWith('.')));
  }
});

test('another reader sees exactly the headers, one recipient, and the same values', async () => {
  const lines = await runLines(
    'python3',
    [`${ROOT}/tests/mail/parse_mail.py`],
    written.map((one) => one.mail),
  );
  assert.equal(lines.length, cases.length);
  for (const [n, line] of lines.entries()) {
    const seen = JSON.parse(line);
    const { mail } = cases[n];
    const message = `case ${n}: ${JSON.stringify(cases[n])}`;
    assert.deepEqual(seen.headers, [...HEADERS, 'MIME-Version', 'Content-Type'], message);
    assert.deepEqual(seen.from, [[asHeader(mail.from_name), mail.from_address]], message);
    assert.deepEqual(seen.to, [[asHeader(mail.to_name), mail.to_address]], message);
    assert.deepEqual(seen.reply_to, [['', mail.reply_to]], message);
    assert.equal(seen.subject, asHeader(mail.subject), message);
    assert.equal(seen.message_id, `<${mail.message_id}>`, message);
    assert.equal(seen.date_s, mail.date_s, message);
    assert.deepEqual(seen.defects, [], message);
    assert.deepEqual(seen.tree, WHOLE_TREE, message);
    const [plain, html, calendar, file] = seen.parts.map((part) => ({
      ...part,
      content: Buffer.from(part.content, 'base64').toString('utf8'),
    }));
    const ics = Buffer.from(written[n].ics, 'base64').toString('utf8');
    assert.equal(plain.content, asBody(mail.text), message);
    assert.equal(html.content, asBody(mail.html), message);
    assert.equal(calendar.content, ics, message);
    assert.equal(calendar.method, cases[n].event.method, message);
    assert.equal(file.content, ics, message);
    assert.equal(file.filename, 'invite.ics', message);
  }
});

/** Every folded line is at most 75 octets, and no character is cut in two by the fold. */
function checkFolds(bytes, message) {
  const strict = new TextDecoder('utf-8', { fatal: true });
  for (const line of bytes.toString('latin1').split('\r\n')) {
    assert.ok(line.length <= 75, message);
    assert.doesNotMatch(line, /[\r\n]/, message);
    assert.doesNotThrow(() => strict.decode(Buffer.from(line, 'latin1')), message);
  }
}

function checkPeople(event, one, message) {
  const { organizer_name, attendee_name, method } = one;
  const standIns = { '"': "'", '\\': '/', '^': '-' };
  const commonName = (text) => asHeader(text).replace(/["\\^]/g, (c) => standIns[c]) || undefined;
  const organizer = event.getFirstProperty('organizer');
  assert.equal(organizer.getFirstValue(), 'mailto:ada+hair@salon.example', message);
  assert.equal(organizer.getParameter('cn'), commonName(organizer_name), message);
  const attendees = event.getAllProperties('attendee');
  assert.equal(attendees.length, method === 'PUBLISH' ? 0 : 1, message);
  for (const attendee of attendees) {
    const address = decodeURIComponent(attendee.getFirstValue());
    assert.equal(address, 'mailto:b%&a@client.example', message);
    assert.equal(attendee.getParameter('cn'), commonName(attendee_name), message);
  }
}

test('another calendar reader sees one event with the same values', () => {
  for (const [n, { ics }] of written.entries()) {
    const one = cases[n].event;
    const message = `case ${n}: ${JSON.stringify(one)}`;
    const bytes = Buffer.from(ics, 'base64');
    checkFolds(bytes, message);
    const calendar = new ICAL.Component(ICAL.parse(bytes.toString('utf8')));
    assert.equal(calendar.name, 'vcalendar', message);
    assert.equal(calendar.getFirstPropertyValue('method'), one.method, message);
    assert.equal(calendar.getAllSubcomponents().length, 1, message);
    const event = calendar.getFirstSubcomponent('vevent');
    assert.equal(event.getAllSubcomponents().length, 0, message);
    const value = (name) => event.getFirstPropertyValue(name);
    assert.equal(value('uid'), one.uid, message);
    assert.equal(value('sequence'), one.sequence, message);
    assert.equal(value('dtstart').toUnixTime(), one.start_s, message);
    assert.equal(value('dtend').toUnixTime(), one.end_s, message);
    assert.equal(value('dtstamp').toUnixTime(), one.stamp_s, message);
    assert.equal(value('status'), one.cancelled ? 'CANCELLED' : 'CONFIRMED', message);
    assert.equal(value('url'), one.url, message);
    for (const name of ['summary', 'description', 'location']) {
      assert.equal(value(name) ?? '', asCalendarText(one[name]), `${name} of ${message}`);
    }
    checkPeople(event, one, message);
  }
});

test('what is not one plain address, or not an id of ours, is never written', async () => {
  const addresses = [
    ...['', 'a', '@b.example', 'a@', 'a@b', 'a@b..example', 'a@.b.example', 'a@b.example.'],
    ...['a b@c.example', 'a@b.example\r\nBcc: c@d.example', 'a@b.example\0'],
    ...['a@b.example,c@d.example', '<a@b.example>', '"a b"@c.example', 'a@[127.0.0.1]'],
    ...['é@b.example', 'a@é.example', 'a@b.example>', 'a@@b.example', '.a@b.example'],
    ...['a.@b.example', 'a..b@c.example', 'a@-b.example', 'a@b-.example', 'a@b_c.example'],
    ...['a\u2028@b.example', 'a@b.example ', ' a@b.example', `${'a'.repeat(65)}@b.example`],
    ...[`a@${'b'.repeat(64)}.example`, `a@${'b.'.repeat(130)}example`, 'a(c)@b.example'],
    ...['a;b@c.example'],
  ];
  const bad = [
    ...addresses.flatMap((address) => [
      { to_address: address },
      { from_address: address },
      { reply_to: address },
    ]),
    ...['', 'a b', 'é', 'a\r\nb', 'k'.repeat(201)].map((key) => ({ key })),
    ...['x', 'a@b>', 'a@b\r\nX: y', 'a b@c', '<a@b>', '@'].map((id) => ({ message_id: id })),
    { subject: '' },
    { subject: 'x'.repeat(801) },
    { to_name: 'x'.repeat(401) },
    { text: 'x'.repeat(256 * 1024 + 1) },
    { date_s: -1 },
    { calendar: 'BEGIN:VCALENDAR', calendar_method: 'REPLY\r\nX: y' },
  ];
  const lines = bad.map((changes) => JSON.stringify({ mail: sampleMail(changes) }));
  const answers = await runLines(MAIL_DRIVER, ['write'], lines);
  for (const [n, line] of answers.entries()) {
    const { ok, mail, detail } = JSON.parse(line);
    assert.equal(ok, false, lines[n]);
    assert.equal(mail, '', lines[n]);
    assert.match(detail, /^[A-Z].*\.$/);
  }
});

test('an equal message is written with equal bytes', async () => {
  const lines = cases.slice(0, 50).map((one) => JSON.stringify(one));
  const again = await runLines(MAIL_DRIVER, ['write'], lines);
  assert.deepEqual(again.map((line) => JSON.parse(line)), written.slice(0, 50));
});
