// SPDX-License-Identifier: AGPL-3.0-or-later
// The days on which a zone's offset changes, found by asking the runtime's own zone tables.

const DAY_MS = 24 * 60 * 60 * 1000;

const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

/** Minutes ahead of UTC at an instant. */
function offsetMin(zone, ms) {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName').value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [null, '+', '0', '0'];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** `[{ date, hours }]` of the days of other than 24 hours among the `days` from `from` on. */
export function changeDays(zone, from, days) {
  const found = [];
  const first = Date.parse(`${from}T00:00:00Z`);
  for (let day = 0; day < days; day += 1) {
    const noon = first + day * DAY_MS + DAY_MS / 2;
    const before = offsetMin(zone, noon - DAY_MS);
    const after = offsetMin(zone, noon);
    if (before !== after) found.push({ date: iso(noon), hours: 24 - (after - before) / 60 });
  }
  return found;
}
