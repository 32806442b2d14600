// SPDX-License-Identifier: AGPL-3.0-or-later
// One line for each operation of the API: who may call it, as its author means it, and a request
// that is right. access_matrix.test.mjs holds the program to these lines, cell by cell, and fails
// for an operation that has none.
//
//   'METHOD /path': who(good status, { thing, body, query, noToken })
//
// who      anyone · signedIn (a person, about themselves) · staff (every member) · owner ·
//          holding('permission') (the owner and who has it) · own('permission') (who has it or is
//          owner: everybody's; other staff: their own; 'owner': owners alone see everybody's)
// status   of an answer to who may; one over 399 is what the request ends with where its effect
//          would end the caller's own session or needs what a test cannot have
// thing    what the path's ids name: one of THINGS, made afresh for each call that changes it
// body     or query: as it is, or (world, caller, ids) => it
// notTheirs  of an answer to who sees everybody's but may do this with their own alone
// shared   its path names what every business has one of, and each caller finds their own
// noToken  closed to tokens, whatever their scopes
// written  a GET whose reading is itself an event of the audit
// before   (world) => what makes the call possible once more
// fresh    called with a session of its own, since it ends the caller's

import { randomBytes } from 'node:crypto';

import { expectStatus } from '../lib/client.mjs';
import { attach } from '../lib/attach.mjs';
import { sql } from '../lib/contents.mjs';
import { rated } from '../lib/feedback.mjs';
import { FIELDS, askForm, makeForm } from '../lib/forms.mjs';
import { dateIn } from '../lib/salon.mjs';

const as = (who, permission) => (ok, more = {}) => ({ who, permission, ok, ...more });
const anyone = as('anyone');
const signedIn = as('signed_in');
const staff = as('staff');
const owner = as('owner');
const holding = (permission) => as('owner', permission);
const own = (permission) => as('own', permission);

const tag = () => randomBytes(6).toString('hex');
const made = async (world, path, body, options) =>
  expectStatus(await world.owner.post(path, body, options), 201);
const done = async (world, path) => expectStatus(await world.owner.post(path), 200);
const id = ({ id: value }) => ({ id: value });

