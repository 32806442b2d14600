// SPDX-License-Identifier: AGPL-3.0-or-later
// Public forms: whoever fills one in is a client, a conversation and a form that is filled in.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectInvalid, expectProblem, expectStatus } from '../lib/client.mjs';
import { sql } from '../lib/contents.mjs';
import { FIELDS, makeForm } from '../lib/forms.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

const ASKED = [
  { key: 'about', label: 'About you', type: 'section' },
  { key: 'name', label: 'Your name', type: 'text', required: true },
  { key: 'mail', label: 'E-mail', type: 'email', required: true },
  { key: 'call', label: 'Phone', type: 'phone' },
  { key: 'had', label: 'Have you had', type: 'several', options: ['a peel', 'a laser'] },
  { key: 'weight', label: 'Weight', type: 'number' },
  { key: 'agree', label: 'I agree', type: 'consent' },
  { key: 'story', label: 'What would you like', type: 'long_text' },
];

let server;
before(async (t) => {
  server = await startServer(t);
});

const tag = () => Math.random().toString(36).slice(2);
const person = (more = {}) => ({ name: 'Lea Loup', mail: `lea.${tag()}@client.example`, ...more });

async function open(more = {}) {
  const salon = await makeSalon(server);
  const form = await makeForm(salon.owner, {
    ...{ name: 'First visit', kind: 'contact', public: true, fields: ASKED, thanks: 'We will call.' },
    ...more,
  });
  const path = `/public/${salon.slug}/forms/${form.id}`;
  const send = (answers, rest = {}) => salon.visitor.post(path, { answers, ...rest });
  const clientOf = async (email) => (await salon.owner.list(`/clients?q=${email}`))[0];
  const said = async (email) => {
    const { id } = await clientOf(email);
    const [conversation] = await salon.owner.list(`/conversations?client_id=${id}`);
    return { conversation, messages: await salon.owner.list(`/conversations/${conversation.id}/messages`) };
  };
  return { salon, form, path, send, clientOf, said };
}

