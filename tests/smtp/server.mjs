// SPDX-License-Identifier: AGPL-3.0-or-later
// A real SMTP server for tests, on a free loopback port: STARTTLS or TLS with a certificate made for
// the run, login, every accepted message kept, and faults by script.
//
//   const smtp = await startSmtp({ user: 'careops', password: 'secret' });
//   smtp.url        smtp://careops:secret@127.0.0.1:PORT (smtps:// with { secure: true })
//   smtp.caFile     the certificate to trust
//   smtp.messages   [{ from, to, raw, tls, user }], in the order of their acceptance
//   smtp.faults     { connections: [...], messages: [...] }: each connection and each message takes
//                   the next entry of its list; an empty list means 'ok'
//   await smtp.waitFor(3)   resolves with the messages when at least three are there
//   await smtp.stop()
//
// Connection faults: 'refuse' (421 at the greeting), 'auth-fail' (535).
// Message faults: 'rcpt-temp' (451), 'rcpt-perm' (550), 'data-temp' (451 after the data), 'data-perm'
// (554), 'drop' (connection lost, message not kept), 'accept-then-drop' (kept, connection lost before
// the answer), 'accept-then-hang' (kept, no answer until the client gives up).
//
// Alone: node tests/smtp/server.mjs [--no-tls] [--secure] [--user U --password P]
//   [--message-faults a,b,...] [--connection-faults a,b,...]
// prints one JSON object a line: first {"event":"listening",...}, then one per message.

import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { SMTPServer } from 'smtp-server';

const MESSAGE_LIMIT = 4 * 1024 * 1024;
const CONNECTION_FAULTS = ['ok', 'refuse', 'auth-fail'];
const MESSAGE_FAULTS = [
  'ok',
  'rcpt-temp',
  'rcpt-perm',
  'data-temp',
  'data-perm',
  'drop',
  'accept-then-drop',
  'accept-then-hang',
];

function smtpError(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

function makeCertificate(folder) {
  const keyFile = join(folder, 'key.pem');
  const caFile = join(folder, 'certificate.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '30', '-subj', '/CN=localhost', '-keyout', keyFile, '-out', caFile],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  );
  return { caFile, key: readFileSync(keyFile), cert: readFileSync(caFile) };
}

function nextFault(list, known) {
  const fault = list.shift() ?? 'ok';
  if (!known.includes(fault)) throw new Error(`unknown SMTP fault: ${fault}`);
  return fault;
}

async function readAll(stream) {
  const parts = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MESSAGE_LIMIT) throw smtpError(552, 'message too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The library's connection of a session, which only it can cut. */
function cut(server, session) {
  for (const connection of server.connections) {
    if (connection.session?.id === session.id || connection.id === session.id) {
      connection._socket.destroy();
    }
  }
}

function handlers({ user, password, faults, messages, arrived, getServer }) {
  return {
    onConnect(session, done) {
      session.fault = nextFault(faults.connections, CONNECTION_FAULTS);
      done(session.fault === 'refuse' ? smtpError(421, 'try again later') : null);
    },
    onAuth(auth, session, done) {
      const right = auth.username === user && auth.password === password;
      if (!right || session.fault === 'auth-fail') {
        done(smtpError(535, 'authentication failed'));
        return;
      }
      done(null, { user: auth.username });
    },
    onMailFrom(address, session, done) {
      session.messageFault = nextFault(faults.messages, MESSAGE_FAULTS);
      done();
    },
    onRcptTo(address, session, done) {
      if (session.messageFault === 'rcpt-temp') done(smtpError(451, 'mailbox busy'));
      else if (session.messageFault === 'rcpt-perm') done(smtpError(550, 'no such mailbox'));
      else done();
    },
    async onData(stream, session, done) {
      try {
        const raw = await readAll(stream);
        const fault = session.messageFault;
        if (fault === 'data-temp') throw smtpError(451, 'try again later');
        if (fault === 'data-perm') throw smtpError(554, 'message refused');
        if (fault === 'drop') {
          cut(getServer(), session);
          return;
        }
        messages.push({
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((recipient) => recipient.address),
          raw,
          tls: Boolean(session.secure),
          user: session.user ?? null,
        });
        arrived.emit('message', messages.at(-1));
        if (fault === 'accept-then-drop') cut(getServer(), session);
        else if (fault !== 'accept-then-hang') done();
      } catch (error) {
        done(error);
      }
    },
  };
}

export async function startSmtp({
  user = 'careops',
  password = 'correct-horse',
  secure = false,
  starttls = true,
  connectionFaults = [],
  messageFaults = [],
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'careops-smtp-'));
  const { caFile, key, cert } = makeCertificate(folder);
  const messages = [];
  const faults = { connections: [...connectionFaults], messages: [...messageFaults] };
  const arrived = new EventEmitter();
  arrived.setMaxListeners(0);

  const disabledCommands = starttls || secure ? [] : ['STARTTLS'];
  const server = new SMTPServer({
    ...handlers({ user, password, faults, messages, arrived, getServer: () => server }),
    secure,
    key,
    cert,
    authMethods: ['PLAIN', 'LOGIN'],
    // Without encryption a login would be readable, so it is offered only where it is not.
    allowInsecureAuth: !starttls && !secure,
    authOptional: user === null,
    disabledCommands: user === null ? [...disabledCommands, 'AUTH'] : disabledCommands,
    size: MESSAGE_LIMIT,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
  });
  // A client that hangs up in the middle is a tested case and no fault of the server.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');

  const { port } = server.server.address();
  const login = user === null ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return {
    port,
    url: `${secure ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}`,
    caFile,
    messages,
    faults,
    async waitFor(count, timeoutMs = 10_000) {
      const signal = AbortSignal.timeout(timeoutMs);
      while (messages.length < count) await once(arrived, 'message', { signal });
      return messages;
    },
    onMessage(listener) {
      arrived.on('message', listener);
    },
    async stop() {
      for (const connection of server.connections) connection._socket.destroy();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      'no-tls': { type: 'boolean', default: false },
      secure: { type: 'boolean', default: false },
      user: { type: 'string', default: 'careops' },
      password: { type: 'string', default: 'correct-horse' },
      'message-faults': { type: 'string', default: '' },
      'connection-faults': { type: 'string', default: '' },
    },
  });
  const list = (text) => (text === '' ? [] : text.split(','));
  const smtp = await startSmtp({
    user: values.user,
    password: values.password,
    secure: values.secure,
    starttls: !values['no-tls'],
    messageFaults: list(values['message-faults']),
    connectionFaults: list(values['connection-faults']),
  });
  const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
  smtp.onMessage((m) => say({ event: 'message', ...m, raw: m.raw.toString('base64') }));
  say({ event: 'listening', port: smtp.port, url: smtp.url, ca_file: smtp.caFile });
  for (const name of ['SIGTERM', 'SIGINT']) {
    process.on(name, () => smtp.stop().then(() => process.exit(0)));
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