/** What paths name, by (world, id of the member whose it is, caller): the path's parameters. */
export const THINGS = {
  slug: (world) => ({ slug: world.slug }),
  automation: () => ({ key: 'booking_reminder' }),
  report: () => ({ kind: 'revenue' }),
  self: (world, member) => ({ id: member }),
  booking: async (world, member) => id(await world.book(member)),
  pendingBooking: (world, member) => world.pending(member),
  cancelledBooking: async (world, member) => {
    const booking = await world.book(member);
    await done(world, `/bookings/${booking.id}/cancel`);
    return id(booking);
  },
  pick: async (world) => ({ slug: world.slug, token: (await world.pick()).token }),
  link: (world) => world.link(),
  cancelledLink: async (world) => {
    const link = await world.link();
    expectStatus(await world.visitor.post(`/public/manage/${link.token}/cancel`), 200);
    return link;
  },
  form: async (world) => id(await makeForm(world.owner)),
  askedForm: async (world, member) => {
    const form = await makeForm(world.owner);
    await askForm(world.server, form, await world.book(member));
    return id(form);
  },
  openForm: async (world) => ({ slug: world.slug, form_id: (await makeForm(world.owner, OPEN_FORM)).id }),
  formLink: async (world, member) => {
    const form = await makeForm(world.owner);
    const { token } = await askForm(world.server, form, await world.book(member));
    return { token };
  },
  submission: async (world, member) => {
    const form = await makeForm(world.owner);
    return id(await askForm(world.server, form, await world.book(member)));
  },
  elsewhere: async (world, member) => {
    const form = await makeForm(world.owner, { fields: [], external_url: 'https://forms.example/x' });
    return id(await askForm(world.server, form, await world.book(member)));
  },
  visited: async (world, member) => {
    const client = await made(world, '/clients', visitor());
    const seen = { ...walkIn(world), staff_id: member, client: undefined, client_id: client.id };
    await made(world, '/bookings', seen);
    return id(client);
  },
  member: async (world) => id(await made(world, '/staff', invited())),
  inactiveMember: async (world) => {
    const member = await made(world, '/staff', invited());
    await done(world, `/staff/${member.id}/deactivate`);
    return id(member);
  },
  timeOff: async (world, member) => ({
    id: member,
    time_off_id: (await made(world, `/staff/${member}/time-off`, off())).id,
  }),
  service: async (world) => id(await made(world, '/services', served(world))),
  room: async (world) => id(await made(world, '/resources', { name: tag(), kind: 'room' })),
  item: async (world) => {
    const item = await made(world, '/items', { name: tag(), unit: 'ml' });
    await made(world, `/items/${item.id}/movements`, { kind: 'receive', quantity: 9 });
    return id(item);
  },
  stocktake: async (world) => {
    const item = await made(world, '/items', { name: tag(), unit: 'ml' });
    const take = await made(world, '/stocktakes', { item_ids: [item.id] });
    expectStatus(await world.owner.put(`/stocktakes/${take.id}/lines/${item.id}`, { counted: 2 }), 200);
    // A business may have only so many open.
    for (const { id: old, status } of expectStatus(await world.owner.get('/stocktakes?limit=200'), 200).data) {
      if (old !== take.id && status === 'open') await done(world, `/stocktakes/${old}/cancel`);
    }
    return { id: take.id, item_id: item.id };
  },
  droppedStocktake: async (world) => {
    const { id: dropped } = await THINGS.stocktake(world);
    await done(world, `/stocktakes/${dropped}/cancel`);
    return { id: dropped };
  },
  client: async (world) => id(await made(world, '/clients', { name: tag(), phone: '+1 222 333' })),
  twoClients: async (world) => ({
    id: (await made(world, '/clients', visitor())).id,
    other_id: (await made(world, '/clients', visitor())).id,
  }),
  merge: async (world) => {
    const [stays, goes] = [await made(world, '/clients', visitor()), await made(world, '/clients', visitor())];
    const { merge } = expectStatus(await world.owner.post(`/clients/${stays.id}/merge`, { other_id: goes.id }), 200);
    return id(merge);
  },
  parting: async (world) => id(await made(world, '/clients', { name: 'Piet' })),
  conversation: async (world, member) => {
    const client = await made(world, '/clients', visitor());
    const visited = { ...walkIn(world), staff_id: member, client: undefined, client_id: client.id };
    await made(world, '/bookings', visited);
    return id(expectStatus(await world.owner.post('/conversations', { client_id: client.id }), 200));
  },
  attachment: async (world, member, caller) => {
    const conversation = await THINGS.conversation(world, member, caller);
    return { ...conversation, attachment_id: await attach(world.server, conversation) };
  },
  savedReply: async (world) =>
    id(await made(world, '/saved-replies', { title: tag(), body: 'Dear {client}' })),
  request: async (world, member, caller) => {
    const mine = caller.world === world && caller.member === member;
    const who = mine ? caller.client : (world.colleagueClient ?? world.owner);
    return id(expectStatus(await who.post('/time-off-requests', wish()), 201));
  },
  feedback: async (world) => ({ token: (await saidNow(world)).token }),
  rating: async (world) => {
    const { visit } = await saidNow(world);
    const all = expectStatus(await world.owner.get('/ratings?limit=200'), 200).data;
    return id(all.find(({ booking_id: booking }) => booking === visit.id));
  },
  email: (world) => ({ id: world.email.id }),
  job: async (world) => {
    const number = Math.floor(Math.random() * 2 ** 48);
    await sql(
      world.server,
      'INSERT INTO job (workspace_id, id, kind, subject_id, status, anchor_s, due_s, created_s)' +
        ` VALUES (${world.workspace.id}, ${number}, 'visit_end', ${number}, 'done', 0, 0, 0)`,
    );
    return { id: String(number) };
  },
  session: async (world, member, caller) => {
    const mine = caller.signIn && caller.world === world && caller.kind !== 'gone';
    const fresh = await (mine ? caller.signIn() : world.signIn());
    const { data } = expectStatus(await fresh.get('/sessions'), 200);
    return id(data.find(({ current }) => current));
  },
  token: async (world) => id(await made(world, '/tokens', { name: 'x', scopes: ['inbox'] })),
};

