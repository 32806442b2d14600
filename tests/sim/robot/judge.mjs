// SPDX-License-Identifier: AGPL-3.0-or-later
// Judges what came of a simulation. It shares nothing with the program: from what people did, what
// the mail service took and what the database ended as, it works out by itself what had to be.
//
// Rules about time. "Right" is the time that it was, "wall" what the program's clock showed.
// - Not early: a letter is taken no earlier than it is due by the right time; or the wall clock had
//   shown that time while the letter may have waited (LONGEST_WAIT), which the program cannot know
//   to be wrong.
// - Due: a letter must have been taken where the clock was right, the rule unchanged and the visit
//   as it was, all around the time at which it is due. Where not, it may: once at most.
// - A letter given up, or of unknown outcome for too long, is allowed only where the clock jumped
//   ahead by 20 hours or more while it waited.

import { Clock, DAY, HOUR, LONGEST_WAIT, MINUTE, SECOND } from './world.mjs';

const CHANGES = ['created', 'confirmed', 'rescheduled', 'cancelled', 'restored'];
const TO_CLIENT = ['booking_confirmation', 'booking_rescheduled', 'booking_cancelled'];
const SETTLED = LONGEST_WAIT + 4 * HOUR; // so long after a change its letter has been taken
const LAG = 40 * MINUTE; // how far one process may be behind another
const PAUSE = 48 * HOUR;
const DEFAULTS = {
  booking_reminder: { enabled: true, delay: 24 * HOUR },
  follow_up: { enabled: true, delay: HOUR },
  owner_daily_digest: { enabled: true, delay: 8 * HOUR },
};

const groupBy = (list, keyOf) => {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(one);
  }
  return groups;
};

