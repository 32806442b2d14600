// SPDX-License-Identifier: AGPL-3.0-or-later
// The signed-in routes of the contract as data: who may call each, and a body that is right.
//
// `may` is 'owner', 'staff' (everybody signed in), 'own' (everybody, each within what is theirs) or
// the permission that opens the route to a member of staff; 'bookings' also means that what is not
// theirs looks absent to the others. `creates` takes an Idempotency-Key,
// `versioned` honours If-Match.

import { attach } from '../lib/attach.mjs';
import { expectStatus } from '../lib/client.mjs';
import { rated } from '../lib/feedback.mjs';
import { FIELDS, askForm, makeForm } from '../lib/forms.mjs';
import { dateIn, makeSalon } from '../lib/salon.mjs';
import { tag } from './contract_check.mjs';

export const OIL = { name: 'Oil', unit: 'ml', on_hand: 1000, reorder_point: 10 };
export const RUB = { name: 'Rub', duration_min: 30, price: 4000, materials: [[0, 2.5]] };

/** A salon in which one of everything exists. */
export async function makeWorld(contract, options = {}) {
  const salon = await makeSalon(contract.server, { items: [OIL], services: [RUB], ...options });
  const owner = Object.assign(contract.client(), { cookies: salon.owner.cookies });
  const made = async (path, body) => expectStatus(await owner.post(path, body), 201);
  const [room, client, parting] = await Promise.all([
    made('/resources', { name: 'Blue room', kind: 'room' }),
    made('/clients', { name: 'Cleo', email: `cleo.${tag()}@client.example` }),
    made('/clients', { name: 'Piet' }),
  ]);
  const off = {
    start: `${dateIn(40)}T08:00:00Z`,
    end: `${dateIn(40)}T09:00:00Z`,
    reason: 'course',
  };
  const timeOff = await made(`/staff/${salon.staff[0].id}/time-off`, off);
  const slots = await salon.slots();
  const request = await made('/time-off-requests', { start: dateIn(70), end: dateIn(70) });
  const booking = await made('/bookings', {
    service_ids: [salon.services[0].id],
    staff_id: salon.staff[0].id,
    start: slots[0].start,
    client_id: client.id,
  });
  await contract.server.waitForMail((mail) => mail.to.includes(client.email));
  const form = await makeForm(owner);
  const submission = await askForm(contract.server, form, booking);
  const [email] = await owner.list(`/emails?booking_id=${booking.id}`);
  const token = await made('/tokens', { name: 'Site', scopes: ['bookings:read'] });
  const talk = await owner.post('/conversations', { client_id: client.id });
  const conversation = expectStatus(talk, 200);
  const file = await attach(contract.server, conversation);
  const reply = { title: 'Online', body: 'Dear {client}' };
  const saved = expectStatus(await owner.post('/saved-replies', reply), 201);
  // The owner's own visit, without materials: the others' diaries and the stock stay as they are.
  const { staff_id: self } = expectStatus(await owner.get('/session'), 200);
  expectStatus(await owner.patch(`/staff/${self}`, { bookable: true }), 200);
  const chat = await made('/services', { name: 'Chat', duration_min: 30, price: 1, staff_ids: [self] });
  const visit = { services: [chat], staff_id: self };
  await rated(contract.server, salon, { stars: 2, comment: 'Too hot.' }, visit);
  expectStatus(await owner.delete(`/services/${chat.id}`), 204);
  expectStatus(await owner.patch(`/staff/${self}`, { bookable: false }), 200);
  const [rating] = await owner.list('/ratings');
  return Object.assign(salon, {
    ...{ rating, parting },
    ...{ owner, room, client, timeOff, request, booking, email, slots, token, conversation, form, saved },
    ...{ submission, file },
  });
}

const row = (method, path, may, body, marks = {}) => ({ method, path, may, body, ...marks });
const creates = { creates: true };
const versioned = { versioned: true };

