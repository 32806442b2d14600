// SPDX-License-Identifier: AGPL-3.0-or-later
// The three providers against what they talk to: a folder, a real SMTP server, and a stand-in for
// Resend. What counts is that each outcome is honest: never "not sent" where it may have been.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { startResend } from '../resend/standin.mjs';
import { startSmtp } from '../smtp/server.mjs';
import { MAIL_DRIVER, deliver, runLines, sampleMail } from './driver.mjs';

const folder = mkdtempSync(join(tmpdir(), 'careops-mail-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function sampleMails(count) {
  return Array.from({ length: count }, (_, n) =>
    sampleMail({ key: `careops-1-${n}`, message_id: `${n}.abc@careops.example` }),
  );
}

const outcomesOf = (results) => results.map((result) => result.outcome);

/** A server on loopback that does what `talk(socket)` says; `seen` is all that it received. */
async function startRaw(talk) {
  const raw = { seen: '' };
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (part) => {
      raw.seen += part.toString('latin1');
    });
    talk(socket, raw);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  raw.port = server.address().port;
  raw.stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return raw;
}

// ---- file ----

test('file: each message is one whole .eml, and a second delivery replaces the first', async () => {
  const dir = join(folder, 'mail');
  const mails = sampleMails(9);
  assert.deepEqual(outcomesOf(await deliver(`file:${dir}`, mails)), Array(9).fill('accepted'));
  const names = readdirSync(dir).sort();
  assert.equal(names.length, 9);
  assert.ok(names.every((name) => /^20261122T\d{6}Z-\d\.abc@careops\.example\.eml$/.test(name)));
  const before = names.map((name) => readFileSync(join(dir, name), 'latin1'));
  assert.ok(before.every((text) => text.startsWith('Date: ') && text.endsWith('--\r\n')));

  await deliver(`file:${dir}`, mails);
  assert.deepEqual(readdirSync(dir).sort(), names);
  assert.deepEqual(names.map((name) => readFileSync(join(dir, name), 'latin1')), before);
});

test('file: no name can leave the folder', async () => {
  const dir = join(folder, 'narrow');
  const mail = sampleMail({ message_id: '../../x/*?@careops.example' });
  assert.deepEqual(outcomesOf(await deliver(`file:${dir}`, [mail])), ['refused']);
  const slashes = sampleMail({ message_id: 'a/b/~`|@careops.example' });
  assert.deepEqual(outcomesOf(await deliver(`file:${dir}`, [slashes])), ['accepted']);
  assert.match(readdirSync(dir)[0], /^\d{8}T\d{6}Z-a_b____@careops\.example\.eml$/);
});

// ---- settings ----

test('a wrong setting is refused before anything is sent', async () => {
  const wrong = [
    ...['', 'mail', 'file:', 'http://x.example', 'smtp://', 'smtp://user@mail.example'],
    ...['smtp://mail.example?tls=no', 'smtp://u:p@127.0.0.1?tls=no', 'smtp://127.0.0.1?tls=maybe'],
    ...['smtps://127.0.0.1?tls=no', 'smtp://mail.example/path', 'smtp://a b'],
  ];
  writeFileSync(join(folder, 'plain'), '');
  wrong.push(`file:${join(folder, 'plain')}`, `file:${join(folder, 'a/b/c')}`);
  for (const url of wrong) await assert.rejects(deliver(url, []), /ended with 2/, url);
  const resend = [
    {},
    { RESEND_KEY: '' },
    { RESEND_KEY: 're x' },
    { RESEND_KEY: 're\r\nX: y' },
    { RESEND_KEY: 're', RESEND_URL: 'http://api.resend.example' },
    { RESEND_KEY: 're', RESEND_URL: 'http://127.0.0.1.evil.example' },
    { RESEND_KEY: 're', RESEND_URL: 'http://10.0.0.1' },
    { RESEND_KEY: 're', RESEND_URL: 'ftp://127.0.0.1' },
    { RESEND_KEY: 're', RESEND_URL: 'https://user@api.resend.example' },
    { RESEND_KEY: 're', RESEND_URL: 'file:///etc/passwd' },
  ];
  for (const env of resend) {
    await assert.rejects(deliver('resend', [], { env }), /ended with 2/, JSON.stringify(env));
  }
});

