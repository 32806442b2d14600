/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What can be done about a thing that waits, where it stands. */
import { api, ask, ifMatch } from '../../kit/api';
import { jobName } from '../../words/jobs';
import { words } from '../../words/today';
import type { Waiting } from './data';

export interface Deed {
  label: string;
  send: () => Promise<unknown>;
  said: string;
  /** How it is taken back, given what the server answered, and what is said then. */
  undo?: { send: (answer: unknown) => Promise<unknown>; said: string };
  /** What comes of it shows after a moment: a letter goes out, a job runs. */
  isSlow?: boolean;
  isFirst?: boolean;
}

const at = (id: string) => ({ path: { id } });
const matching = (id: string, version = 0) => ({ ...at(id), header: { 'If-Match': ifMatch(version) } });

/** The change that made the visit what the answer says goes back. */
const backOf = (id: string, name: string) => ({
  send: (answer: unknown) => {
    const { version } = answer as { version: number };
    return ask(api.POST('/api/v1/bookings/{id}/undo', { params: at(id), body: { version } }));
  },
  said: words.restored(name),
});

const confirm = ({ id, version, client_name: name = '' }: Waiting): Deed => ({
  label: words.confirm,
  isFirst: true,
  send: () => ask(api.POST('/api/v1/bookings/{id}/confirm', { params: matching(id, version), body: {} })),
  said: words.confirmed(name),
  undo: backOf(id, name),
});

const decline = ({ id, version, client_name: name = '' }: Waiting): Deed => ({
  label: words.decline,
  send: () => ask(api.POST('/api/v1/bookings/{id}/cancel', { params: matching(id, version), body: {} })),
  said: words.declined(name),
  undo: backOf(id, name),
});

const complete = ({ id, version, client_name: name = '' }: Waiting): Deed => ({
  label: words.completed,
  isFirst: true,
  send: () => ask(api.POST('/api/v1/bookings/{id}/complete', { params: matching(id, version), body: {} })),
  said: words.completedSaid(name),
  undo: backOf(id, name),
});

const noShow = ({ id, version, client_name: name = '' }: Waiting): Deed => ({
  label: words.noShow,
  send: () => ask(api.POST('/api/v1/bookings/{id}/no-show', { params: matching(id, version), body: {} })),
  said: words.noShowSaid(name),
  undo: backOf(id, name),
});

export const told = (id: string, name: string): Deed => ({
  label: words.told,
  send: () => ask(api.POST('/api/v1/emails/{id}/told', { params: at(id), body: { how: words.toldHow } })),
  said: words.toldSaid(name),
});

const resend = ({ id, client_name: name = '' }: Waiting): Deed => ({
  label: words.sendAgain,
  isFirst: true,
  isSlow: true,
  send: () => ask(api.POST('/api/v1/emails/{id}/retry', { params: at(id) })),
  said: words.resent(name),
});

export const remind = (id: string, name: string): Deed => ({
  label: words.remind,
  isFirst: true,
  send: () => ask(api.POST('/api/v1/submissions/{id}/remind', { params: at(id) })),
  said: words.reminded(name),
});

const seen = ({ id, version, client_name: name = '' }: Waiting): Deed => ({
  label: words.seen,
  isFirst: true,
  send: () => ask(api.PATCH('/api/v1/ratings/{id}', { params: matching(id, version), body: { handled: true } })),
  said: words.seenSaid(name),
  undo: {
    send: () => ask(api.PATCH('/api/v1/ratings/{id}', { params: at(id), body: { handled: false } })),
    said: words.unseenSaid(name),
  },
});

const approve = ({ id, version, staff_name: name = '' }: Waiting): Deed => ({
  label: words.approve,
  isFirst: true,
  send: () => ask(api.POST('/api/v1/time-off-requests/{id}/approve', { params: matching(id, version), body: {} })),
  said: words.approved(name),
});

const refuse = ({ id, version, staff_name: name = '' }: Waiting): Deed => ({
  label: words.refuse,
  send: () => ask(api.POST('/api/v1/time-off-requests/{id}/decline', { params: matching(id, version), body: {} })),
  said: words.refused(name),
});

const again = ({ id, version, kind = '' }: Waiting): Deed => ({
  label: words.tryAgain,
  isFirst: true,
  isSlow: true,
  send: () => ask(api.POST('/api/v1/jobs/{id}/retry', { params: matching(id, version) })),
  said: words.triedAgain(jobName(kind)),
});

export function deedsOf(of: Waiting): Deed[] {
  switch (of.code) {
    case 'unconfirmed':
      return [confirm(of), decline(of)];
    case 'unmarked':
      return [complete(of), noShow(of)];
    case 'not_told':
      return [...(of.next_step === 'retry' ? [resend(of)] : []), told(of.id, of.client_name ?? '')];
    case 'failed_email':
      return [resend(of)];
    case 'form_overdue':
    case 'form_pending':
      return [remind(of.id, of.client_name ?? '')];
    case 'low_rating':
      return [seen(of)];
    case 'time_off_request':
      return [approve(of), refuse(of)];
    case 'parked_job':
      return [again(of)];
    default:
      return [];
  }
}
