// SPDX-License-Identifier: AGPL-3.0-or-later
// The judge must be able to say no: each of these spoils the evidence of a good simulation as a
// defect of the program would, and names the rule that has to notice. (A provider that forgets its
// keys is a simulation of its own: the program cannot do right beside it.)

import { DAY, HOUR, MINUTE, SECOND } from './world.mjs';

const taken = (evidence, message) => {
  const key = `careops-${message.workspace_id}-${message.id}`;
  return evidence.calls.filter((call) => call.key === key && call.got === 'taken');
};
const findLetter = (evidence, kind, like = () => true) => {
  const found = evidence.message.find(
    (m) => m.kind === kind && m.status === 'sent' && taken(evidence, m).length === 1 && like(m),
  );
  if (!found) throw new Error(`the simulation has no ${kind} to spoil`);
  return found;
};
/** Every letter of a kind is gone, with what was said to the mail service of it. */
const lose = (evidence, kind) => {
  const gone = new Set(
    evidence.message.filter((m) => m.kind === kind).map((m) => `careops-${m.workspace_id}-${m.id}`),
  );
  evidence.message = evidence.message.filter((m) => m.kind !== kind);
  evidence.calls = evidence.calls.filter(({ key }) => !gone.has(key));
};
const bookingOf = (evidence, message) =>
  evidence.booking.find(({ id }) => id === message.booking_id);
const at = (evidence, message, ms) => {
  for (const call of taken(evidence, message)) call.t = ms;
};

