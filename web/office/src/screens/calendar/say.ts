/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Places, times and reasons as people read and hear them. */
import { clock } from '../../kit/time';
import { words } from '../../words/calendar';
import type { Place, Verdict } from './clash';
import { dateText, wallText } from './clock';
import { type Model, type Visit, dayAt, instantOf, wallAt } from './model';

export function timeText(model: Model, minute: number): string {
  const day = dayAt(model.days, minute);
  return day ? wallText(wallAt(day, minute - day.start)) : clock(instantOf(minute));
}

export const nameOf = (model: Model, staffId: string): string =>
  model.people.find(({ id }) => id === staffId)?.name ?? '';

export const servicesText = (visit: Visit): string => visit.services.map(({ name }) => name).join(' + ');

export const statusOf = (visit: Visit): keyof typeof words.statuses =>
  visit.started_at && (visit.status === 'confirmed' || visit.status === 'pending') ? 'started' : visit.status;

export function whyText(model: Model, verdict: Verdict, place: Place): string {
  switch (verdict.code) {
    case 'cannot':
      return words.verdicts.cannot(nameOf(model, place.staffId));
    case 'busy':
      return words.verdicts.busy(verdict.visit.client.name, timeText(model, verdict.visit.start));
    case 'room':
      return words.verdicts.room(model.things.find(({ id }) => id === verdict.thingId)?.name ?? '');
    case 'closed':
      return verdict.reason ? words.closedBecause(verdict.reason) : words.verdicts.closed;
    case 'picked':
    case 'off':
    case 'free':
      return words.verdicts[verdict.code];
  }
}

/** What has become of a visit: where it is now, or how long. */
export function placeText(model: Model, visit: Visit, to: Place): string {
  const isResized = to.start === visit.start && to.staffId === visit.staff_id && to.minutes !== visit.minutes;
  if (isResized) return words.resized(visit.client.name, words.minutes(to.minutes));
  const day = dayAt(model.days, to.start);
  const isOtherDay = day !== dayAt(model.days, visit.start);
  const where = words.place(
    timeText(model, to.start),
    isOtherDay && day ? dateText(day.date) : '',
    to.staffId === visit.staff_id ? '' : nameOf(model, to.staffId),
  );
  return words.moved(visit.client.name, where);
}

const mindful = (visit: Visit): string[] => [
  ...(visit.client_alerts.length > 0 ? [words.alerts(visit.client_alerts.join(', '))] : []),
  ...(visit.gates_ok ? [] : [words.gates]),
];

/** After what a block shows, for whoever hears it: the rest. */
export function visitTail(model: Model, visit: Visit): string {
  const end = timeText(model, visit.start + visit.minutes);
  const tail = words.visitTail(end, nameOf(model, visit.staff_id), words.statuses[statusOf(visit)]);
  return [tail, ...mindful(visit)].join('. ');
}

export const visitLabel = (model: Model, visit: Visit): string =>
  words.visitLabel(
    visit.client.name,
    servicesText(visit),
    timeText(model, visit.start),
    timeText(model, visit.start + visit.minutes),
    nameOf(model, visit.staff_id),
    words.statuses[statusOf(visit)],
  );