const OPEN_FORM = {
  ...{ kind: 'contact', public: true },
  fields: ['text', 'email'].map((type) => ({ ...FIELDS[0], type, key: type === 'text' ? 'name' : type })),
};
const saidNow = (world) => rated(world.server, world, { stars: 2, comment: tag() });
const noSample = async (world) => expectStatus(await world.owner.delete('/workspace/sample'), 204);
const invited = () => ({ name: 'Nia', email: `nia.${tag()}@staff.example`, role: 'staff' });
const off = () => ({ start: `${dateIn(50)}T08:00:00Z`, end: `${dateIn(50)}T09:00:00Z` });
let wishes = 0; // no two for the same days
const wish = () => {
  const day = dateIn(60 + wishes++);
  return { start: day, end: day, reason: 'x' };
};
const served = (world) => ({
  name: `Peel ${tag()}`,
  duration_min: 30,
  price: 1,
  staff_ids: [world.colleague.id],
  materials: [{ item_id: world.items[0].id, quantity: 1 }],
});
const signUp = () => ({
  business: { name: `New ${tag()}`, timezone: 'Europe/Paris', currency: 'EUR' },
  owner: { name: 'Olga', email: `olga.${tag()}@owner.example`, password: 'a long enough secret 7' },
});
const visitor = () => ({ name: 'Vic', email: `vic.${tag()}@client.example` });
const weekly = [{ weekday: 1, start: '09:00', end: '18:00' }];
const free = (world) => `service_ids=${world.services[0].id}&from=${dateIn(3)}&to=${dateIn(3)}`;
const days = `from=${dateIn(3)}&to=${dateIn(3)}`;
const visit = (world) => ({ service_ids: [world.services[0].id], start: world.start() });
const walkIn = (world) => ({
  ...{ service_ids: [world.services[0].id], client: { name: 'Walk-in' } },
  ...{ start: world.later(), override_hours: true },
});

