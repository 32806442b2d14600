// SPDX-License-Identifier: AGPL-3.0-or-later
// Two clients who are one person: merged with all that is theirs, and parted again as they were.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { expectProblem, expectStatus } from '../lib/client.mjs';
import { mailGone, sql } from '../lib/contents.mjs';
import { feedbackLink, pastVisit, rated } from '../lib/feedback.mjs';
import { askForm, makeForm } from '../lib/forms.mjs';
import { makeSalon } from '../lib/salon.mjs';
import { startServer } from '../lib/server.mjs';

// Every table that names a client or a conversation, and what merging does with it. A new one belongs into src/merge (or has a reason not to), and then here.
const VERDICTS = {
  moved: ['booking', 'message', 'job', 'feedback_link', 'rating', 'form_submission', 'conversation', 'conversation_message'],
  joined: ['client_clinical'],
  // Addresses for answers lead on to whom the client became (mailin); the erased are not merged; a change
  // from before is not taken back to a client who is another by now (diary/undo).
  'of its own': ['booking_undo', 'client_term', 'client_merge', 'conversation_read', 'reply_token', 'client_erasure'],
  goes: ['conversation_answering'],
};

const add = async (salon, body) => expectStatus(await salon.owner.post('/clients', body), 201);
const get = async (salon, id) => expectStatus(await salon.owner.get(`/clients/${id}`), 200);
const merge = async (salon, id, other) => expectStatus(await salon.owner.post(`/clients/${id}/merge`, { other_id: other }), 200);
const undo = async (salon, { id }) => expectStatus(await salon.owner.post(`/client-merges/${id}/undo`), 200);
const found = async (salon, q) => (await salon.owner.list(`/clients?q=${encodeURIComponent(q)}`)).map(({ id }) => id);
const contact = async (salon, body) => expectStatus(await salon.visitor.post(`/public/${salon.slug}/contact`, body), 202);
const texts = async (salon, conversation) => (await salon.owner.list(`/conversations/${conversation}/messages`)).map(({ body }) => body);
const talkOf = async (salon, id) => (await salon.owner.list(`/conversations?client_id=${id}`))[0];

