/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { describe, expect, it } from 'vitest';
import {
  addDays,
  clock,
  dayLong,
  daysBetween,
  duration,
  instantOf,
  money,
  offsetOf,
  span,
  today,
  weekdayName,
  zoneCity,
} from '../src/kit/format';

describe('money', () => {
  it('has as many decimals as the currency, and none that say nothing', () => {
    expect(money(4500, 'EUR', 'en-IE')).toBe('€45');
    expect(money(4550, 'EUR', 'en-IE')).toBe('€45.50');
    expect(money(4500, 'JPY', 'en-US')).toBe('¥4,500');
    expect(money(4500, 'KWD', 'en-US')).toContain('4.500');
  });

  it('is still shown when the locale makes no sense', () => {
    expect(money(4500, 'USD', 'not a locale')).toBe('$45');
  });
});

describe('wall clocks', () => {
  it('are shown as they stand, whatever zone the device is in', () => {
    expect(clock('2026-03-29T03:30+02:00', 'en-GB')).toBe('03:30');
    expect(clock('2026-10-25T02:30+01:00', 'fr-FR')).toBe('02:30');
    expect(clock('2026-11-24T14:05-05:00', 'en-US')).toMatch(/^2:05\sPM$/);
  });

  it('name the instant by their own offset', () => {
    expect(instantOf('2026-10-25T02:30+02:00')).toBe('2026-10-25T00:30:00Z');
    expect(instantOf('2026-10-25T02:30+01:00')).toBe('2026-10-25T01:30:00Z');
    expect(instantOf('2026-04-05T01:45+10:30')).toBe('2026-04-04T15:15:00Z');
  });

  it('are refused when they are no wall clock with an offset', () => {
    for (const text of ['', 'tomorrow', '2026-10-25T02:30', '2026-13-45T02:30+01:00']) {
      expect(instantOf(text), text).toBeNull();
    }
  });

  it('of a repeated hour are told apart by their offsets', () => {
    expect(offsetOf('2026-10-25T02:30+02:00')).toBe('UTC+2');
    expect(offsetOf('2026-10-25T02:30-03:30')).toBe('UTC-3:30');
  });
});

describe('dates', () => {
  it('count days over changes of offset and of year', () => {
    expect(addDays('2026-03-28', 1)).toBe('2026-03-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });

  it('say today as it is in the business, not on the device', () => {
    const now = new Date('2026-11-22T23:30:00Z');
    expect(today('Europe/Paris', now)).toBe('2026-11-23');
    expect(today('America/New_York', now)).toBe('2026-11-22');
    expect(today('Pacific/Kiritimati', now)).toBe('2026-11-23');
  });

  it('are written in the order of the business’s region', () => {
    expect(dayLong('2026-11-24', 'en-US')).toBe('Tuesday, November 24');
    expect(dayLong('2026-11-24', 'en-GB')).toBe('Tuesday 24 November');
    expect(weekdayName(1, 'en')).toBe('Monday');
    expect(weekdayName(7, 'en')).toBe('Sunday');
  });
});

describe('spans and names', () => {
  it('read as people say them', () => {
    expect([20, 60, 65, 90].map(duration)).toEqual(['20 min', '1 h', '1 h 05', '1 h 30']);
    expect([60, 90, 1440, 2880].map(span)).toEqual(['1 hour', '90 minutes', '24 hours', '2 days']);
    expect(zoneCity('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
  });
});
