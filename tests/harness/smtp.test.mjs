// SPDX-License-Identifier: AGPL-3.0-or-later
// The stand-ins themselves are tested: a fault that is never injected proves nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { readFileSync } from 'node:fs';

import { startSmtp } from '../smtp/server.mjs';

/** A dialogue with an SMTP server: say() sends a line and gives the whole answer. */
class Dialogue {
  constructor(socket) {
    this.use(socket);
  }

  use(socket) {
    this.socket = socket;
    this.text = '';
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      this.text += part;
      this.wake?.();
    });
    socket.on('close', () => this.wake?.());
    socket.on('error', () => {});
  }

  async answer() {
    while (!/^\d{3} [^\n]*\n/m.test(this.text)) {
      if (this.socket.closed) return '';
      await new Promise((wake) => {
        this.wake = wake;
      });
    }
    const whole = this.text;
    this.text = '';
    return whole;
  }

  say(line) {
    this.socket.write(`${line}\r\n`);
    return this.answer();
  }
}

async function greet(smtp) {
  const dialogue = new Dialogue(connect(smtp.port, '127.0.0.1'));
  return { dialogue, greeting: await dialogue.answer() };
}

async function signIn(smtp, password = 'correct-horse') {
  const { dialogue } = await greet(smtp);
  await dialogue.say('EHLO test');
  await dialogue.say('STARTTLS');
  const socket = connectTls({
    socket: dialogue.socket,
    ca: readFileSync(smtp.caFile),
    host: 'localhost',
    servername: 'localhost',
  });
  await once(socket, 'secureConnect');
  dialogue.use(socket);
  await dialogue.say('EHLO test');
  const plain = Buffer.from(`\0careops\0${password}`).toString('base64');
  return { dialogue, answer: await dialogue.say(`AUTH PLAIN ${plain}`) };
}

async function sendOne(dialogue, text = 'Subject: Hello\r\n\r\nBody') {
  await dialogue.say('MAIL FROM:<shop@example.com>');
  const recipient = await dialogue.say('RCPT TO:<ann@example.com>');
  if (!recipient.startsWith('250')) return recipient;
  await dialogue.say('DATA');
  return dialogue.say(`${text}\r\n.`);
}

test('a message sent over STARTTLS with the right login is kept byte for byte', async (t) => {
  const smtp = await startSmtp();
  t.after(() => smtp.stop());
  const { dialogue } = await signIn(smtp);
  assert.match(await sendOne(dialogue), /^250/);
  const [message] = await smtp.waitFor(1);
  assert.equal(message.raw.toString(), 'Subject: Hello\r\n\r\nBody\r\n');
  assert.deepEqual(message.to, ['ann@example.com']);
  assert.equal(message.tls, true);
  assert.equal(message.user, 'careops');
});

test('a wrong password is refused with 535, and so is any with the fault auth-fail', async (t) => {
  const smtp = await startSmtp({ connectionFaults: ['ok', 'auth-fail'] });
  t.after(() => smtp.stop());
  assert.match((await signIn(smtp, 'wrong')).answer, /^535/);
  assert.match((await signIn(smtp)).answer, /^535/);
  assert.match((await signIn(smtp)).answer, /^235/);
});

test('a login before the line is encrypted is refused', async (t) => {
  const smtp = await startSmtp();
  t.after(() => smtp.stop());
  const { dialogue } = await greet(smtp);
  await dialogue.say('EHLO test');
  const plain = Buffer.from('\0careops\0correct-horse').toString('base64');
  assert.match(await dialogue.say(`AUTH PLAIN ${plain}`), /^538/);
});

test('each scripted fault answers as its name says, in order, then all is well', async (t) => {
  const smtp = await startSmtp({
    messageFaults: ['rcpt-temp', 'rcpt-perm', 'data-temp', 'data-perm'],
  });
  t.after(() => smtp.stop());
  const { dialogue } = await signIn(smtp);
  for (const code of ['451', '550', '451', '554', '250']) {
    assert.equal((await sendOne(dialogue)).slice(0, 3), code);
    await dialogue.say('RSET');
  }
  assert.equal(smtp.messages.length, 1);
});

test('a dropped message is lost, and one accepted before the drop is kept', async (t) => {
  const smtp = await startSmtp({ messageFaults: ['drop', 'accept-then-drop'] });
  t.after(() => smtp.stop());
  assert.equal(await sendOne((await signIn(smtp)).dialogue), '');
  assert.equal(smtp.messages.length, 0);
  assert.equal(await sendOne((await signIn(smtp)).dialogue), '');
  assert.equal(smtp.messages.length, 1);
});

test('a refused connection is greeted with 421', async (t) => {
  const smtp = await startSmtp({ connectionFaults: ['refuse'] });
  t.after(() => smtp.stop());
  assert.match((await greet(smtp)).greeting, /^421/);
});