export const SAMPLES = {
  'GET /api/v1/public/{slug}': anyone(200, { thing: 'slug' }),
  'GET /api/v1/public/{slug}/availability': anyone(200, { thing: 'slug', query: free }),
  'POST /api/v1/public/{slug}/bookings': anyone(201, {
    thing: 'slug',
    body: (world) => ({ ...visit(world), client: visitor() }),
  }),
  'GET /api/v1/public/{slug}/contact': anyone(200, { thing: 'slug' }),
  'POST /api/v1/public/{slug}/contact': anyone(202, {
    thing: 'slug',
    body: () => ({ ...visitor(), message: 'Is Monday free?' }),
  }),
  'POST /api/v1/public/{slug}/holds': anyone(201, { thing: 'slug', body: visit }),
  'DELETE /api/v1/public/{slug}/holds/{token}': anyone(204, { thing: 'pick' }),
  'GET /api/v1/public/manage/{token}': anyone(200, { thing: 'link' }),
  'POST /api/v1/public/manage/{token}/cancel': anyone(200, { thing: 'link' }),
  'POST /api/v1/public/manage/{token}/restore': anyone(200, { thing: 'cancelledLink' }),
  'POST /api/v1/public/manage/{token}/reschedule': anyone(200, {
    thing: 'link',
    body: (world) => ({ start: world.start() }),
  }),
  'GET /api/v1/public/manage/{token}/availability': anyone(200, { thing: 'link', query: days }),
  'GET /api/v1/public/manage/{token}/calendar.ics': anyone(200, { thing: 'link' }),
  'GET /api/v1/public/rate/{token}': anyone(200, { thing: 'feedback' }),
  'POST /api/v1/public/rate/{token}': anyone(200, { thing: 'feedback', body: { stars: 4 } }),
  'GET /api/v1/public/unsubscribe/{token}': anyone(200, { thing: 'feedback' }),
  'POST /api/v1/public/unsubscribe/{token}': anyone(200, { thing: 'feedback' }),
  'GET /api/v1/public/forms/{token}': anyone(200, { thing: 'formLink' }),
  'POST /api/v1/public/forms/{token}': anyone(200, {
    thing: 'formLink',
    body: { answers: { name: 'Vic', agree: true } },
  }),
  'GET /api/v1/public/{slug}/forms/{form_id}': anyone(200, { thing: 'openForm' }),
  'POST /api/v1/public/{slug}/forms/{form_id}': anyone(202, {
    thing: 'openForm',
    body: () => ({ answers: { name: 'Vic', email: `vic.${tag()}@client.example` } }),
  }),
  'PUT /api/v1/public/forms/{token}/draft': anyone(204, {
    thing: 'formLink',
    body: { answers: { name: 'V' } },
  }),

  'POST /api/v1/signup': anyone(201, { fresh: true, body: signUp }),
  'POST /api/v1/session': anyone(200, { fresh: true, body: (world) => world.credentials }),
  'GET /api/v1/session': signedIn(200),
  'PATCH /api/v1/session': signedIn(200, { body: { language: null } }),
  'DELETE /api/v1/session': signedIn(204, { fresh: true }),
  'GET /api/v1/sessions': signedIn(200),
  'DELETE /api/v1/sessions/{id}': signedIn(204, { thing: 'session' }),
  'POST /api/v1/sessions/end-others': signedIn(204, { fresh: true }),
  'POST /api/v1/sessions/end-all': signedIn(204, { fresh: true }),
  'POST /api/v1/session/switch': signedIn(200, {
    fresh: true,
    body: (world) => ({ workspace_id: world.workspace.id }),
  }),
  'GET /api/v1/two-factor': signedIn(200),
  'POST /api/v1/two-factor/setup': signedIn(422, { body: {} }),
  'POST /api/v1/two-factor/confirm': signedIn(422, { body: {} }),
  'POST /api/v1/two-factor/disable': signedIn(422, { body: {} }),
  'POST /api/v1/two-factor/recovery-codes': signedIn(422, { body: {} }),
  'POST /api/v1/invitations/accept': signedIn(422, { body: {} }),
  'POST /api/v1/password/change': signedIn(422, { body: {} }),
  'POST /api/v1/password/forgot': anyone(202, { body: { email: 'nobody@nowhere.example' } }),
  'POST /api/v1/password/reset': anyone(422, { body: {} }),
  'GET /api/v1/tokens': owner(200, { noToken: true }),
  'POST /api/v1/tokens': owner(201, { noToken: true, body: { name: 'x', scopes: ['inbox'] } }),
  'DELETE /api/v1/tokens/{id}': owner(204, { noToken: true, thing: 'token' }),

  'GET /api/v1/workspace': staff(200),
  'PATCH /api/v1/workspace': owner(200, { body: { address: 'Rue Neuve 1' } }),
  'GET /api/v1/workspace/readiness': owner(200),
  'POST /api/v1/workspace/publish': owner(200),
  'GET /api/v1/workspace/mail': owner(200, { noToken: true }),
  'PUT /api/v1/workspace/mail': owner(200, { noToken: true, body: { provider: 'server' } }),
  // a few at a time, whoever asks: past them the answer is 429
  'POST /api/v1/workspace/mail/test': owner(200, { noToken: true }),
  'GET /api/v1/workspace/export': owner(200, { noToken: true, written: true }),
  'GET /api/v1/workspace/sample': owner(200),
  'POST /api/v1/workspace/sample': owner(201, { before: noSample }),
  'DELETE /api/v1/workspace/sample': owner(204),

  'GET /api/v1/staff': owner(200),
  'POST /api/v1/staff': owner(201, { noToken: true, body: invited }),
  'GET /api/v1/staff/{id}': own('owner')(200, { thing: 'self' }),
  'PATCH /api/v1/staff/{id}': owner(200, {
    noToken: true,
    thing: 'member',
    body: { name: 'Nia B.' },
  }),
  'POST /api/v1/staff/{id}/deactivate': owner(200, { noToken: true, thing: 'member' }),
  'POST /api/v1/staff/{id}/reactivate': owner(200, { noToken: true, thing: 'inactiveMember' }),
  'POST /api/v1/staff/{id}/resend-invite': owner(200, { noToken: true, thing: 'member' }),
  'GET /api/v1/staff/{id}/hours': own('owner')(200, { thing: 'self' }),
  'PUT /api/v1/staff/{id}/hours': owner(200, { thing: 'member', body: { weekly } }),
  'GET /api/v1/staff/{id}/time-off': own('owner')(200, { thing: 'self' }),
  'POST /api/v1/staff/{id}/time-off': owner(201, { thing: 'member', body: off }),
  'DELETE /api/v1/staff/{id}/time-off/{time_off_id}': owner(204, { thing: 'timeOff' }),

  'GET /api/v1/time-off-requests': own('owner')(200),
  'POST /api/v1/time-off-requests': own('owner')(201, { body: wish }),
  'GET /api/v1/time-off-requests/{id}': own('owner')(200, { thing: 'request' }),
  'POST /api/v1/time-off-requests/{id}/approve': owner(200, { thing: 'request' }),
  'POST /api/v1/time-off-requests/{id}/decline': owner(200, { thing: 'request' }),
  'POST /api/v1/time-off-requests/{id}/withdraw': own('owner')(200, {
    thing: 'request',
    notTheirs: 403,
  }),

  'GET /api/v1/services': staff(200),
  'POST /api/v1/services': owner(201, { body: served }),
  'GET /api/v1/services/{id}': staff(200, { thing: 'service' }),
  'PATCH /api/v1/services/{id}': owner(200, { thing: 'service', body: { description: 'x' } }),
  'DELETE /api/v1/services/{id}': owner(204, { thing: 'service' }),
  'PUT /api/v1/services/order': owner(204, { body: (world) => ({ ids: [world.services[0].id] }) }),
  'POST /api/v1/services/{id}/duplicate': owner(201, { thing: 'service', body: { name: 'Twin' } }),
  'POST /api/v1/services/{id}/restore': owner(200, { thing: 'service' }),
  'GET /api/v1/resources': staff(200),
  'POST /api/v1/resources': owner(201, { body: { name: 'Laser', kind: 'device' } }),
  'GET /api/v1/resources/{id}': staff(200, { thing: 'room' }),
  'PATCH /api/v1/resources/{id}': owner(200, { thing: 'room', body: { name: 'Green' } }),
  'DELETE /api/v1/resources/{id}': owner(204, { thing: 'room' }),

  'GET /api/v1/forms': owner(200),
  'POST /api/v1/forms': owner(201, { body: { name: 'Skin', fields: FIELDS } }),
  'GET /api/v1/forms/{id}': owner(200, { thing: 'form' }),
  'PATCH /api/v1/forms/{id}': owner(200, { thing: 'form', body: { name: 'Hair' } }),
  'DELETE /api/v1/forms/{id}': owner(204, { thing: 'form' }),
  'GET /api/v1/forms/{id}/submissions': owner(200, { thing: 'askedForm' }),
  'GET /api/v1/submissions': owner(200),
  'GET /api/v1/submissions/{id}': own('bookings')(200, { thing: 'submission' }),
  // Who reads the answers themselves is in form_reading.test.mjs; here there are none yet.
  'GET /api/v1/submissions/{id}/form.pdf': own('bookings')(409, { thing: 'submission' }),
  'POST /api/v1/submissions/{id}/link': own('bookings')(200, { thing: 'submission' }),
  'POST /api/v1/submissions/{id}/remind': own('bookings')(202, { thing: 'submission' }),
  'POST /api/v1/submissions/{id}/complete': own('bookings')(200, { thing: 'elsewhere' }),
  'GET /api/v1/bookings/{id}/forms': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/clients/{id}/forms': own('bookings')(200, { thing: 'visited' }),

  'GET /api/v1/items': holding('inventory')(200),
  'POST /api/v1/items': holding('inventory')(201, { body: { name: 'Wax', unit: 'g' } }),
  'GET /api/v1/items/{id}': holding('inventory')(200, { thing: 'item' }),
  'PATCH /api/v1/items/{id}': holding('inventory')(200, {
    thing: 'item',
    body: { reorder_point: 1 },
  }),
  'GET /api/v1/items/{id}/movements': holding('inventory')(200, { thing: 'item' }),
  'POST /api/v1/items/{id}/movements': holding('inventory')(201, {
    thing: 'item',
    body: { kind: 'receive', quantity: 5 },
  }),
  'GET /api/v1/items/summary': holding('inventory')(200),
  'GET /api/v1/items/export.csv': holding('inventory')(200),
  'GET /api/v1/items/{id}/movements.csv': holding('inventory')(200, { thing: 'item' }),
  'GET /api/v1/items/{id}/levels': holding('inventory')(200, { thing: 'item' }),
  'GET /api/v1/stocktakes': holding('inventory')(200),
  'POST /api/v1/stocktakes': holding('inventory')(201, {
    body: (world) => ({ item_ids: [world.items[0].id] }),
  }),
  'GET /api/v1/stocktakes/{id}': holding('inventory')(200, { thing: 'stocktake' }),
  'PUT /api/v1/stocktakes/{id}/lines/{item_id}': holding('inventory')(200, {
    thing: 'stocktake',
    body: { counted: 3 },
  }),
  'POST /api/v1/stocktakes/{id}/finish': holding('inventory')(200, { thing: 'stocktake' }),
  'POST /api/v1/stocktakes/{id}/cancel': holding('inventory')(200, { thing: 'stocktake' }),
  'POST /api/v1/stocktakes/{id}/reopen': holding('inventory')(200, { thing: 'droppedStocktake' }),

  'GET /api/v1/clients': holding('clients')(200),
  'POST /api/v1/clients': holding('clients')(201, { body: visitor }),
  'GET /api/v1/clients/{id}/overview': holding('clients')(200, { thing: 'client' }),
  'GET /api/v1/clients/export.csv': holding('clients')(200, { written: true }),
  'POST /api/v1/client-imports/preview': holding('clients')(200, { body: { csv: 'name\nVic' } }),
  'POST /api/v1/client-imports': holding('clients')(201, { body: { csv: 'name\nVic' } }),
  'POST /api/v1/clients/{id}/merge': holding('clients')(200, {
    thing: 'twoClients',
    body: (world, caller, ids) => ({ other_id: ids.other_id ?? '1' }),
  }),
  'GET /api/v1/client-merges': holding('clients')(200),
  'POST /api/v1/client-merges/{id}/undo': holding('clients')(200, { thing: 'merge' }),
  'GET /api/v1/client-tags': holding('clients')(200),
  'GET /api/v1/clients/{id}': holding('clients')(200, { thing: 'client' }),
  'GET /api/v1/clients/{id}/messages': holding('clients')(200, { thing: 'client' }),
  'PATCH /api/v1/clients/{id}': holding('clients')(200, { thing: 'client', body: { notes: 'x' } }),

  'GET /api/v1/clients/{id}/clinical-notes': holding('clinical')(200, {
    thing: 'client',
    written: true,
  }),
  'PUT /api/v1/clients/{id}/clinical-notes': holding('clinical')(200, {
    thing: 'client',
    body: { text: 'x' },
  }),
  'GET /api/v1/clients/{id}/export.json': owner(200, { thing: 'client', written: true }),
  'GET /api/v1/clients/{id}/export.html': owner(200, { thing: 'client', written: true }),
  'GET /api/v1/clients/erasures': owner(200),
  'POST /api/v1/clients/{id}/erase': owner(200, { thing: 'parting', body: { name: 'Piet' } }),

  'GET /api/v1/calendar': holding('bookings')(200, { query: () => `from=${dateIn(1)}&to=${dateIn(2)}` }),
  // A booking that is there is in office_calendar.test.mjs; this one is not.
  'GET /api/v1/calendar/check': holding('bookings')(404, { query: () => 'booking_id=1' }),
  'GET /api/v1/bookings': own('bookings')(200),
  'POST /api/v1/bookings': own('bookings')(201, { body: walkIn }),
  'GET /api/v1/bookings/export.csv': own('bookings')(200, { written: true }),
  'GET /api/v1/saved-views': staff(200, { noToken: true, query: 'screen=bookings' }),
  'POST /api/v1/saved-views': staff(201, {
    noToken: true,
    body: { screen: 'bookings', name: 'Mine', query: '?status=pending' },
  }),
  'DELETE /api/v1/saved-views/{id}': staff(404, { thing: 'booking', noToken: true }),
  'GET /api/v1/bookings/{id}': own('bookings')(200, { thing: 'booking' }),
  'PATCH /api/v1/bookings/{id}': own('bookings')(200, { thing: 'booking', body: { notes: 'x' } }),
  'POST /api/v1/bookings/{id}/confirm': own('bookings')(200, { thing: 'pendingBooking' }),
  'POST /api/v1/bookings/{id}/cancel': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/restore': own('bookings')(200, { thing: 'cancelledBooking' }),
  'POST /api/v1/bookings/{id}/complete': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/no-show': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/start': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/bookings/{id}/gates': own('bookings')(200, { thing: 'booking' }),
  // A patch test that is completed is in gates.test.mjs; here it is a visit that is none.
  'POST /api/v1/bookings/{id}/test-result': own('bookings')(422, {
    thing: 'booking',
    body: { test_result: 'passed' },
  }),
  // Nothing of theirs was changed before, so there is nothing to take back or to hush.
  'POST /api/v1/bookings/{id}/undo': own('bookings')(409, {
    thing: 'booking',
    body: { version: 1 },
  }),
  'POST /api/v1/bookings/{id}/hush': own('bookings')(409, {
    thing: 'booking',
    body: { version: 1 },
  }),
  'GET /api/v1/bookings/{id}/history': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/bookings/{id}/messages': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/events': staff(200),
  'GET /api/v1/conversations': own('inbox')(200),
  // A client of whoever calls is in inbox.test.mjs; here it is one who is not there.
  'POST /api/v1/conversations': own('inbox')(404, { body: { client_id: '1' } }),
  'GET /api/v1/conversations/counts': own('inbox')(200),
  'PATCH /api/v1/conversations/{id}': holding('inbox')(200, {
    thing: 'conversation',
    body: { folder: 'doubtful' },
  }),
  'GET /api/v1/conversations/{id}': own('inbox')(200, { thing: 'conversation' }),
  'POST /api/v1/conversations/{id}/read': own('inbox')(204, { thing: 'conversation' }),
  'GET /api/v1/conversations/{id}/messages': own('inbox')(200, { thing: 'conversation' }),
  'POST /api/v1/conversations/{id}/messages': own('inbox')(201, {
    thing: 'conversation',
    body: { body: 'Monday is free.' },
  }),
  'POST /api/v1/conversations/{id}/answering': own('inbox')(204, {
    thing: 'conversation',
    body: { answering: true },
  }),
  'GET /api/v1/conversations/{id}/attachments/{attachment_id}': own('inbox')(200, {
    thing: 'attachment',
  }),
  'GET /api/v1/saved-replies': staff(200),
  'POST /api/v1/saved-replies': owner(201, { body: { title: 'Hours', body: 'From nine.' } }),
  'GET /api/v1/saved-replies/{id}': staff(200, { thing: 'savedReply' }),
  'PATCH /api/v1/saved-replies/{id}': owner(200, { thing: 'savedReply', body: { title: 'x' } }),
  'DELETE /api/v1/saved-replies/{id}': owner(204, { thing: 'savedReply' }),
  // For a conversation of whoever calls it is in inbox_together.test.mjs; this one is not there.
  'GET /api/v1/saved-replies/{id}/filled': own('inbox')(404, {
    thing: 'savedReply',
    query: () => 'conversation_id=1',
  }),
  'GET /api/v1/availability': staff(200, { query: free }),

  'GET /api/v1/ratings': owner(200),
  'GET /api/v1/ratings/{id}': owner(200, { thing: 'rating' }),
  'PATCH /api/v1/ratings/{id}': owner(200, { thing: 'rating', body: { handled: true } }),
  'GET /api/v1/automations': owner(200),
  'GET /api/v1/automations/{key}': owner(200, { thing: 'automation', shared: true }),
  'PATCH /api/v1/automations/{key}': owner(200, { thing: 'automation', shared: true, body: { delay_min: 90 } }),
  'POST /api/v1/automations/{key}/preview': owner(200, { thing: 'automation', shared: true }),
  'POST /api/v1/automations/{key}/test': owner(202, { thing: 'automation', shared: true }),
  'GET /api/v1/jobs': owner(200),
  'POST /api/v1/jobs/{id}/retry': owner(409, { thing: 'job' }),
  'GET /api/v1/emails': owner(200),
  'GET /api/v1/emails/{id}': owner(200, { thing: 'email' }),
  'POST /api/v1/emails/{id}/retry': owner(409, { thing: 'email' }),
  'GET /api/v1/emails/not-told': owner(200),
  'GET /api/v1/dashboard': owner(200),
  'GET /api/v1/health': owner(200),
  'POST /api/v1/emails/{id}/told': owner(409, { thing: 'email', body: { how: 'by phone' } }),
  // Closed without its setting. Whoever signs with its secret may: delivery.test.mjs.
  'POST /api/v1/webhooks/resend': anyone(404),
  'GET /api/v1/audit': owner(200),
  'GET /api/v1/reports/{kind}': holding('reports')(200, { thing: 'report', shared: true }),
  'GET /api/v1/reports/{kind}/report.csv': holding('reports')(200, { thing: 'report', shared: true }),
  'GET /api/v1/audit.csv': owner(200),
};
