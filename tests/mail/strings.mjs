// SPDX-License-Identifier: AGPL-3.0-or-later
// Hostile strings for mail, and what a reader must see of them. The rules are written here a second
// time, in another language, so that the program's own code does not judge itself.

/** A seeded generator: the same seed gives the same strings. */
export function generator(seed) {
  let state = BigInt(seed) * 2862933555777941757n + 3037000493n;
  const below = (bound) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number((state >> 33n) % BigInt(bound));
  };
  const pick = (list) => list[below(list.length)];
  const text = (pieces) =>
    Array.from({ length: 1 + below(pieces) }, () =>
      below(4) === 0 ? pick(LETTERS).repeat(1 + below(40)) : pick(PIECES),
    ).join('');
  return { below, pick, text };
}

const LETTERS = [
  ...'aZ09 .,;:=?_-"\\<>@()[]',
  ...['é', 'ß', '日', '🧖‍♀️', '👩🏽', '\u0301', '\u200d', 'ﷺ'],
];

/** Each is an attempt to leave its place. */
export const PIECES = [
  ...['\r\n', '\n', '\r', '\n\r', '\0', '%0d%0a', '%0D', '\u2028', '\u2029', '\u0085', '\v'],
  ...['\f'],
  ...['\r\nBcc: thief@evil.example', '\nSubject: other\n\nbody', '\r\n\r\n', '\r\n.\r\n'],
  ...['\n.\nQUIT\n'],
  ...['\r\n..\r\n', '.\r\n', '\n.', '\r.\r', 'From me\nFrom you', '>From ', '\r\n '],
  ...['=?utf-8?q?=0D=0ABcc:_x=40evil.example?=', '=?utf-8?b?DQpCY2M6IHg=?=', '=?', '?=', '=?x'],
  ...['=\r\n'],
  ...['=0D=0A', '=3D', '=', '=\n', '=E2=80', '=?utf-8?q?', '_', '__'],
  ...['<a@evil.example>', 'a@evil.example, ', '"x" <y@evil.example>', 'group: a@evil.example;'],
  ...[','],
  ...['"', '\\', '\\"', '\\\\', '(comment)', ';', ':', '<', '>', '@', '[', ']', '\\n', '\\,'],
  ...['\\;'],
  ...['END:VEVENT', '\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n', '\nEND:VCALENDAR\n'],
  ...['\rATTENDEE:mailto:x@y.z'],
  ...['\n X', '\r\n\tfolded', 'METHOD:CANCEL', ';CN="x":mailto:a@b.c', '^n', "^'"],
  ...['--=_careops_mixed', '\r\n--=_careops_alternative--\r\n', '\n--=_careops_mixed--\n'],
  ...['Content-Type: text/html\n\n<script>', '<b>', '&amp;', '\u202e', '\u202dabc', '\u2066'],
  ...['\u2069'],
  ...['x'.repeat(70), 'w'.repeat(200), 'é'.repeat(80), '日本'.repeat(30), '🧖‍♀️'.repeat(9)],
  ...['a b '.repeat(30)],
  ...['\u00a0', '\ufeff', '\ufffd', '\u007f', '\u009b', '\u001b[2J', '\t', '  ', ' ', ' \r\n'],
  ...['\t\n'],
  ...['Haircut', 'Anna', 'Zoë Müller', 'Ngọc Ánh', 'العربية', 'שלום', '東京', 'Ελένη'],
];

/** Each whole string that is worth a message of its own. */
export const FIXED = [
  ...PIECES,
  '',
  ' ',
  'Your booking is confirmed',
  '=?utf-8?q?already?= encoded',
  'tail\r\n',
  '\r\nhead',
  '🧖'.repeat(18) + 'é'.repeat(20) + '🧖',
  ...Array.from({ length: 8 }, (_, n) => 'x'.repeat(60 + n) + '🧖‍♀️日é'),
  ...Array.from({ length: 8 }, (_, n) => 'y'.repeat(66 + n) + ' =' + '\t\r\nnext'),
];

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What a header shows: one line, single spaces, no controls, no direction overrides. */
export function asHeader(text) {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** What a body holds after decoding: CRLF line ends, no controls but tab. */
export function asBody(text) {
  const lines = text.split(/\r\n|\r|\n/);
  const clean = lines.map((line) =>
    [...line].filter((c) => c === '\t' || !CONTROL.test(c)).join(''),
  );
  return clean.join('\r\n');
}

/** What a calendar TEXT value reads as: one kind of line end, no controls; at most so many bytes. */
export function asCalendarText(text, bytesMax = 8192) {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, bytesMax);
  while (end < bytes.length && (bytes[end] & 0xc0) === 0x80) end -= 1;
  return bytes
    .subarray(0, end)
    .toString()
    .replace(/\r\n|\r|\n|\u0085|\u2028|\u2029/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');
}

/** Cut to so many bytes between characters. */
export function cutBytes(text, max) {
  let ret = '';
  let size = 0;
  for (const c of text) {
    size += Buffer.byteLength(c);
    if (size > max) break;
    ret += c;
  }
  return ret;
}