/** The local date and the minutes since its midnight. */
function localOf(timezone, ms) {
  localOf.formats ??= new Map();
  if (!localOf.formats.has(timezone)) {
    localOf.formats.set(
      timezone,
      new Intl.DateTimeFormat('en-CA', {
        timeZone: timezone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
      }),
    );
  }
  const parts = Object.fromEntries(
    localOf.formats
      .get(timezone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** When a letter that is due at `ms` may go, by the salon's quiet hours. */
function afterQuiet(salon, ms) {
  const { quiet_from_min: from, quiet_until_min: until } = salon;
  if (from === null) return ms;
  const { minute } = localOf(salon.timezone, ms);
  const quiet = from < until ? minute >= from && minute < until : minute >= from || minute < until;
  return quiet ? ms + ((until - minute + 1440) % 1440) * MINUTE : ms;
}

class World {
  constructor(evidence) {
    Object.assign(this, evidence);
    this.clock = new Clock(evidence.jumps);
    this.grace = evidence.seats > 1 ? LAG : 0;
    this.salons = new Map(this.workspace.map((one) => [one.id, one]));
    this.clients = new Map(this.client.map((one) => [one.id, one]));
    this.action_of = new Map(this.actions.map((one) => [one.id, one]));
    this.taken = groupBy(
      this.calls.filter(({ got }) => got === 'taken'),
      ({ key }) => key,
    );
    this.called = groupBy(this.calls, ({ key }) => key);
    for (const m of this.message) {
      m.key = `careops-${m.workspace_id}-${m.id}`;
      m.taken = this.taken.get(m.key) ?? [];
    }
    this.letters = groupBy(this.message, (m) => m.booking_id);
    this.audits = groupBy(
      this.audit_event.filter(({ entity }) => entity === 'booking'),
      (e) => e.entity_id,
    );
    const bookings = this.booking.map((b) => this.withHistory(b));
    this.without_history = bookings.filter(({ history }) => history.length === 0);
    this.bookings = bookings.filter(({ history }) => history.length > 0);
    this.booking_of = new Map(this.bookings.map((b) => [b.id, b]));
    this.rule_changes = this.rulesOf();
    this.pauses = groupBy(
      this.audit_event.filter((e) => e.entity === 'client' && e.action === 'paused'),
      (e) => e.entity_id,
    );
  }

  /** When something happened by the right time: between r0 and r1. */
  momentOf(e, after) {
    const action = this.action_of.get(e.request_id);
    if (action) return { r0: action.r0, r1: action.r1 ?? action.r0 + this.grace };
    const at = this.clock.rightOf(e.at_s * SECOND, after);
    return { r0: at, r1: at + this.grace };
  }

  withHistory(b) {
    let state = { status: null, startMs: null, endMs: null };
    let after = 0;
    const history = [];
    for (const e of this.audits.get(b.id) ?? []) {
      const changes = JSON.parse(e.changes);
      const moment = this.momentOf(e, after);
      after = moment.r0;
      state = { ...state };
      if (changes.status) state.status = changes.status[1];
      if (changes.start) state.startMs = Date.parse(changes.start[1]);
      if (changes.end) state.endMs = Date.parse(changes.end[1]);
      history.push({
        ...moment,
        ...state,
        action: e.action,
        wallMs: e.at_s * SECOND,
        by: e.actor_kind,
        request_id: e.request_id,
      });
    }
    return {
      ...b,
      startMs: b.start_s * SECOND,
      endMs: b.end_s * SECOND,
      history,
      address: this.clients.get(b.client_id).email,
    };
  }

  rulesOf() {
    const audited = new Set(
      this.audit_event.filter((e) => e.entity === 'automation').map((e) => e.request_id),
    );
    const changes = [];
    for (const a of this.actions) {
      const [, key] = /^\/automations\/(\w+)$/.exec(a.path) ?? [];
      if (!key || a.method !== 'PATCH' || !(a.status === 200 || audited.has(a.id))) continue;
      const e = this.audit_event.find((one) => one.request_id === a.id);
      if (!e) continue;
      changes.push({
        workspace_id: e.workspace_id,
        key,
        r0: a.r0,
        r1: a.r1 ?? a.r0 + this.grace,
        ...a.body,
      });
    }
    return changes;
  }

  rule(workspaceId, key, atMs) {
    const rule = { ...DEFAULTS[key] };
    for (const c of this.rule_changes) {
      if (c.workspace_id !== workspaceId || c.key !== key || c.r0 > atMs) continue;
      if (c.enabled !== undefined) rule.enabled = c.enabled;
      if (c.delay_min !== undefined) rule.delay = c.delay_min * MINUTE;
    }
    return rule;
  }

  /** Each form that a rule had in that time. */
  rules(workspaceId, key, fromMs, toMs) {
    const moments = this.rule_changes
      .filter(
        (c) => c.workspace_id === workspaceId && c.key === key && c.r1 >= fromMs && c.r0 <= toMs,
      )
      .map((c) => c.r0);
    return [fromMs, ...moments].map((at) => this.rule(workspaceId, key, at));
  }

  steadyRule(workspaceId, key, fromMs, toMs) {
    return this.rules(workspaceId, key, fromMs, toMs).length === 1;
  }

  paused(b, fromMs, toMs) {
    return (this.pauses.get(b.client_id) ?? []).some((e) => {
      const { r0 } = this.momentOf(e, 0);
      return r0 > fromMs - 2 * PAUSE && r0 <= toMs;
    });
  }

  /** Whether the booking was like that at some moment from `fromMs` to `toMs`. */
  wasEver(b, fromMs, toMs, like) {
    return b.history.some((e, i) => {
      const until = b.history[i + 1]?.r1 ?? Infinity;
      return e.r0 <= toMs && until >= fromMs && like(e);
    });
  }

  /** The letter was taken at that time though it was due only later. */
  early(takenMs, dueMs) {
    return this.clock.peak(takenMs) < dueMs - SECOND;
  }

  /** What was asked for was so already. */
  wasSo(action) {
    const b = this.booking_of.get(/^\/bookings\/(\d+)/.exec(action.path)?.[1]);
    const startMs = Date.parse(action.body?.start);
    const like = (e) =>
      e.startMs === startMs || (/confirm$/.test(action.path) && e.status === 'confirmed');
    return b !== undefined && this.wasEver(b, action.r0 - this.grace, action.r1, like);
  }

  jumpedAhead(fromMs, toMs) {
    return this.jumps.some(([at, by]) => by >= 20 * HOUR && at >= fromMs && at <= toMs);
  }
}

// ---- the rules ----

/** Each is given the world and a judge: judge(what, ok, of, words) counts a case. */
const RULES = {
  /** What was answered with yes is there, and what was refused is not; nothing happened twice. */
  acknowledged(w, judge) {
    const audits = groupBy(
      w.audit_event.filter(
        ({ entity, action }) =>
          entity === 'booking' && CHANGES.concat('completed', 'no_show').includes(action),
      ),
      ({ request_id: id }) => id,
    );
    for (const b of w.without_history)
      judge('each_has_a_history', false, null, `nobody made booking ${b.id}`);
    for (const a of w.actions) {
      if (!/\/bookings/.test(a.path) || a.method === 'GET') continue;
      const found = audits.get(a.id)?.length ?? 0;
      const name = `${a.id} ${a.method} ${a.path} answered ${a.status}`;
      if (a.status === null)
        judge('died_in_the_middle', found <= 1, null, `${name}: ${found} changes`);
      else if (a.status >= 500)
        judge('answered_with_an_error', found <= 1, null, `${name}: ${found} changes`);
      else if (a.status >= 400) judge('refused', found === 0, null, `${name}: ${found} changes`);
      else
        judge(
          'acknowledged',
          found === 1 || (found === 0 && w.wasSo(a)),
          null,
          `${name}: ${found} changes`,
        );
    }
  },

  /** Each row of the outbox was taken once where it is sent, and never where it was not. */
  outbox(w, judge) {
    const keys = new Set(w.message.map(({ key }) => key));
    for (const key of w.called.keys())
      judge('known_keys', keys.has(key), null, `the service was given ${key}, which no row has`);
    for (const call of w.calls)
      if (call.got === 'differs')
        judge('same_bytes', false, null, `${call.key} came again with other words`);
    for (const m of w.message) {
      const name = `${m.kind} ${m.id} about ${m.subject_id}/${m.occurrence} is ${m.status} and was taken ${m.taken.length} times`;
      const b = w.booking_of.get(m.booking_id);
      const calls = w.called.get(m.key) ?? [];
      judge(
        'same_bytes',
        new Set(calls.map(({ sum }) => sum)).size <= 1,
        b,
        `${name}, with different words`,
      );
      if (m.status === 'sent') judge('sent_once', m.taken.length === 1, b, name);
      else if (m.status === 'suppressed')
        judge(
          'taken_back',
          m.taken.length === 0 || (m.taken.length === 1 && m.attempts > 0),
          b,
          name,
        );
      else if (m.status === 'failed') {
        const from = calls[0]?.t ?? 0;
        const to = (calls.at(-1)?.t ?? 0) + DAY;
        judge(
          'given_up_after_a_jump',
          m.taken.length <= 1 && w.jumpedAhead(from, to),
          b,
          `${name}: ${m.last_error}`,
        );
      } else judge('nothing_waits', false, b, name);
    }
    const told = groupBy(
      w.message.filter((m) => m.taken.length),
      (m) => `${m.kind} ${m.subject_id} ${m.occurrence} ${m.to_address}`,
    );
    for (const [what, list] of told)
      judge(
        'told_once',
        list.length === 1,
        w.booking_of.get(list[0].booking_id),
        `${what}: ${list.length} keys`,
      );
  },

  /** No job waits for ever or was given up. */
  jobs(w, judge) {
    for (const j of w.job) {
      const b = w.booking_of.get(j.booking_id);
      const name = `${j.kind} of ${j.subject_id}/${j.occurrence} is ${j.status}`;
      if (j.status === 'waiting')
        judge('only_mornings_wait', j.kind === 'owner_daily_digest', b, name);
      else judge('none_parked', j.status !== 'parked', b, name);
      // A form may be asked for again only after the visit that it is for.
      if (j.status === 'late' && j.outcome === 'late' && j.kind !== 'form_reminder') {
        const around = j.due_s * SECOND;
        judge(
          'late_after_a_jump',
          !w.clock.steady(around - 2 * DAY, around + DAY),
          b,
          `${name} since ${j.due_s}`,
        );
      }
    }
  },

  /** Each salon has a morning to come; what a clock a year ahead has planned may lie there besides. */
  next_mornings(w, judge) {
    const endMs = Math.max(...w.calls.map(({ t }) => t));
    for (const id of w.salons.keys()) {
      const found = w.job.some(
        (j) =>
          j.workspace_id === id &&
          j.kind === 'owner_daily_digest' &&
          j.status === 'waiting' &&
          j.due_s * SECOND < endMs + 3 * DAY,
      );
      judge('next_morning', found, null, `salon ${id} has none`);
    }
  },

  /** What the client was told last is so; and nobody is told the same thing twice in a row. */
  told(w, judge) {
    for (const b of w.bookings.filter(({ address }) => address)) {
      const letters = (w.letters.get(b.id) ?? []).filter((m) => TO_CLIENT.includes(m.kind));
      const arrived = letters
        .filter((m) => m.taken.length)
        .sort((x, y) => x.taken[0].t - y.taken[0].t || (BigInt(x.id) < BigInt(y.id) ? -1 : 1));
      const failed = letters.some((m) => m.status === 'failed');
      const changes = b.history.filter(({ action }) => CHANGES.includes(action));
      changes.forEach((e, i) => {
        const next = changes[i + 1]?.r0 ?? Infinity;
        if (e.wallMs >= e.endMs || next - e.r1 < SETTLED) return;
        if (failed) return judge('told_where_one_was_given_up', true);
        const last = arrived.filter((m) => m.taken[0].t < next).at(-1);
        // Written down as over, by a clock that ran ahead: whoever it was for was there.
        const [made] = b.history;
        if (!last && made.wallMs >= made.endMs) return;
        // They know what they asked for; the yes to it is told when there is one.
        if (
          e.status === 'pending' &&
          (last?.kind === 'booking_cancelled' || (!last && e.startMs === b.history[0].startMs))
        )
          return;
        if (e.status === 'cancelled')
          judge(
            'told_of_the_cancellation',
            !last || last.kind === 'booking_cancelled',
            b,
            `cancelled, but told ${last?.kind}`,
          );
        else
          judge(
            'told_the_time',
            last !== undefined &&
              last.kind !== 'booking_cancelled' &&
              last.tells_start_s * SECOND === e.startMs,
            b,
            `${e.action} to ${new Date(e.startMs).toISOString()}, but told ${last?.kind} ${last?.tells_start_s}`,
          );
      });
      for (let i = 1; i < arrived.length; i += 1) {
        const [x, y] = [arrived[i - 1], arrived[i]];
        const same =
          (x.kind === 'booking_cancelled') === (y.kind === 'booking_cancelled') &&
          x.tells_start_s === y.tells_start_s &&
          x.tells_staff_id === y.tells_staff_id;
        // One between was begun, and so may have arrived, when it was taken back.
        const between = letters.some(
          (m) =>
            m.status === 'suppressed' &&
            m.attempts > 0 &&
            BigInt(m.id) > BigInt(x.id) &&
            BigInt(m.id) < BigInt(y.id),
        );
        const unsure = between || x.status !== 'sent' || y.status !== 'sent';
        const confirmed =
          y.kind === 'booking_confirmation' &&
          w.wasEver(b, x.taken[0].t - DAY, y.taken[0].t, ({ action }) => action === 'confirmed');
        judge(
          unsure ? 'news_where_one_was_taken_back' : 'news',
          !same || unsure || confirmed,
          b,
          `told ${y.kind} of the same after ${x.kind}`,
        );
      }
      for (const m of arrived) {
        const at = m.taken[0].t;
        const off = m.kind === 'booking_cancelled';
        if (m.status === 'sent')
          judge(
            'told_what_was_so',
            w.wasEver(
              b,
              at - w.grace - (off ? SETTLED : 0),
              at,
              (e) => (e.status === 'cancelled') === off,
            ),
            b,
            `${m.kind} taken at ${new Date(at).toISOString()}`,
          );
      }
    }
  },

  /** Each owner hears of each visit that a client has booked. */
  owners(w, judge) {
    for (const b of w.bookings) {
      const made = b.history[0];
      if (b.source !== 'public' || made.wallMs >= made.endMs) continue;
      const next =
        b.history.find(({ action }, i) => i > 0 && CHANGES.includes(action))?.r0 ?? Infinity;
      if (next - made.r1 < SETTLED) continue;
      const told = (w.letters.get(b.id) ?? []).filter(
        (m) => m.kind === 'owner_new_booking' && m.to_address.startsWith('owner.'),
      );
      const given = told.some((m) => m.status === 'failed');
      judge(
        'owner_told',
        given || told.filter((m) => m.taken.length === 1).length === 1,
        b,
        `${told.length} letters to the owner`,
      );
    }
  },

  reminders(w, judge) {
    for (const b of w.bookings) {
      const letters = (w.letters.get(b.id) ?? []).filter((m) => m.kind === 'booking_reminder');
      for (const m of letters.filter((one) => one.taken.length)) {
        const at = m.taken[0].t;
        const startMs = Number(m.occurrence) * SECOND;
        const rules = w.rules(b.workspace_id, 'booking_reminder', at - LONGEST_WAIT, at);
        const longest = Math.max(...rules.map(({ delay }) => delay));
        const name = `reminder of ${new Date(startMs).toISOString()} taken at ${new Date(at).toISOString()}`;
        judge('reminder_not_early', !w.early(at, startMs - longest), b, name);
        if (at < startMs - longest) judge('reminder_early_as_the_clock_was_ahead', true);
        judge(
          'reminder_before_the_visit',
          at < startMs || !w.clock.steady(at - LONGEST_WAIT, at),
          b,
          name,
        );
        judge(
          'reminder_of_what_is_so',
          w.wasEver(b, at - w.grace, at, (e) => e.status === 'confirmed' && e.startMs === startMs),
          b,
          name,
        );
        const all = w.rules(b.workspace_id, 'booking_reminder', 0, at);
        const shortest = Math.min(...all.map(({ delay }) => delay));
        judge(
          'reminder_of_what_was_booked_before',
          b.history.some((e) => e.startMs === startMs && e.wallMs < startMs - shortest),
          b,
          name,
        );
      }
      for (const [startMs, spans] of groupBy(this.spansOf(b), ({ startMs: at }) => at)) {
        const due = spans.map((span) => this.dueIn(w, b, span)).find(Boolean);
        const got = letters.filter(
          (m) => Number(m.occurrence) * SECOND === startMs && m.taken.length === 1,
        );
        const given = letters.some((m) => m.status === 'failed');
        if (due && !given)
          judge(
            'reminder_due',
            got.length === 1,
            b,
            `reminder of ${new Date(startMs).toISOString()} due at ${new Date(due).toISOString()}`,
          );
        judge('reminder_once', got.length <= 1, b, `${got.length} reminders`);
      }
    }
  },

  follow_ups(w, judge) {
    for (const b of w.bookings) {
      const letters = (w.letters.get(b.id) ?? []).filter((m) => m.kind === 'follow_up');
      const got = letters.filter((m) => m.taken.length);
      judge('thanks_once', got.length <= 1, b, `${got.length} letters of thanks`);
      if (got.length && b.status !== 'completed')
        judge('thanks_for_visits', false, b, `thanks, but ${b.status}`);
      for (const m of got) {
        const at = m.taken[0].t;
        const rules = w.rules(b.workspace_id, 'follow_up', at - LONGEST_WAIT, at);
        judge(
          'thanks_not_early',
          !w.early(at, b.endMs + Math.min(...rules.map(({ delay }) => delay))),
          b,
          `thanks taken at ${new Date(at).toISOString()}`,
        );
      }
      if (b.status !== 'completed') {
        judge('no_thanks', got.length === 0, b, `thanks, but ${b.status}`);
        continue;
      }
      const done = b.history.find(({ action }) => action === 'completed');
      const salon = w.salons.get(b.workspace_id);
      const from = Math.max(done.r1, b.endMs + w.rule(b.workspace_id, 'follow_up', done.r0).delay);
      const due = afterQuiet(salon, from);
      const around = [Math.min(done.r0, b.endMs) - HOUR, due + 6 * HOUR];
      const usual =
        w.clock.steady(around[0] - LONGEST_WAIT, around[1]) &&
        w.steadyRule(b.workspace_id, 'follow_up', ...around) &&
        w.rule(b.workspace_id, 'follow_up', due).enabled;
      if (!usual || !b.address || w.paused(b, ...around) || due > b.endMs + 6 * DAY) continue;
      judge('thanks_due', got.length === 1, b, `thanks due at ${new Date(due).toISOString()}`);
    }
  },

  /** A form is asked for once the visit is confirmed, and once more a day later. */
  forms(w, judge) {
    for (const f of w.form_submission) {
      const b = w.booking_of.get(f.booking_id);
      if (!b) continue;
      const salon = w.salons.get(b.workspace_id);
      const letters = (kind) =>
        (w.letters.get(b.id) ?? []).filter((m) => m.kind === kind && m.subject_id === f.id);
      for (const kind of ['form_request', 'form_reminder']) {
        const got = letters(kind).filter((m) => m.taken.length);
        judge(`${kind}_once`, got.length <= 1, b, `${got.length} of ${kind}`);
        for (const m of got) {
          const at = m.taken[0].t;
          judge(
            `${kind}_of_what_is_so`,
            w.wasEver(b, at - w.grace, at, (e) => e.status === 'confirmed'),
            b,
            `${kind} taken at ${new Date(at).toISOString()}`,
          );
        }
      }
      const [request] = letters('form_request').filter((m) => m.taken.length);
      const [again] = letters('form_reminder').filter((m) => m.taken.length);
      const dueIn = (fromMs, delay) => {
        const due = afterQuiet(salon, fromMs + delay);
        const to = due + 6 * HOUR;
        const stays =
          !b.history.some((e) => e.r1 > fromMs && e.r0 <= to) &&
          this.spansOf(b).some((s) => s.from <= fromMs && s.to > to && s.startMs > to);
        return stays &&
          b.address &&
          w.clock.steady(fromMs - LONGEST_WAIT, to) &&
          !w.paused(b, fromMs, to)
          ? due
          : null;
      };
      const confirmed = b.history.find(({ status }) => status === 'confirmed');
      if (confirmed && dueIn(confirmed.r1, 0))
        judge('form_request_due', request !== undefined, b, 'no request');
      if (!request || !dueIn(request.taken[0].t, DAY)) continue;
      judge(
        'form_reminder_due',
        again !== undefined,
        b,
        `not asked again after ${new Date(request.taken[0].t).toISOString()}`,
      );
      if (again)
        judge(
          'form_reminder_not_early',
          again.taken[0].t >= request.created_s * SECOND + DAY - SECOND,
          b,
          `asked again at ${new Date(again.taken[0].t).toISOString()}`,
        );
    }
  },

  mornings(w, judge) {
    const letters = w.message.filter((m) => m.kind === 'owner_daily_digest');
    const days = groupBy(
      letters.filter((m) => m.taken.length),
      (m) => `${m.workspace_id} ${m.occurrence}`,
    );
    for (const [day, list] of days) {
      const [workspaceId, occurrence] = day.split(' ');
      const salon = w.salons.get(workspaceId);
      const at = list[0].taken[0].t;
      const delay = Math.min(
        ...w
          .rules(workspaceId, 'owner_daily_digest', at - LONGEST_WAIT, at)
          .map((rule) => rule.delay),
      );
      const peak = localOf(salon.timezone, w.clock.peak(at));
      const date = occurrence.slice(0, 10);
      judge('morning_once', list.length === 1, null, `${day}: ${list.length} letters`);
      judge(
        'morning_not_early',
        peak.date > date || (peak.date === date && peak.minute * MINUTE >= delay),
        null,
        `${day} taken at ${new Date(at).toISOString()}`,
      );
    }
    const ends = Math.max(...w.actions.map(({ r0 }) => r0)) - DAY;
    const visits = new Map();
    for (const b of w.bookings) {
      if (!['confirmed', 'completed'].includes(b.status) || b.startMs > ends) continue;
      const { timezone } = w.salons.get(b.workspace_id);
      const { date, minute } = localOf(timezone, b.startMs);
      const morning = b.startMs - minute * MINUTE + 8 * HOUR;
      if (b.history[0].r1 > morning - 3 * HOUR || b.history.at(-1).startMs !== b.startMs) continue;
      if (b.history.some((e) => e.action === 'rescheduled' && e.r1 > morning - 3 * HOUR)) continue;
      visits.set(`${b.workspace_id} ${date}`, { b, morning });
    }
    for (const [day, { b, morning }] of visits) {
      const [workspaceId, date] = day.split(' ');
      if (!w.clock.steady(morning - LONGEST_WAIT, morning + 8 * HOUR)) continue;
      const found = letters.filter(
        (m) =>
          m.workspace_id === workspaceId &&
          m.occurrence.startsWith(`${date}/`) &&
          m.taken.length === 1,
      );
      judge('morning_due', found.length === 1, b, `${day}: ${found.length} mornings`);
    }
  },
};

/** The times in which a booking stood confirmed at one start. */
RULES.spansOf = (b) => {
  const spans = [];
  b.history.forEach((e) => {
    const open = spans.at(-1);
    const on = e.status === 'confirmed';
    if (open?.to === Infinity && (!on || e.startMs !== open.startMs)) open.to = e.r0;
    if (on && open?.to !== Infinity)
      spans.push({ startMs: e.startMs, from: e.r1, to: Infinity, plans: [] });
    else if (on && e.startMs !== open.startMs)
      spans.push({ startMs: e.startMs, from: e.r1, to: Infinity, plans: [] });
    if (on && CHANGES.includes(e.action)) spans.at(-1).plans.push(e.wallMs);
  });
  return spans;
};

/** When a reminder had to go, if nothing was unusual about it; else null. */
RULES.dueIn = (w, b, { startMs, from, to, plans }) => {
  const key = 'booking_reminder';
  const { delay, enabled } = w.rule(b.workspace_id, key, startMs);
  const salon = w.salons.get(b.workspace_id);
  const planned = startMs - delay;
  const quiet = afterQuiet(salon, planned);
  const due = quiet < startMs ? quiet : planned;
  const around = [planned - HOUR, Math.min(due + 3 * HOUR, startMs)];
  const usual =
    b.address &&
    enabled &&
    plans.every((at) => at < planned) &&
    from < planned - HOUR &&
    to > around[1] &&
    startMs - due > 2 * HOUR &&
    w.steadyRule(b.workspace_id, key, from - 2 * LAG, startMs) &&
    w.clock.steady(planned - LONGEST_WAIT, around[1]) &&
    !w.paused(b, ...around);
  return usual ? due : null;
};

function tell(w, b) {
  if (!b) return '';
  const at = (ms) =>
    ms === null || ms === undefined ? '-' : new Date(ms).toISOString().slice(0, 19);
  const lines = b.history.map((e) => [
    e.r0,
    `${at(e.r0)} ${e.action} by ${e.by} (${e.request_id}), its clock at ${at(e.wallMs)}: ${e.status} ${at(e.startMs)}`,
  ]);
  for (const m of w.letters.get(b.id) ?? []) {
    const wall = m.created_s * SECOND;
    lines.push([
      w.clock.rightOf(wall),
      `${at(w.clock.rightOf(wall))} ${m.kind}/${m.occurrence} to ${m.to_address} written, its clock at ${at(wall)}; ${m.status} ${m.reason} ${m.last_error}`,
    ]);
    for (const call of w.called.get(m.key) ?? [])
      lines.push([
        call.t,
        `${at(call.t)}   ${m.kind}/${m.occurrence}: ${call.got} (${call.said}) life ${call.life}`,
      ]);
  }
  for (const j of w.job.filter((one) => one.booking_id === b.id))
    lines.push([
      Infinity,
      `job ${j.kind}/${j.occurrence}: ${j.status} ${j.outcome} ${at(j.due_s * SECOND)}`,
    ]);
  lines.sort((x, y) => x[0] - y[0]);
  return `\n    booking ${b.id} of ${w.salons.get(b.workspace_id).slug}, ${b.source}, for ${b.address || 'nobody'}\n${lines.map(([, line]) => `      ${line}`).join('\n')}`;
}

/** { counts: Map of rule → [cases, violations], violations: [text] }. */
export function judgeAll(evidence) {
  const w = new World(evidence);
  const counts = new Map();
  const violations = [];
  const judge = (what, ok, b, words) => {
    const count = counts.get(what) ?? [0, 0];
    count[0] += 1;
    if (!ok) {
      count[1] += 1;
      if (count[1] <= 3) violations.push(`${what}: ${words}${tell(w, b)}`);
    }
    counts.set(what, count);
  };
  for (const [name, rule] of Object.entries(RULES)) {
    if (rule.length === 2) rule.call(RULES, w, judge);
  }
  return { counts, violations };
}
