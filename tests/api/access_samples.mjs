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
// noToken  closed to tokens, whatever their scopes
// fresh    called with a session of its own, since it ends the caller's

import { randomBytes } from 'node:crypto';

import { expectStatus } from '../lib/client.mjs';
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
  client: async (world) => id(await made(world, '/clients', { name: tag(), phone: '+1 222 333' })),
  conversation: async (world, member) => {
    const client = await made(world, '/clients', visitor());
    const visited = { ...walkIn(world), staff_id: member, client: undefined, client_id: client.id };
    await made(world, '/bookings', visited);
    return id(expectStatus(await world.owner.post('/conversations', { client_id: client.id }), 200));
  },
  request: async (world, member, caller) => {
    const mine = caller.world === world && caller.member === member;
    const who = mine ? caller.client : (world.colleagueClient ?? world.owner);
    return id(expectStatus(await who.post('/time-off-requests', wish()), 201));
  },
  email: (world) => ({ id: world.email.id }),
  session: async (world, member, caller) => {
    const mine = caller.signIn && caller.world === world && caller.kind !== 'gone';
    const fresh = await (mine ? caller.signIn() : world.signIn());
    const { data } = expectStatus(await fresh.get('/sessions'), 200);
    return id(data.find(({ current }) => current));
  },
  token: async (world) => id(await made(world, '/tokens', { name: 'x', scopes: ['inbox'] })),
};

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

  'POST /api/v1/signup': anyone(201, { fresh: true, body: signUp }),
  'POST /api/v1/session': anyone(200, { fresh: true, body: (world) => world.credentials }),
  'GET /api/v1/session': signedIn(200),
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
  'GET /api/v1/resources': staff(200),
  'POST /api/v1/resources': owner(201, { body: { name: 'Laser', kind: 'device' } }),
  'GET /api/v1/resources/{id}': staff(200, { thing: 'room' }),
  'PATCH /api/v1/resources/{id}': owner(200, { thing: 'room', body: { name: 'Green' } }),
  'DELETE /api/v1/resources/{id}': owner(204, { thing: 'room' }),

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

  'GET /api/v1/clients': holding('clients')(200),
  'POST /api/v1/clients': holding('clients')(201, { body: visitor }),
  'GET /api/v1/clients/{id}': holding('clients')(200, { thing: 'client' }),
  'PATCH /api/v1/clients/{id}': holding('clients')(200, { thing: 'client', body: { notes: 'x' } }),

  'GET /api/v1/bookings': own('bookings')(200),
  'POST /api/v1/bookings': own('bookings')(201, { body: walkIn }),
  'GET /api/v1/bookings/{id}': own('bookings')(200, { thing: 'booking' }),
  'PATCH /api/v1/bookings/{id}': own('bookings')(200, { thing: 'booking', body: { notes: 'x' } }),
  'POST /api/v1/bookings/{id}/confirm': own('bookings')(200, { thing: 'pendingBooking' }),
  'POST /api/v1/bookings/{id}/cancel': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/restore': own('bookings')(200, { thing: 'cancelledBooking' }),
  'POST /api/v1/bookings/{id}/complete': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/no-show': own('bookings')(200, { thing: 'booking' }),
  'POST /api/v1/bookings/{id}/start': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/bookings/{id}/history': own('bookings')(200, { thing: 'booking' }),
  'GET /api/v1/events': staff(200),
  'GET /api/v1/conversations': own('inbox')(200),
  // A client of whoever calls is in inbox.test.mjs; here it is one who is not there.
  'POST /api/v1/conversations': own('inbox')(404, { body: { client_id: '1' } }),
  'GET /api/v1/conversations/{id}': own('inbox')(200, { thing: 'conversation' }),
  'POST /api/v1/conversations/{id}/read': own('inbox')(204, { thing: 'conversation' }),
  'GET /api/v1/conversations/{id}/messages': own('inbox')(200, { thing: 'conversation' }),
  'POST /api/v1/conversations/{id}/messages': own('inbox')(201, {
    thing: 'conversation',
    body: { body: 'Monday is free.' },
  }),
  'GET /api/v1/availability': staff(200, { query: free }),

  'GET /api/v1/emails': owner(200),
  'GET /api/v1/emails/{id}': owner(200, { thing: 'email' }),
  'POST /api/v1/emails/{id}/retry': owner(409, { thing: 'email' }),
  'GET /api/v1/emails/not-told': owner(200),
  'POST /api/v1/emails/{id}/told': owner(409, { thing: 'email', body: { how: 'by phone' } }),
  // Closed without its setting. Whoever signs with its secret may: delivery.test.mjs.
  'POST /api/v1/webhooks/resend': anyone(404),
  'GET /api/v1/audit': owner(200),
};