// ---- smtp ----

test('smtp: a message arrives whole, encrypted, after login, for one recipient', async () => {
  const smtp = await startSmtp({ user: 'care ops', password: 'p@ss:w/ö?#' });
  try {
    const mail = sampleMail({ text: '.\r\n..\r\n.x\r\n\nFrom me\nend', subject: 'Überraschung' });
    const [result] = await deliver(smtp.url, [mail], { caFile: smtp.caFile });
    assert.equal(result.outcome, 'accepted', result.error);
    const [seen] = smtp.messages;
    assert.deepEqual(seen.to, [mail.to_address]);
    assert.equal(seen.from, mail.from_address);
    assert.equal(seen.tls, true);
    assert.equal(seen.user, 'care ops');
    assert.match(result.word, /^250 \S/);
    const [line] = await runLines(MAIL_DRIVER, ['write'], [JSON.stringify({ mail })]);
    assert.deepEqual(seen.raw, Buffer.from(JSON.parse(line).mail, 'base64'));
  } finally {
    await smtp.stop();
  }
});

test('smtp: many messages go at once and each arrives once', async () => {
  const smtp = await startSmtp({ secure: true });
  try {
    const mails = sampleMails(40);
    const results = await deliver(smtp.url, mails, { caFile: smtp.caFile });
    assert.deepEqual(outcomesOf(results), Array(40).fill('accepted'));
    const ids = smtp.messages.map((m) => /^Message-ID: <(.*)>/m.exec(m.raw.toString())[1]);
    assert.deepEqual(ids.sort(), mails.map((m) => m.message_id).sort());
  } finally {
    await smtp.stop();
  }
});

test('smtp: each way to fail has its honest outcome', async () => {
  const cases = [
    [{ connectionFaults: ['refuse'] }, 'retry', /refused the connection \(421\)/],
    [{ connectionFaults: ['auth-fail'] }, 'retry', /refused the login/],
    [{ messageFaults: ['rcpt-temp'] }, 'retry', /recipient \(451\)/],
    [{ messageFaults: ['rcpt-perm'] }, 'refused', /recipient \(550\)/],
    [{ messageFaults: ['data-temp'] }, 'retry', /message \(451\)/],
    [{ messageFaults: ['data-perm'] }, 'refused', /message \(554\)/],
    [{ messageFaults: ['drop'] }, 'unknown', /did not answer/],
    [{ messageFaults: ['accept-then-drop'] }, 'unknown', /did not answer/],
    [{ messageFaults: ['accept-then-hang'] }, 'unknown', /did not answer/],
  ];
  for (const [faults, outcome, error] of cases) {
    const smtp = await startSmtp(faults);
    try {
      const env = { TIMEOUT_MS: '1500' };
      const [result] = await deliver(smtp.url, sampleMails(1), { caFile: smtp.caFile, env });
      assert.equal(result.outcome, outcome, JSON.stringify(faults));
      assert.match(result.error, error);
      assert.doesNotMatch(result.error, /@|correct-horse/);
      const code = /\((\d{3})\)/.exec(result.error)?.[1];
      if (code && code !== '421') assert.ok(result.word.startsWith(`${code} `), result.word);
      if (!code) assert.equal(result.word, '');
    } finally {
      await smtp.stop();
    }
  }
});

test('smtp: one server that hangs holds up no other message', async () => {
  const smtp = await startSmtp({ messageFaults: ['accept-then-hang'] });
  try {
    const env = { TIMEOUT_MS: '3000' };
    const results = await deliver(smtp.url, sampleMails(12), { caFile: smtp.caFile, env });
    const outcomes = outcomesOf(results);
    assert.equal(outcomes.filter((outcome) => outcome === 'accepted').length, 11);
    assert.equal(outcomes.filter((outcome) => outcome === 'unknown').length, 1);
  } finally {
    await smtp.stop();
  }
});

