// SPDX-License-Identifier: AGPL-3.0-or-later
// A real Dovecot for a test: IMAP on free loopback ports, with mailboxes of its own in a temporary
// folder.
//
//   const dovecot = await startDovecot(t);
//   dovecot.url            imap://salon@127.0.0.1:PORT/INBOX?tls=no, for CAREOPS_IMAP
//   dovecot.tlsUrl, dovecot.startTlsUrl       the same with TLS; dovecot.certificate for CAREOPS_CA_FILE
//   dovecot.password       for CAREOPS_IMAP_PASSWORD
//   await dovecot.deliver(mail)      one mail (text with any line ends), as a mail server delivers it
//   await dovecot.stop(), await dovecot.start()    the same mailboxes, as after a fault
//   await dovecot.renumber()         all mails get new numbers: a new UIDVALIDITY
//   await dovecot.disconnect()       cuts all connections
//   dovecot.logs                     what it said
//
// Root lends it Debian's two users, since a mail server gives up root's rights; any other user runs
// all of it as themselves.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { eventually, freePort, removeFolder, run, spawnBound, temporaryFolder } from './process.mjs';

const START_MS = 20_000;
const DELIVER = '/usr/lib/dovecot/dovecot-lda';
const USER = 'salon';

const isRoot = process.getuid() === 0;

/** The user whose the mailboxes are. */
async function owner() {
  if (!isRoot) return { name: userInfo().username, uid: process.getuid(), gid: process.getgid() };
  const ask = (flag) => run('id', [flag, 'mail']);
  const [uid, gid] = await Promise.all([ask('-u'), ask('-g')]);
  return { name: 'mail', uid: Number(uid), gid: Number(gid) };
}

async function makeCertificate(folder) {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'cert.pem');
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  return { key, certificate };
}

function configuration({ folder, mail, port, tlsPort, who, password, tls, idle }) {
  const rights = isRoot
    ? 'default_login_user = dovenull\ndefault_internal_user = dovecot\n'
    : `default_login_user = ${who.name}\ndefault_internal_user = ${who.name}\n` +
      `default_internal_group = ${userInfo().gid}\n`;
  const chroot = isRoot ? '' : '  chroot =\n';
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${tls.certificate}
ssl_key = <${tls.key}
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:${mail}/%u
mailbox_idle_check_interval = 1 secs
mail_uid = ${who.uid}
mail_gid = ${who.gid}
first_valid_uid = ${who.uid}
first_valid_gid = ${who.gid}
${rights}
${idle ? '' : 'imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID\n'}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${who.uid} gid=${who.gid} home=${mail}/%u allow_all_users=yes
}
service imap-login {
${chroot}  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
service anvil {
${chroot}}
service stats {
${chroot}}
`;
}

class Dovecot {
  constructor(settings) {
    Object.assign(this, settings);
    const at = (scheme, port, query) => `${scheme}://${USER}@127.0.0.1:${port}/INBOX${query}`;
    this.url = at('imap', this.port, '?tls=no');
    this.startTlsUrl = at('imap', this.port, '');
    this.tlsUrl = at('imaps', this.tlsPort, '');
    this.certificate = this.tls.certificate;
    this.child = null;
  }

  get logs() {
    try {
      return readFileSync(join(this.folder, 'dovecot.log'), 'utf8');
    } catch {
      return '';
    }
  }

  answers() {
    return new Promise((resolve) => {
      const socket = createConnection(this.port, '127.0.0.1');
      socket.setTimeout(1000, () => socket.destroy());
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().startsWith('* OK'));
      });
      socket.once('close', () => resolve(false));
      socket.once('error', () => resolve(false));
    });
  }

  async start() {
    const child = spawnBound('dovecot', ['-F', '-c', this.config], {
      deathSignal: 'TERM',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => {
        said += part;
      });
    }
    this.exited = once(child, 'close');
    await eventually(
      'Dovecot answers',
      () => {
        if (child.exitCode !== null) throw new Error(`Dovecot ended:\n${said}\n${this.logs}`);
        return this.answers();
      },
      START_MS,
    );
    return this;
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await this.exited;
  }

  /** The next mails wait in the mailbox when this is done. */
  async deliver(text) {
    const mail = text.replace(/\r?\n/g, '\n');
    const child = spawn(DELIVER, ['-c', this.config, '-d', USER], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part) => {
      said += part;
    });
    child.stdin.end(mail);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`Dovecot's delivery ended with ${code}:\n${said}\n${this.logs}`);
  }

  /** As after a restore from a backup: the index with all numbers is gone. */
  async renumber() {
    await this.stop();
    const box = join(this.mail, USER);
    for (const name of readdirSync(box)) {
      if (name.startsWith('dovecot')) rmSync(join(box, name), { recursive: true, force: true });
    }
    await this.start();
  }

  async disconnect() {
    await run('doveadm', ['-c', this.config, 'kick', USER]).catch(() => '');
  }

  async remove() {
    await this.stop();
    removeFolder(this.folder);
  }
}

/** `idle` false: a server that does not know IDLE. */
export async function startDovecot(t, { idle = true } = {}) {
  const folder = temporaryFolder('dovecot');
  const mail = join(folder, 'mail');
  const who = await owner();
  mkdirSync(mail, { mode: 0o770 });
  chmodSync(folder, 0o755);
  if (isRoot) chownSync(mail, who.uid, who.gid);
  const [port, tlsPort, tls] = await Promise.all([freePort(), freePort(), makeCertificate(folder)]);
  const password = randomBytes(9).toString('hex');
  const config = join(folder, 'dovecot.conf');
  const settings = { folder, mail, port, tlsPort, who, password, tls, idle, config };
  writeFileSync(config, configuration(settings), { mode: 0o644 });
  const dovecot = await new Dovecot(settings).start();
  if (typeof t?.after === 'function') t.after(() => dovecot.remove());
  return dovecot;
}