/** Every signed-in route on the things of this world; each body is right but for its effect. */
export function routesOf(world) {
  const [item, service, member] = [world.items[0].id, world.services[0].id, world.staff[1].id];
  const booking = `/bookings/${world.booking.id}`;
  const form = `/forms/${world.form.id}`;
  const submission = `/submissions/${world.submission.id}`;
  const talk = `/conversations/${world.conversation.id}`;
  const saved = `/saved-replies/${world.saved.id}`;
  const starts = world.slots.filter((slot) => slot.start > world.booking.end);
  const asked = `/time-off-requests/${world.request.id}`;
  const wish = { start: dateIn(60), end: `${dateIn(60)}T12:00`, reason: 'x' };
  const weekly = [{ weekday: 1, start: '09:00', end: '18:00' }];
  const off = { start: `${dateIn(50)}T08:00:00Z`, end: `${dateIn(50)}T09:00:00Z`, reason: 'x' };
  const invited = { name: 'Nia', email: `nia.${tag()}@staff.example`, role: 'staff' };
  const visit = { service_ids: [service], start: starts[0].start, client: { name: 'Walk-in' } };
  const served = { name: 'Peel', duration_min: 30, price: 1, staff_ids: [member] };
  const days = `from=${dateIn(2)}&to=${dateIn(2)}`;
  return [
    row('GET', '/session', 'staff'),
    row('PATCH', '/session', 'staff', { language: null }),
    row('POST', '/password/change', 'staff', {
      current_password: 'wrong one',
      new_password: tag(),
    }),
    // Those that end sessions are in accounts_sessions: here they would end the callers'.
    row('GET', '/sessions', 'staff'),
    row('POST', '/session/switch', 'staff', { workspace_id: world.workspace.id }),
    row('GET', '/two-factor', 'staff'),
    row('POST', '/two-factor/setup', 'staff', { current_password: 'wrong one' }),
    row('POST', '/two-factor/confirm', 'staff', { code: '000000' }),
    row('POST', '/two-factor/disable', 'staff', { current_password: 'wrong one', code: '000000' }),
    row('POST', '/two-factor/recovery-codes', 'staff', {
      current_password: 'wrong one',
      code: '000000',
    }),
    row('POST', '/invitations/accept', 'staff', { token: tag() }),
    row('GET', '/workspace', 'staff'),
    row('PATCH', '/workspace', 'owner', { address: 'Rue Neuve 1' }, versioned),
    row('GET', '/workspace/readiness', 'owner'),
    row('POST', '/workspace/publish', 'owner'),
    row('GET', '/workspace/mail', 'owner'),
    row('PUT', '/workspace/mail', 'owner', { provider: 'server' }, versioned),
    row('POST', '/workspace/mail/test', 'owner'),
    row('GET', '/workspace/export', 'owner'),
    row('GET', '/workspace/sample', 'owner'),
    row('POST', '/workspace/sample', 'owner', undefined, creates),
    row('DELETE', '/workspace/sample', 'owner'),
    row('GET', '/staff', 'owner'),
    row('POST', '/staff', 'owner', invited, creates),
    row('GET', `/staff/${member}`, 'own'),
    row('PATCH', `/staff/${member}`, 'owner', { name: 'Bob B.' }, versioned),
    row('PUT', `/staff/${member}/hours`, 'owner', { weekly }),
    row('GET', `/staff/${member}/hours`, 'own'),
    row('GET', `/staff/${member}/time-off`, 'own'),
    row('POST', `/staff/${member}/time-off`, 'owner', off, creates),
    row('DELETE', `/staff/${world.staff[0].id}/time-off/${world.timeOff.id}`, 'owner'),
    row('GET', '/time-off-requests', 'own'),
    row('POST', '/time-off-requests', 'own', wish, creates),
    row('GET', asked, 'bookings'),
    row('POST', `${asked}/approve`, 'owner', undefined, versioned),
    row('POST', `${asked}/decline`, 'owner', undefined, versioned),
    row('POST', `${asked}/withdraw`, 'bookings', undefined, versioned),
    row('POST', `/staff/${member}/resend-invite`, 'owner', undefined, versioned),
    row('POST', `/staff/${member}/deactivate`, 'owner', undefined, versioned),
    row('POST', `/staff/${member}/reactivate`, 'owner', undefined, versioned),
    row('GET', '/services', 'staff'),
    row('POST', '/services', 'owner', served, creates),
    row('GET', `/services/${service}`, 'staff'),
    row('PATCH', `/services/${service}`, 'owner', { description: 'with oil' }, versioned),
    row('PUT', '/services/order', 'owner', { ids: [service] }),
    row('POST', `/services/${service}/duplicate`, 'owner', { name: 'Twin' }, creates),
    row('POST', `/services/${service}/restore`, 'owner'),
    row('GET', '/forms', 'owner'),
    row('POST', '/forms', 'owner', { name: 'Skin', fields: FIELDS }, creates),
    row('GET', form, 'owner'),
    row('PATCH', form, 'owner', { name: 'Hair' }, versioned),
    row('GET', `${form}/submissions`, 'owner'),
    row('DELETE', form, 'owner', undefined, versioned),
    row('GET', '/submissions', 'owner'),
    row('GET', submission, 'bookings'),
    row('GET', `${submission}/form.pdf`, 'bookings'),
    row('POST', `${submission}/link`, 'bookings'),
    row('POST', `${submission}/remind`, 'bookings'),
    row('POST', `${submission}/complete`, 'bookings'),
    row('GET', `${booking}/forms`, 'bookings'),
    row('GET', `/clients/${world.client.id}/forms`, 'bookings'),
    row('GET', '/resources', 'staff'),
    row('POST', '/resources', 'owner', { name: 'Laser', kind: 'device' }, creates),
    row('GET', `/resources/${world.room.id}`, 'staff'),
    row('PATCH', `/resources/${world.room.id}`, 'owner', { name: 'Green room' }, versioned),
    row('DELETE', `/resources/${world.room.id}`, 'owner'),
    row('GET', '/items', 'inventory'),
    row(
      'POST',
      '/items',
      'inventory',
      { name: `Wax ${tag()}`, unit: 'g', reorder_point: 1 },
      creates,
    ),
    row('GET', `/items/${item}`, 'inventory'),
    row('PATCH', `/items/${item}`, 'inventory', { reorder_point: 12.5 }, versioned),
    row('GET', `/items/${item}/movements`, 'inventory'),
    row('POST', `/items/${item}/movements`, 'inventory', { kind: 'receive', quantity: 5 }, creates),
    row('GET', '/clients', 'clients'),
    row('GET', '/client-tags', 'clients'),
    row('GET', '/client-merges', 'clients'),
    row('POST', '/client-imports/preview', 'clients', { csv: 'name\nIda' }),
    row('POST', '/client-imports', 'clients', { csv: 'name\nIda' }, creates),
    row('GET', `/clients/${world.client.id}/overview`, 'clients'),
    row('POST', '/clients', 'clients', { name: 'Ada', email: `ada.${tag()}@c.example` }, creates),
    row('GET', `/clients/${world.client.id}`, 'clients'),
    row('GET', `/clients/${world.client.id}/messages`, 'clients'),
    row('PATCH', `/clients/${world.client.id}`, 'clients', { notes: 'likes tea' }, versioned),
    row('GET', `/clients/${world.client.id}/clinical-notes`, 'clinical'),
    row('PUT', `/clients/${world.client.id}/clinical-notes`, 'clinical', { text: 'no acids' }),
    row('GET', `/clients/${world.client.id}/export.json`, 'owner'),
    row('GET', `/clients/${world.client.id}/export.html`, 'owner'),
    row('GET', '/clients/erasures', 'owner'),
    row('POST', `/clients/${world.parting.id}/erase`, 'owner', { name: world.parting.name }),
    row('GET', '/bookings', 'own'),
    row('POST', '/bookings', 'own', visit, creates),
    row('GET', booking, 'bookings'),
    row('PATCH', booking, 'bookings', { notes: 'ring twice' }, versioned),
    row('POST', `${booking}/start`, 'bookings', undefined, versioned),
    row('POST', `${booking}/cancel`, 'bookings', undefined, versioned),
    row('POST', `${booking}/restore`, 'bookings', undefined, versioned),
    row('POST', `${booking}/complete`, 'bookings', undefined, versioned),
    row('POST', `${booking}/no-show`, 'bookings', undefined, versioned),
    row('POST', `${booking}/confirm`, 'bookings', undefined, versioned),
    row('GET', `${booking}/history`, 'bookings'),
    row('GET', `${booking}/gates`, 'bookings'),
    row('POST', `${booking}/test-result`, 'bookings', { test_result: 'passed' }, versioned),
    row('GET', `${booking}/messages`, 'bookings'),
    row('GET', `/availability?service_ids=${service}&${days}`, 'own'),
    row('GET', '/conversations', 'own'),
    row('POST', '/conversations', 'own', { client_id: world.client.id }),
    row('GET', '/conversations/counts', 'own'),
    row('GET', talk, 'own'),
    row('PATCH', talk, 'inbox', { folder: 'doubtful' }, versioned),
    row('GET', `${talk}/messages`, 'own'),
    row('POST', `${talk}/messages`, 'own', { body: 'See you then.' }, creates),
    row('POST', `${talk}/read`, 'own', undefined, versioned),
    row('POST', `${talk}/answering`, 'own', { answering: true }),
    row('GET', `${talk}/attachments/${world.file}`, 'own'),
    row('GET', '/saved-replies', 'own'),
    row('POST', '/saved-replies', 'owner', { title: 'Hours', body: 'From nine.' }, creates),
    row('GET', saved, 'own'),
    row('PATCH', saved, 'owner', { title: 'Opening hours' }, versioned),
    row('GET', `${saved}/filled?conversation_id=${world.conversation.id}`, 'own'),
    row('GET', '/ratings', 'owner'),
    row('GET', `/ratings/${world.rating.id}`, 'owner'),
    row('PATCH', `/ratings/${world.rating.id}`, 'owner', { handled: true }, versioned),
    row('GET', '/automations', 'owner'),
    row('GET', '/automations/follow_up', 'owner'),
    row('PATCH', '/automations/follow_up', 'owner', { delay_min: 90 }, versioned),
    row('POST', '/automations/follow_up/preview', 'owner'),
    row('POST', '/automations/follow_up/test', 'owner'),
    row('GET', '/jobs', 'owner'),
    row('GET', '/dashboard', 'owner'),
    row('GET', '/health', 'owner'),
    row('GET', '/emails', 'owner'),
    row('GET', `/emails/${world.email.id}`, 'owner'),
    row('POST', `/emails/${world.email.id}/retry`, 'owner', undefined, versioned),
    row('GET', '/emails/not-told', 'owner'),
    row('POST', `/emails/${world.email.id}/told`, 'owner', undefined, versioned),
    row('GET', '/tokens', 'owner'),
    row('POST', '/tokens', 'owner', { name: 'Till', scopes: ['inventory:read'] }),
    row('DELETE', `/tokens/${world.token.id}`, 'owner'),
    row('GET', '/audit', 'owner'),
    row('GET', '/reports/revenue', 'reports'),
    row('GET', '/reports/revenue/report.csv', 'reports'),
    row('GET', '/audit.csv', 'owner'),
    row('DELETE', saved, 'owner', undefined, versioned),
    row('DELETE', `/services/${service}`, 'owner'),
  ];
}

export const nameOf = ({ method, path }) => `${method} ${path.replace(/\d{6,}/g, '{id}')}`;
