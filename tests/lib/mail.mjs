// SPDX-License-Identifier: AGPL-3.0-or-later
// Reads an e-mail as far as tests need: unfolded and decoded headers, and every part decoded.
// It is no validator; the tests of the writer use independent readers for that.

function decodeWords(text) {
  // White space between two encoded words is no part of the text (RFC 2047, 6.2).
  const joined = text.replace(/(\?=)\s+(?==\?)/g, '$1');
  return joined.replace(/=\?([^?]+)\?([BbQq])\?([^?]*)\?=/g, (_, charset, kind, coded) => {
    const bytes =
      kind.toUpperCase() === 'B'
        ? Buffer.from(coded, 'base64')
        : decodeQuotedPrintable(coded.replaceAll('_', ' '));
    return new TextDecoder(charset).decode(bytes);
  });
}

function decodeQuotedPrintable(text) {
  const bytes = text
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function splitHead(raw) {
  const found = /\r?\n\r?\n/.exec(raw);
  if (!found) return { head: raw, body: '' };
  return { head: raw.slice(0, found.index), body: raw.slice(found.index + found[0].length) };
}

/** The fields in their order, as [lower-case name, decoded value]. */
function readFields(head) {
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, '');
  return unfolded.split(/\r?\n/).map((line) => {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new Error(`not a header field: ${JSON.stringify(line)}`);
    const value = Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8');
    return [line.slice(0, colon).toLowerCase(), decodeWords(value)];
  });
}

function readParameters(value) {
  const [first, ...rest] = value.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const parameters = {};
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const text = part.slice(equals + 1).trim();
    parameters[name] = text.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1');
  }
  return { value: first.trim().toLowerCase(), parameters };
}

function decodeBody(body, encoding) {
  switch (encoding) {
    case 'base64':
      return Buffer.from(body.replace(/\s+/g, ''), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    default:
      return Buffer.from(body, 'latin1');
  }
}

function splitParts(body, boundary) {
  const sections = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (!sections.at(-1).startsWith('--')) throw new Error(`the last --${boundary}-- is missing`);
  return sections.slice(1, -1).map((section) => section.replace(/^[ \t]*\r\n/, ''));
}

function readParts(raw, depth, parts) {
  if (depth > 8) throw new Error('parts are nested too deeply');
  const { head, body } = splitHead(raw);
  const fields = readFields(head);
  const field = (name) => fields.find(([known]) => known === name)?.[1];
  const { value: type, parameters } = readParameters(field('content-type') ?? 'text/plain');
  if (type.startsWith('multipart/')) {
    for (const part of splitParts(body, parameters.boundary)) readParts(part, depth + 1, parts);
    return fields;
  }
  const disposition = readParameters(field('content-disposition') ?? 'inline');
  const bytes = decodeBody(body, (field('content-transfer-encoding') ?? '7bit').toLowerCase());
  parts.push({
    type,
    parameters,
    disposition: disposition.value,
    filename: disposition.parameters.filename ?? null,
    bytes,
    text: new TextDecoder(parameters.charset ?? 'utf-8').decode(bytes),
  });
  return fields;
}

/**
 * A message: header(name) gives the first field of that name or undefined, headers(name) all;
 * text, html and calendar are the first part of each kind, or null.
 */
export function parseMail(bytes) {
  const parts = [];
  const fields = readParts(Buffer.from(bytes).toString('latin1'), 0, parts);
  const all = (name) =>
    fields.filter(([known]) => known === name.toLowerCase()).map(([, value]) => value);
  const first = (type) => parts.find((part) => part.type === type)?.text ?? null;
  return {
    fields,
    headers: all,
    header: (name) => all(name)[0],
    subject: all('subject')[0],
    from: all('from')[0],
    to: all('to')[0],
    parts,
    text: first('text/plain'),
    html: first('text/html'),
    calendar: first('text/calendar'),
  };
}