describe('a public form', () => {
  test('is shown to anyone, with its business and a token for its page', async () => {
    const { salon, form, path } = await open();
    const page = expectStatus(await salon.visitor.get(path), 200);
    assert.deepEqual([page.id, page.name, page.business.slug], [form.id, 'First visit', salon.slug]);
    assert.deepEqual(page.fields, form.fields);
    assert.ok(page.token.length > 10);
  });

  test('makes a client, a conversation and a form that is filled in', async () => {
    const { salon, form, send, clientOf, said } = await open();
    const answers = person({ call: '+33 1 23 45', had: ['a peel', 'a laser'], weight: 61.5, agree: true });
    answers.story = 'Less red.\nSoon.';
    const { thanks } = expectStatus(await send(answers), 202);
    assert.equal(thanks, 'We will call.');

    const client = await clientOf(answers.mail);
    assert.deepEqual(
      [client.name, client.phone, client.status, client.source],
      ['Lea Loup', '+33 1 23 45', 'new', 'form'],
    );
    const { conversation, messages } = await said(answers.mail);
    assert.equal(conversation.unanswered, true);
    assert.equal(
      messages[0].body,
      [
        ...['First visit', '', 'Your name: Lea Loup', `E-mail: ${answers.mail}`, 'Phone: +33 1 23 45'],
        ...['Have you had: a peel, a laser', 'Weight: 61.5', 'I agree: yes', 'What would you like:', 'Less red.', 'Soon.'],
      ].join('\n'),
    );
    const welcome = await server.waitForMail((mail) => mail.to.includes(answers.mail));
    assert.ok(welcome);

    const [submission] = await salon.owner.list('/submissions?status=completed');
    assert.deepEqual(
      [submission.form.id, submission.client.id, submission.booking_id, submission.visit_start],
      [form.id, client.id, null, null],
    );
    assert.deepEqual(submission.answers, answers);
    const [mine] = await salon.owner.list(`/clients/${client.id}/forms`);
    assert.equal(mine.id, submission.id);
  });

  test('finds the client who is known, whatever the case of the address', async () => {
    const { salon, send, said } = await open();
    const email = `bea.${tag()}@client.example`;
    expectStatus(await salon.owner.post('/clients', { name: 'Bea', email }), 201);
    expectStatus(await send(person({ mail: email.toUpperCase() })), 202);
    const clients = await salon.owner.list(`/clients?q=${email}`);
    assert.deepEqual(clients.map(({ name }) => name), ['Bea']);
    assert.equal((await said(email)).messages.length, 1);
  });

  test('says what is wrong, and then nothing is kept', async () => {
    const { salon, send } = await open();
    expectInvalid(await send({}), ['answers.name', 'answers.mail']);
    expectInvalid(await send(person({ mail: 'lea' })), ['answers.mail']);
    expectInvalid(await send(person({ name: 'x'.repeat(121) })), ['answers.name']);
    expectInvalid(await send(person({ about: 'x' })), ['answers.about']);
    expectInvalid(await salon.visitor.post(`/public/${salon.slug}/forms/1`, {}), ['answers']);
    assert.equal((await salon.owner.list('/submissions')).length, 0);
    assert.equal((await salon.owner.list('/clients')).length, 0);
  });

  test('keeps what a machine sent in the folder, and writes to nobody', async () => {
    const { send, said } = await open();
    const answers = person();
    expectStatus(await send(answers, { website: 'https://spam.example' }), 202);
    const { conversation, messages } = await said(answers.mail);
    assert.deepEqual([conversation.folder, messages.length], ['doubtful', 1]);
    const mails = await sql(server, `SELECT COUNT(*) FROM message WHERE to_address = '${answers.mail}'`);
    assert.equal(Number(mails[0]), 0);
  });

  test('is taken for a machine’s when it comes faster than a person writes', async () => {
    const { salon, path, send, said } = await open();
    const { token } = expectStatus(await salon.visitor.get(path), 200);
    const answers = person();
    expectStatus(await send(answers, { opened_at_token: token }), 202);
    assert.equal((await said(answers.mail)).conversation.folder, 'doubtful');
  });

  test('keeps what is clinical out of the conversation, and sealed', async () => {
    const { salon, send, said } = await open({ clinical: true });
    const answers = person({ story: 'A marker that is nobody’s' });
    expectStatus(await send(answers), 202);
    const { messages } = await said(answers.mail);
    assert.match(messages[0].body, /^First visit\n\nFilled in/);
    assert.doesNotMatch(JSON.stringify(messages), /marker/);
    const rows = await sql(server, 'SELECT * FROM form_submission');
    assert.doesNotMatch(rows.join('\n'), /A marker/);
    const [listed] = await salon.owner.list('/submissions');
    assert.deepEqual([listed.answers, listed.sealed, listed.readable], [null, true, true]);
    const read = expectStatus(await salon.owner.get(`/submissions/${listed.id}`), 200);
    assert.equal(read.answers.story, answers.story);
  });

  test('is long and then cut in the conversation, and whole among the forms', async () => {
    const many = Array.from({ length: 4 }, (_, i) => ({ key: `t${i}`, label: 'T', type: 'long_text' }));
    const { salon, send, said } = await open({ fields: [...ASKED, ...many] });
    const answers = person(Object.fromEntries(many.map(({ key }) => [key, 'é'.repeat(5000)])));
    expectStatus(await send(answers), 202);
    const { body } = (await said(answers.mail)).messages[0];
    assert.ok(body.length <= 10_000 && body.length > 9900, String(body.length));
    assert.match(body, /é\n\(The rest is with the client's forms\.\)$/);
    const [submission] = await salon.owner.list('/submissions');
    assert.equal(submission.answers.t3.length, 5000);
  });

  test('of two at the same moment from one address makes one client', async () => {
    const { salon, send } = await open();
    const answers = person();
    const all = await Promise.all([send(answers), send({ ...answers, story: 'and' }), send({ ...answers, story: 'or' })]);
    for (const answer of all) expectStatus(answer, 202);
    assert.equal((await salon.owner.list(`/clients?q=${answers.mail}`)).length, 1);
    assert.equal((await salon.owner.list('/submissions')).length, 3);
  });
});

test('only a public form of a published business that is not switched off is there', async () => {
  const { salon, form, path, send } = await open();
  const other = await makeSalon(server);
  const closed = await makeForm(salon.owner, { fields: FIELDS });
  for (const gone of [`/public/${other.slug}/forms/${form.id}`, `/public/${salon.slug}/forms/${closed.id}`, `/public/${salon.slug}/forms/x`]) {
    expectProblem(await salon.visitor.get(gone), 404, 'not_found');
    expectProblem(await salon.visitor.post(gone, { answers: person() }), 404, 'not_found');
  }
  expectStatus(await salon.owner.delete(`/forms/${form.id}`), 204);
  expectProblem(await salon.visitor.get(path), 404, 'not_found');
  expectProblem(await send(person()), 404, 'not_found');
});