describe('two clients who are one', () => {
  let server;
  before(async (t) => {
    server = await startServer(t);
  });

  test('every table that names a client or a conversation has its verdict', async () => {
    const columns = server.engine === 'sqlite'
      ? "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name IN ('client_id', 'conversation_id')"
      : "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN ('client_id', 'conversation_id')";
    const tables = [...new Set(await sql(server, columns))].sort();
    assert.deepEqual(tables, Object.values(VERDICTS).flat().sort());
  });

  /** Two clients with everything that a client can have, and where it all is. */
  async function pair() {
    const salon = await makeSalon(server);
    const { owner, services } = salon;
    const mail = { name: 'Ana Garcia', email: 'ana@old.example', phone: '+34 612 345 678' };
    const [a, b] = await salon.slots();
    await contact(salon, { ...mail, message: 'First word of the old one' });
    const [other] = await owner.list('/clients');
    const booked = expectStatus(await salon.book({ start: a.start, client: mail }), 201);
    const visit = (await rated(server, salon, { stars: 5 }, { client_id: other.id })).visit;
    const link = await feedbackLink(server, visit);
    const form = await makeForm(owner);
    const { token: formToken } = await askForm(server, form, booked.booking);
    expectStatus(await owner.patch(`/clients/${other.id}`, { tags: ['vip', 'late'], alerts: ['Nuts'], notes: 'Old notes' }), 200);
    const client = await add(salon, { name: 'Ana García', email: 'ana@new.example', tags: ['VIP', 'vip'], alerts: ['Latex'], notes: 'New notes' });
    await contact(salon, { name: 'Ana', email: 'ana@new.example', message: 'First word of the new one' });
    const own = expectStatus(await owner.post('/bookings', { service_ids: [services[0].id], start: b.start, client_id: client.id }), 201);
    return { salon, client: await get(salon, client.id), other: await get(salon, other.id), booked, visit, link, form, formToken, own };
  }

  test('everything of the one becomes the other’s, nothing is lost, and links in letters go on working', async () => {
    const { salon, client, other, booked, visit, link, formToken, own } = await pair();
    const { owner, visitor } = salon;
    const letters = (await owner.list(`/clients/${other.id}/messages`)).length + (await owner.list(`/clients/${client.id}/messages`)).length;
    const { merge: made, client: now } = await merge(salon, client.id, other.id);
    assert.deepEqual([made.client_id, made.other.id, made.other.email, made.undone_at], [client.id, other.id, 'ana@old.example', null]);
    assert.deepEqual([now.name, now.email, now.phone, now.status], ['Ana García', 'ana@new.example', '+34 612 345 678', 'booked']);
    assert.deepEqual([now.tags, now.alerts, now.notes], [['VIP', 'vip', 'late'], ['Latex', 'Nuts'], 'New notes\n\nOld notes']);
    const gone = expectProblem(await owner.get(`/clients/${other.id}`), 404, 'client_merged');
    assert.equal(gone.client_id, client.id);
    expectProblem(await owner.get(`/clients/${other.id}/overview`), 404, 'client_merged');
    expectProblem(await owner.patch(`/clients/${other.id}`, { name: 'X' }), 404, 'client_merged');
    assert.deepEqual((await owner.list('/clients')).map(({ id }) => id), [client.id]);
    for (const q of ['garcia', 'ana@old', 'ana@new', '612 34']) assert.deepEqual(await found(salon, q), [client.id], q);
    const seen = expectStatus(await owner.get(`/clients/${client.id}/overview`), 200);
    assert.deepEqual([seen.visits.total, seen.ratings.count, seen.forms.pending, seen.duplicates], [3, 1, 1, []]);
    assert.deepEqual(new Set((await owner.list(`/bookings?client_id=${client.id}`)).map(({ id }) => id)), new Set([booked.booking.id, visit.id, own.id]));
    assert.equal((await owner.list(`/clients/${client.id}/messages`)).length, letters);
    assert.equal((await owner.list('/conversations')).length, 1);
    assert.deepEqual(await texts(salon, seen.conversation_id), ['First word of the old one', 'First word of the new one']);
    assert.deepEqual(expectStatus(await owner.get('/client-tags'), 200).data.map(({ tag, count }) => [tag.toLowerCase(), count]).sort(), [['late', 1], ['vip', 1]]);
    // links
    expectStatus(await visitor.post(`/public/manage/${booked.manage_url.split('/').pop()}/cancel`), 200);
    assert.equal(expectStatus(await owner.get(`/bookings/${booked.booking.id}`), 200).status, 'cancelled');
    expectStatus(await visitor.get(`/public/rate/${link}`), 200);
    expectStatus(await visitor.get(`/public/forms/${formToken}`), 200);
    // who writes or books by the old address is the client
    await contact(salon, { name: 'Ana', email: 'ANA@old.example', message: 'By the old address' });
    assert.equal((await texts(salon, seen.conversation_id)).at(-1), 'By the old address');
    const taken = expectProblem(await owner.post('/clients', { name: 'X', email: 'ana@old.example' }), 409, 'already_exists');
    assert.equal(taken.client_id, client.id);
    const slots = await salon.slots();
    expectStatus(await salon.book({ start: slots[0].start, client: { name: 'Ana', email: 'ana@old.example' } }), 201);
    assert.equal((await owner.list(`/bookings?client_id=${client.id}`)).length, 4);
    const gone2 = expectProblem(await owner.post('/bookings', { service_ids: [salon.services[0].id], start: slots[4].start, client_id: other.id }), 404, 'client_merged');
    assert.equal(gone2.client_id, client.id);
    const actions = (await owner.list('/audit?entity=client')).map(({ action, entity_id: id }) => `${action} ${id}`);
    assert.ok(actions.includes(`merged ${client.id}`) && actions.includes(`became ${other.id}`));
  });

  test('undone at once, all of it is as it was, row by row', async () => {
    const { salon, client, other } = await pair();
    await mailGone(server);
    const columns = async (name) => (server.engine === 'sqlite'
      ? await sql(server, `SELECT name FROM pragma_table_info('${name}')`)
      : await sql(server, `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${name}' ORDER BY ordinal_position`));
    const rows = async (name) => sql(server, `SELECT ${(await columns(name)).filter((one) => one !== 'version').join(', ')} FROM ${name} WHERE workspace_id = ${salon.workspace.id} ORDER BY 1, 2, 3`);
    const names = ['booking', 'message', 'rating', 'form_submission', 'feedback_link', 'conversation', 'conversation_message', 'client', 'client_term', 'job'];
    const was = Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await rows(name)).sort()])));
    const tags = async () => (await sql(server, `SELECT key, uses FROM client_tag WHERE workspace_id = ${salon.workspace.id}`)).sort();
    const tagged = await tags();
    const made = await merge(salon, client.id, other.id);
    assert.notDeepEqual((await rows('booking')).sort(), was.booking);
    const back = await undo(salon, made.merge);
    assert.notEqual(back.merge.undone_at, null);
    for (const name of names) assert.deepEqual((await rows(name)).sort(), was[name], name);
    assert.deepEqual(await tags(), tagged);
    const plain = ({ version: _, ...rest }) => rest;
    assert.deepEqual([plain(await get(salon, client.id)), plain(await get(salon, other.id))], [plain(client), plain(other)]);
    expectProblem(await salon.owner.post(`/client-merges/${made.merge.id}/undo`), 409, 'already_undone');
    const list = await salon.owner.list(`/client-merges?client_id=${client.id}`);
    assert.deepEqual(list, [back.merge]);
    assert.deepEqual(await salon.owner.list(`/client-merges?client_id=${other.id}`), []);
    // and again
    const again = await merge(salon, other.id, client.id);
    assert.equal(again.client.id, other.id);
    assert.equal((await salon.owner.list('/client-merges')).length, 2);
  });

  test('what came since stays with the client', async () => {
    const { salon, client, other, booked } = await pair();
    const { owner } = salon;
    const made = await merge(salon, client.id, other.id);
    const talk = await talkOf(salon, client.id);
    expectStatus(await owner.post(`/conversations/${talk.id}/messages`, { body: 'Said since' }), 201);
    const since = await pastVisit(salon, { client_id: client.id });
    const now = made.client;
    expectStatus(await owner.patch(`/clients/${client.id}`, { notes: `${now.notes}\nand more`, tags: [...now.tags, 'since'], phone: '+34 699 999 999' }), 200);
    await undo(salon, made.merge);
    const [one, two] = [await get(salon, client.id), await get(salon, other.id)];
    assert.deepEqual([one.notes, one.tags, one.alerts, one.phone], ['New notes\nand more', ['VIP', 'vip', 'since'], ['Latex'], '+34 699 999 999']);
    assert.deepEqual([two.notes, two.tags, two.alerts, two.phone], ['Old notes', ['vip', 'late'], ['Nuts'], '+34 612 345 678']);
    assert.ok((await owner.list(`/bookings?client_id=${client.id}`)).some(({ id }) => id === since.id));
    assert.ok((await owner.list(`/bookings?client_id=${other.id}`)).some(({ id }) => id === booked.booking.id));
    assert.deepEqual(await texts(salon, (await talkOf(salon, client.id)).id), ['First word of the new one', 'Said since']);
    assert.deepEqual(await texts(salon, (await talkOf(salon, other.id)).id), ['First word of the old one']);
    assert.deepEqual([(await talkOf(salon, client.id)).unanswered, (await talkOf(salon, other.id)).unanswered], [false, true]);
  });

  test('a conversation that only the other had goes over and comes back, without what was said since', async () => {
    const salon = await makeSalon(server);
    await contact(salon, { name: 'Bo', email: 'bo@c.example', message: 'Before' });
    const [other] = await salon.owner.list('/clients');
    const talk = await talkOf(salon, other.id);
    const client = await add(salon, { name: 'Bo B' });
    const { merge: made, client: now } = await merge(salon, client.id, other.id);
    assert.equal(now.email, 'bo@c.example', 'the address fills the gap');
    assert.equal((await talkOf(salon, client.id)).id, talk.id);
    await contact(salon, { name: 'Bo', email: 'bo@c.example', message: 'Since' });
    assert.deepEqual(await texts(salon, talk.id), ['Before', 'Since']);
    await undo(salon, made);
    assert.deepEqual([(await get(salon, client.id)).email, (await get(salon, other.id)).email], [null, 'bo@c.example']);
    assert.deepEqual(await texts(salon, talk.id), ['Before']);
    assert.equal((await talkOf(salon, other.id)).id, talk.id);
    assert.deepEqual(await texts(salon, (await talkOf(salon, client.id)).id), ['Since']);
    await contact(salon, { name: 'Bo', email: 'bo@c.example', message: 'After' });
    assert.deepEqual(await texts(salon, talk.id), ['Before', 'After']);
  });

  test('what cannot be merged or undone is refused in words, and nothing has changed', async () => {
    const salon = await makeSalon(server);
    const { owner } = salon;
    const tags = (from) => Array.from({ length: 15 }, (_, i) => `tag ${from + i}`);
    const [a, b, c] = [
      await add(salon, { name: 'A', email: 'a@c.example', tags: tags(0) }),
      await add(salon, { name: 'B', email: 'b@c.example' }),
      await add(salon, { name: 'C', email: 'c@c.example', tags: tags(15) }),
    ];
    assert.equal((await owner.post(`/clients/${a.id}/merge`, { other_id: a.id })).status, 422);
    expectProblem(await owner.post(`/clients/${a.id}/merge`, { other_id: '1' }), 404, 'not_found');
    expectProblem(await owner.post(`/clients/1/merge`, { other_id: a.id }), 404, 'not_found');
    expectProblem(await owner.post(`/clients/${a.id}/merge`, { other_id: c.id }), 409, 'merge_too_long');
    assert.deepEqual(await owner.list('/client-merges'), []);
    const { merge: first } = await merge(salon, b.id, c.id);
    const { merge: second } = await merge(salon, await add(salon, { name: 'D' }).then(({ id }) => id), b.id);
    expectProblem(await owner.post(`/client-merges/${first.id}/undo`), 409, 'merged_again');
    assert.equal(expectProblem(await owner.get(`/clients/${c.id}`), 404, 'client_merged').client_id, second.client_id, 'who was merged twice is who they are now');
    await undo(salon, second);
    await undo(salon, first);
    assert.deepEqual((await get(salon, c.id)).tags, tags(15));
    // the client takes the old address for their own
    const { merge: third } = await merge(salon, a.id, b.id);
    expectStatus(await owner.patch(`/clients/${a.id}`, { email: 'B@c.example' }), 200);
    expectProblem(await owner.post(`/client-merges/${third.id}/undo`), 409, 'address_taken');
    expectStatus(await owner.patch(`/clients/${a.id}`, { email: 'other@c.example' }), 200);
    const e = await add(salon, { name: 'E', email: 'b@c.example' });
    expectProblem(await owner.post(`/client-merges/${third.id}/undo`), 409, 'address_taken');
    expectStatus(await owner.patch(`/clients/${e.id}`, { email: null }), 200);
    await undo(salon, third);
    assert.deepEqual([(await get(salon, a.id)).email, (await get(salon, b.id)).email], ['other@c.example', 'b@c.example']);
    const { merge: fourth } = await merge(salon, a.id, b.id);
    await sql(server, `UPDATE client_merge SET before = '', after = '' WHERE id = ${fourth.id}`);
    expectProblem(await owner.post(`/client-merges/${fourth.id}/undo`), 409, 'merge_erased');
  });

  test('who wants no letters wants none as one person, and an import knows them by either address', async () => {
    const salon = await makeSalon(server);
    const client = await add(salon, { name: 'A', email: 'a@c.example' });
    const other = await add(salon, { name: 'B', email: 'b@c.example' });
    await sql(server, `UPDATE client SET unsubscribed_s = 1700000000 WHERE id = ${other.id}`);
    const { merge: made, client: now } = await merge(salon, client.id, other.id);
    assert.equal(now.unsubscribed_at, '2023-11-14T22:13:20Z');
    const preview = expectStatus(await salon.owner.post('/client-imports/preview', { csv: 'name,email\nB,b@c.example' }), 200);
    assert.deepEqual(preview.rows.map(({ action, client: { id } }) => [action, id]), [['skip', client.id]]);
    await undo(salon, made);
    assert.deepEqual([(await get(salon, client.id)).unsubscribed_at, (await get(salon, other.id)).unsubscribed_at], [null, '2023-11-14T22:13:20Z']);
  });

  test('clinical notes, a pause and what people decided about the conversation are joined, and come apart', async () => {
    const salon = await makeSalon(server);
    const { owner } = salon;
    const write = async ({ id }, text) => expectStatus(await owner.put(`/clients/${id}/clinical-notes`, { text }), 200);
    const read = async ({ id }) => expectStatus(await owner.get(`/clients/${id}/clinical-notes`), 200);
    const made = async (name) => {
      const email = `${name}@c.example`;
      await contact(salon, { name, email, message: `I am ${name}` });
      return (await owner.list(`/clients?q=${email}`))[0];
    };
    const [client, other] = [await made('ana'), await made('bea')];
    const [own, theirs] = [await talkOf(salon, client.id), await talkOf(salon, other.id)];
    await write(client, 'Own words');
    await write(other, 'Other words');
    expectStatus(await owner.patch(`/conversations/${own.id}`, { folder: 'doubtful' }), 200);
    expectStatus(await owner.patch(`/conversations/${theirs.id}`, { assigned_to: salon.staff[0].id }), 200);
    const until = Math.floor(Date.now() / 1000) + 3600;
    await sql(server, `UPDATE client SET paused_until_s = ${until}, paused_by = 'Olive' WHERE id = ${other.id}`);
    await sql(server, `INSERT INTO conversation_answering (workspace_id, conversation_id, staff_id, name, at_s) VALUES (${salon.workspace.id}, ${theirs.id}, 1, 'X', ${until})`);
    const state = async () => sql(server, `SELECT c.id, folder, set_aside, assigned_staff_id, unwelcomed, paused_until_s, paused_by FROM conversation c JOIN client k ON k.workspace_id = c.workspace_id AND k.id = c.client_id WHERE c.workspace_id = ${salon.workspace.id} ORDER BY 1`);
    const was = await state();
    const first = await merge(salon, client.id, other.id);
    assert.equal((await read(client)).text, 'Own words\n\nOther words');
    const sealed = await sql(server, `SELECT before, after FROM client_merge WHERE id = ${first.merge.id}`);
    assert.doesNotMatch(sealed.join(), /words/);
    const joined = await talkOf(salon, client.id);
    assert.deepEqual([joined.folder, joined.assigned_to.id], ['inbox', salon.staff[0].id]);
    assert.equal(first.client.paused_until, `${new Date(until * 1000).toISOString().slice(0, 19)}Z`);
    assert.deepEqual(await sql(server, `SELECT staff_id FROM conversation_answering WHERE workspace_id = ${salon.workspace.id}`), []);
    await undo(salon, first.merge);
    assert.deepEqual([(await read(client)).text, (await read(other)).text], ['Own words', 'Other words']);
    assert.deepEqual(await state(), was);
    // what was written since stays
    const second = await merge(salon, client.id, other.id);
    await write(client, 'Own words\n\nOther words\nand since');
    expectStatus(await owner.patch(`/conversations/${own.id}`, { assigned_to: salon.staff[1].id }), 200);
    await undo(salon, second.merge);
    assert.deepEqual([(await read(client)).text, (await read(other)).text], ['Own words\nand since', 'Other words']);
    assert.deepEqual([(await talkOf(salon, client.id) ?? (await owner.list(`/conversations?client_id=${client.id}&folder=doubtful`))[0]).assigned_to.id, (await talkOf(salon, other.id)).assigned_to.id], [salon.staff[1].id, salon.staff[0].id]);
    // who has no notes has none afterwards
    const third = await add(salon, { name: 'C' });
    const gave = await merge(salon, third.id, other.id);
    assert.deepEqual([(await read(third)).text, gave.client.has_clinical_notes], ['Other words', true]);
    await undo(salon, gave.merge);
    assert.deepEqual([(await read(third)).version, (await get(salon, third.id)).has_clinical_notes], [0, false]);
  });
});