export const sabotages = {
  'taken-twice': {
    notices: 'sent_once',
    spoil(evidence) {
      evidence.calls.push({ ...taken(evidence, findLetter(evidence, 'booking_confirmation'))[0] });
    },
  },
  'two-keys': {
    notices: 'told_once',
    spoil(evidence) {
      const letter = findLetter(evidence, 'booking_reminder');
      const copy = { ...letter, id: `${letter.id}9` };
      evidence.message.push(copy);
      evidence.calls.push({
        ...taken(evidence, letter)[0],
        key: `careops-${copy.workspace_id}-${copy.id}`,
      });
    },
  },
  'other-words': {
    notices: 'same_bytes',
    spoil(evidence) {
      const call = evidence.calls.find(({ got }) => got === 'again');
      call.sum = 'ffff';
    },
  },
  'lost-message': {
    notices: 'sent_once',
    spoil(evidence) {
      const [call] = taken(evidence, findLetter(evidence, 'follow_up'));
      call.got = 'not';
    },
  },
  'left-in-the-queue': {
    notices: 'nothing_waits',
    spoil(evidence) {
      findLetter(evidence, 'follow_up').status = 'queued';
    },
  },
  'job-forgotten': {
    notices: 'only_mornings_wait',
    spoil(evidence) {
      evidence.job.find(({ kind }) => kind === 'visit_end').status = 'waiting';
    },
  },
  'job-parked': {
    notices: 'none_parked',
    spoil(evidence) {
      evidence.job.find(({ kind }) => kind === 'booking_reminder').status = 'parked';
    },
  },
  'reminders-lost': {
    notices: 'reminder_due',
    spoil: (evidence) => lose(evidence, 'booking_reminder'),
  },
  'reminder-early': {
    notices: 'reminder_not_early',
    spoil(evidence) {
      const letter = findLetter(evidence, 'booking_reminder');
      at(evidence, letter, Number(letter.occurrence) * SECOND - 3 * DAY);
    },
  },
  'reminder-late': {
    notices: 'reminder_before_the_visit',
    spoil(evidence) {
      for (const letter of evidence.message.filter((m) => m.kind === 'booking_reminder')) {
        at(evidence, letter, Number(letter.occurrence) * SECOND + MINUTE);
      }
    },
  },
  'reminder-of-the-cancelled': {
    notices: 'reminder_of_what_is_so',
    spoil(evidence) {
      const letter = findLetter(evidence, 'booking_reminder');
      const off = evidence.booking.find(
        ({ id, status }) => status === 'cancelled' && id !== letter.booking_id,
      );
      letter.booking_id = off.id;
      at(evidence, letter, off.start_s * SECOND - HOUR);
    },
  },
  'thanks-lost': { notices: 'thanks_due', spoil: (evidence) => lose(evidence, 'follow_up') },
  'thanks-early': {
    notices: 'thanks_not_early',
    spoil(evidence) {
      const letter = findLetter(evidence, 'follow_up');
      at(evidence, letter, bookingOf(evidence, letter).end_s * SECOND - 2 * DAY);
    },
  },
  'thanks-for-a-no-show': {
    notices: 'no_thanks',
    spoil(evidence) {
      bookingOf(evidence, findLetter(evidence, 'follow_up')).status = 'no_show';
    },
  },
  'confirmation-lost': {
    notices: 'told_the_time',
    spoil: (evidence) => lose(evidence, 'booking_confirmation'),
  },
  'cancellation-lost': {
    notices: 'told_of_the_cancellation',
    spoil: (evidence) => lose(evidence, 'booking_cancelled'),
  },
  'cancelled-told-last': {
    notices: 'told_the_time',
    spoil(evidence) {
      const restored = evidence.message.find(
        (m) =>
          m.kind === 'booking_confirmation' &&
          taken(evidence, m).length === 1 &&
          evidence.message.some(
            (n) =>
              n.kind === 'booking_cancelled' &&
              n.booking_id === m.booking_id &&
              BigInt(n.id) < BigInt(m.id) &&
              taken(evidence, n).length,
          ) &&
          !evidence.message.some(
            (n) =>
              n.booking_id === m.booking_id &&
              BigInt(n.id) > BigInt(m.id) &&
              ['booking_cancelled', 'booking_rescheduled'].includes(n.kind),
          ),
      );
      if (!restored) throw new Error('the simulation has no visit that was restored');
      const cancelled = evidence.message.find(
        (n) =>
          n.kind === 'booking_cancelled' &&
          n.booking_id === restored.booking_id &&
          taken(evidence, n).length,
      );
      at(evidence, cancelled, taken(evidence, restored)[0].t + MINUTE);
    },
  },
  'undone-but-told': {
    notices: 'news',
    spoil(evidence) {
      const letter = findLetter(evidence, 'booking_confirmation');
      const copy = {
        ...letter,
        id: `${letter.id}9`,
        kind: 'booking_rescheduled',
        occurrence: '99',
      };
      evidence.message.push(copy);
      evidence.calls.push({
        ...taken(evidence, letter)[0],
        key: `careops-${copy.workspace_id}-${copy.id}`,
      });
    },
  },
  'owner-not-told': {
    notices: 'owner_told',
    spoil: (evidence) => lose(evidence, 'owner_new_booking'),
  },
  'form-not-asked-for': {
    notices: 'form_request_due',
    spoil: (evidence) => lose(evidence, 'form_request'),
  },
  'form-not-asked-for-again': {
    notices: 'form_reminder_due',
    spoil: (evidence) => lose(evidence, 'form_reminder'),
  },
  'mornings-lost': {
    notices: 'morning_due',
    spoil: (evidence) => lose(evidence, 'owner_daily_digest'),
  },
  'morning-early': {
    notices: 'morning_not_early',
    spoil(evidence) {
      const letter = findLetter(evidence, 'owner_daily_digest');
      at(evidence, letter, taken(evidence, letter)[0].t - 20 * HOUR);
    },
  },
  'booking-lost': {
    notices: 'acknowledged',
    spoil(evidence) {
      const action = evidence.actions.find(
        ({ path, method, status }) => path === '/bookings' && method === 'POST' && status === 201,
      );
      evidence.audit_event = evidence.audit_event.filter(
        (e) => e.request_id !== action.id || e.entity !== 'booking',
      );
    },
  },
  'done-twice': {
    notices: 'acknowledged',
    spoil(evidence) {
      const event = evidence.audit_event.find(
        ({ entity, action, request_id: id }) =>
          entity === 'booking' && action === 'cancelled' && id.startsWith('sim-'),
      );
      evidence.audit_event.push({ ...event, id: `${event.id}9` });
    },
  },
};
