// SPDX-License-Identifier: AGPL-3.0-or-later
// Each defect of src/base/seeded.h with the checker that has to find it, and what the checker has
// to say: a run that fails for another reason has not found it.

const unit = (program, notices) => ({ kind: 'unit', program, notices });
const api = (file, title, { engine = 'sqlite', notices = title } = {}) => ({
  kind: 'api',
  file,
  title,
  engine,
  notices,
});
const sim = (notices) => ({ kind: 'sim', notices });

const powerCut = unit('db/test_db_power_cut', 'what_was_acknowledged_survives_each_cut');
const kills = (notices) => ({ kind: 'kills', notices });
const disk = (notices) => ({ kind: 'disk', notices });
/** Takes minutes: letters of a mailer that was killed wait for its lease. In the whole table alone. */
const day = (engine, withKills, notices) => ({
  kind: 'day',
  engine,
  kills: withKills,
  notices,
  long: true,
});
const slots = { kind: 'slots', notices: 'differ' };

export const DEFECTS = {
  ANSWER_BEFORE_COMMIT: [powerCut],
  SQLITE_NORMAL: [powerCut],
  DAMAGE_SURVIVED: [unit('db/test_db_sqlite_file', 'a_damaged_file_ends_the_process')],
  FULL_DISK_ACKNOWLEDGED: [disk('the disk is full, and writes are acknowledged')],
  UNDO_FORGOTTEN: [api('races', '64 clients on ten units of stock: ten bookings')],
  BUFFER_ON_ONE_SIDE: [slots, day('sqlite', false, 'judge overlap')],
  CLOSED_INTERVAL: [slots],
  DST_FIXED_OFFSET: [slots],
  TIME_OFF_IGNORED: [day('sqlite', false, 'judge away')],
  CHECK_THEN_INSERT: [api('races', '64 clients on one slot', { engine: 'postgres' })],
  MOVE_IN_TWO: [kills('audit visit_held')],
  RELEASE_TWICE: [
    api('booking_life', 'cancelling gives back slot and stock'),
    day('sqlite', false, 'judge (reserved|ledger)'),
  ],
  RELEASE_FORGOTTEN: [
    api('booking_life', 'cancelling gives back slot and stock'),
    day('sqlite', false, 'judge reserved'),
  ],
  LEDGER_ROW_MISSING: [kills('audit ledger_sums')],
  IDEMPOTENCY_APART: [kills('kills doubled')],
  KEY_FOR_ANY_BODY: [api('races', '32 equal idempotency keys at once')],
  AUDIT_APART: [kills('audit made_events')],
  MAIL_BEFORE_COMMIT: [disk('told twice|letters of no booking')],
  MAIL_NEW_KEY: [sim('known keys|sent once')],
  MAIL_KEY_FORGOTTEN: [
    unit('message/test_message_mailer', 'an_unknown_outcome_goes_again_only_while_the_key_is_remembered'),
  ],
  LEASE_TOO_SHORT: [
    unit('job/test_job_runner', 'a_worker_that_slept_past_its_lease_does_nothing_when_it_wakes'),
  ],
  REMIND_CANCELLED: [sim('reminder of what is so')],
  COUNT_UNFILTERED: [api('inbox_shared', 'a member sees what is assigned to them')],
  COUNT_ACROSS: [api('office_today', 'of today, of the next day and of the week')],
  LIST_UNFILTERED: [api('access_own', 'what the owner takes away is gone at the next request')],
  EXPORT_UNFILTERED: [api('access_own', 'what the owner takes away is gone at the next request')],
};