test('smtp: without encryption neither login nor message leaves', async () => {
  const replies = { EHLO: '250-mail\r\n250 AUTH PLAIN LOGIN\r\n', HELO: '250 mail\r\n' };
  const raw = await startRaw((socket) => {
    socket.write('220 mail ESMTP\r\n');
    socket.on('data', (part) => {
      socket.write(replies[part.toString().slice(0, 4)] ?? '502 no\r\n');
    });
  });
  try {
    const url = `smtp://careops:correct-horse@127.0.0.1:${raw.port}`;
    const [result] = await deliver(url, sampleMails(1), { env: { TIMEOUT_MS: '2000' } });
    assert.equal(result.outcome, 'retry');
    assert.match(result.error, /no encryption/);
    assert.doesNotMatch(raw.seen, /AUTH|MAIL|correct|Y29ycmVjdC1ob3JzZQ/);
  } finally {
    await raw.stop();
  }
});

test('smtp: a certificate that nobody vouches for gets no login', async () => {
  const smtp = await startSmtp();
  try {
    const [result] = await deliver(smtp.url, sampleMails(1));
    assert.equal(result.outcome, 'retry');
    assert.equal(smtp.messages.length, 0);
  } finally {
    await smtp.stop();
  }
});

test('smtp: a relay on this machine may be plain where the setting says so', async () => {
  const smtp = await startSmtp({ user: null, starttls: false });
  try {
    const [result] = await deliver(`${smtp.url}?tls=no`, sampleMails(1));
    assert.equal(result.outcome, 'accepted', result.error);
    assert.equal(smtp.messages[0].tls, false);
  } finally {
    await smtp.stop();
  }
});

test('smtp: silent, endless and garbling servers end in a retry by the deadline', async () => {
  const talks = [
    () => {},
    (socket) => {
      const flood = (error) => error || socket.write(`220-${'x'.repeat(60_000)}\r\n`, flood);
      flood();
    },
    (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'),
    (socket) => socket.destroy(),
  ];
  for (const talk of talks) {
    const raw = await startRaw(talk);
    try {
      const began = Date.now();
      const env = { TIMEOUT_MS: '1000' };
      const [result] = await deliver(`smtp://127.0.0.1:${raw.port}`, sampleMails(1), { env });
      assert.equal(result.outcome, 'retry', talk.toString());
      assert.ok(Date.now() - began < 4000, talk.toString());
    } finally {
      await raw.stop();
    }
  }
});

// ---- resend ----

function resendEnv(resend, more = {}) {
  return { RESEND_KEY: resend.apiKey, RESEND_URL: resend.url, TIMEOUT_MS: '1500', ...more };
}

test('resend: the request says all that the message says, once', async () => {
  const resend = await startResend({ ratePerSecond: 100 });
  try {
    const mail = sampleMail({
      unsubscribe_url: 'https://careops.example/u/abc?x=1&y=2',
      tag: '7-1234',
      from_name: 'Ada "the comb" <x@evil.example>\r\nBcc: y',
      subject: 'Grüße\r\nBcc: z@evil.example',
      calendar: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n',
      calendar_method: 'REQUEST',
    });
    const [result] = await deliver('resend', [mail], { env: resendEnv(resend) });
    assert.equal(result.outcome, 'accepted', result.error);
    const [{ key, id, email }] = resend.accepted;
    assert.equal(key, mail.key);
    assert.equal(result.provider_id, id);
    assert.deepEqual(email, {
      from: '"Ada the comb x@evil.example Bcc: y" <bookings@careops.example>',
      to: [mail.to_address],
      reply_to: mail.reply_to,
      subject: 'Grüße Bcc: z@evil.example',
      text: mail.text,
      html: mail.html,
      attachments: [
        {
          filename: 'invite.ics',
          content_type: 'text/calendar; charset=utf-8; method=REQUEST',
          content: Buffer.from(mail.calendar).toString('base64'),
        },
      ],
      headers: {
        'Auto-Submitted': 'auto-generated',
        'List-Unsubscribe': '<https://careops.example/u/abc?x=1&y=2>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      tags: [{ name: 'careops', value: '7-1234' }],
    });
    assert.equal(result.word, `200 id ${id}`);
  } finally {
    await resend.stop();
  }
});

test('resend: each way to fail has its honest outcome, and no key sends twice', async () => {
  const cases = [
    ['refuse-429', 'retry', /pause/, [1, true]],
    ['refuse-429-bare', 'retry', /pause/, [1, true]],
    ['quota', 'retry', /quota/, [3600, true]],
    ['refuse-500', 'unknown', /500/],
    ['refuse-502', 'unknown', /502/],
    ['refuse-503', 'unknown', /503/],
    ['reset', 'unknown', /lost/],
    ['redirect', 'unknown', /302/],
    ['accept-then-502', 'unknown', /502/],
    ['accept-then-reset', 'unknown', /lost/],
    ['accept-then-hang', 'unknown', /lost/],
    ['accept-garbage', 'unknown', /without an id/],
    ['accept-huge', 'unknown', /lost/],
    ['accept-slow', 'accepted', /^$/],
  ];
  for (const [fault, outcome, error, wait = [0, false]] of cases) {
    const resend = await startResend({ ratePerSecond: 100, faults: [fault] });
    try {
      const options = { env: resendEnv(resend) };
      const [first] = await deliver('resend', sampleMails(1), options);
      assert.equal(first.outcome, outcome, fault);
      assert.match(first.error, error);
      assert.deepEqual([first.retry_after_s, first.pause], wait, fault);
      const [again] = await deliver('resend', sampleMails(1), options);
      assert.equal(again.outcome, 'accepted', fault);
      assert.equal(resend.accepted.length, 1, fault);
    } finally {
      await resend.stop();
    }
  }
});

test('resend: an answer of a byte a second ends with the deadline, and no key sends twice', async () => {
  const resend = await startResend({ ratePerSecond: 100, faults: ['accept-slow'], dripMs: 1000 });
  try {
    const began = Date.now();
    const [first] = await deliver('resend', sampleMails(1), { env: resendEnv(resend) });
    assert.equal(first.outcome, 'unknown');
    assert.ok(Date.now() - began < 4000);
    const [again] = await deliver('resend', sampleMails(1), { env: resendEnv(resend) });
    assert.equal(again.outcome, 'accepted');
    assert.equal(resend.accepted.length, 1);
  } finally {
    await resend.stop();
  }
});

test('an unsubscribe link that is none, and a tag that is none, are left out', async () => {
  const resend = await startResend({ ratePerSecond: 100 });
  const evil = ['https://x.example/>\r\nBcc: y@evil.example', 'javascript:alert(1)', 'https://x/ y'];
  evil.push('https://x.example/"<a>', `https://x.example/${'a'.repeat(900)}`, 'https://x.example/é', '');
  try {
    const mails = evil.map((url, n) =>
      sampleMail({ key: `careops-1-${n}`, unsubscribe_url: url, tag: `1-${n}\r\n"` }),
    );
    const results = await deliver('resend', mails, { env: resendEnv(resend) });
    assert.deepEqual(outcomesOf(results), evil.map(() => 'accepted'));
    for (const { email } of resend.accepted) {
      assert.deepEqual(email.headers, { 'Auto-Submitted': 'auto-generated' });
      assert.equal(email.tags, undefined);
    }
    const lines = mails.map((mail) => JSON.stringify({ mail }));
    for (const line of await runLines(MAIL_DRIVER, ['write'], lines)) {
      const text = Buffer.from(JSON.parse(line).mail, 'base64').toString('latin1');
      assert.doesNotMatch(text, /List-Unsubscribe|Bcc/);
    }
  } finally {
    await resend.stop();
  }
});

test('a message that can be unsubscribed from says how, in one click', async () => {
  const mail = sampleMail({ unsubscribe_url: 'https://careops.example/u/abc?x=1&y=2' });
  const [line] = await runLines(MAIL_DRIVER, ['write'], [JSON.stringify({ mail })]);
  const head = Buffer.from(JSON.parse(line).mail, 'base64').toString('latin1').split('\r\n\r\n')[0];
  assert.match(head, /^List-Unsubscribe: <https:\/\/careops\.example\/u\/abc\?x=1&y=2>\r$/m);
  assert.match(head, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test('resend: a wrong key waits for the operator, a wrong message does not', async () => {
  const resend = await startResend({ ratePerSecond: 100 });
  try {
    const env = resendEnv(resend, { RESEND_KEY: 're_other' });
    assert.deepEqual(outcomesOf(await deliver('resend', sampleMails(1), { env })), ['retry']);

    await deliver('resend', sampleMails(1), { env: resendEnv(resend) });
    const other = [{ ...sampleMails(1)[0], text: 'other words' }];
    const [result] = await deliver('resend', other, { env: resendEnv(resend) });
    assert.equal(result.outcome, 'refused');
    assert.match(result.error, /another message under this key/);
    assert.equal(resend.accepted.length, 1);

    const path = resendEnv(resend, { RESEND_URL: `${resend.url}/elsewhere/` });
    const elsewhere = await deliver('resend', sampleMails(1), { env: path });
    assert.deepEqual(outcomesOf(elsewhere), ['refused']);
  } finally {
    await resend.stop();
  }
});

test('resend: a second call that meets the first one leaves the outcome open', async () => {
  const resend = await startResend({ ratePerSecond: 100, faults: ['busy', 'ok'] });
  try {
    const mail = sampleMails(1)[0];
    const results = await deliver('resend', [mail, mail], { env: resendEnv(resend) });
    assert.deepEqual(outcomesOf(results).sort(), ['accepted', 'unknown']);
    assert.equal(resend.accepted.length, 1);
  } finally {
    await resend.stop();
  }
});

test('resend: nobody there, endless headers, a stalled handshake: all end in time', async () => {
  const closed = await startRaw(() => {});
  await closed.stop();
  const env = (port, scheme = 'http') => ({
    env: { RESEND_KEY: 're', RESEND_URL: `${scheme}://127.0.0.1:${port}`, TIMEOUT_MS: '1000' },
  });
  assert.equal((await deliver('resend', sampleMails(1), env(closed.port)))[0].outcome, 'retry');

  const endless = await startRaw((socket) => {
    const flood = (error) => error || socket.write(`X-A: ${'x'.repeat(4000)}\r\n`, flood);
    socket.write('HTTP/1.1 200 OK\r\n', flood);
  });
  assert.equal((await deliver('resend', sampleMails(1), env(endless.port)))[0].outcome, 'unknown');
  await endless.stop();

  const silent = await startRaw(() => {});
  const began = Date.now();
  const [stalled] = await deliver('resend', sampleMails(1), env(silent.port, 'https'));
  assert.equal(stalled.outcome, 'retry');
  assert.ok(Date.now() - began < 4000);
  assert.doesNotMatch(silent.seen, /Bearer|Idempotency/);
  await silent.stop();
});

test('resend: a proxy named in the environment is not used', async () => {
  const resend = await startResend({ ratePerSecond: 100 });
  const proxy = await startRaw((socket) => socket.end());
  try {
    const there = `http://127.0.0.1:${proxy.port}`;
    const env = resendEnv(resend, { http_proxy: there, https_proxy: there, ALL_PROXY: there });
    assert.deepEqual(outcomesOf(await deliver('resend', sampleMails(1), { env })), ['accepted']);
    assert.equal(proxy.seen, '');
  } finally {
    await resend.stop();
    await proxy.stop();
  }
});
