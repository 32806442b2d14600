/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  dayOff: 'Off',
  from: (day: string) => `${day}, from`,
  until: (day: string) => `${day}, until`,
  addSpan: (day: string) => `Add hours on ${day}`,
  removeSpan: (day: string) => `Remove these hours on ${day}`,
  copyDay: 'To all weekdays',
  copyDayOf: (day: string) => `Copy ${day} to all weekdays`,
  timeMissing: (day: string) => `${day}: give both times.`,
  endFirst: (day: string) => `${day}: the end lies before the start.`,
  overlap: (day: string) => `${day}: these hours overlap.`,
};

const pl: typeof en = {
  dayOff: 'Wolne',
  from: (day) => `${day}, od`,
  until: (day) => `${day}, do`,
  addSpan: (day) => `Dodaj godziny: ${day}`,
  removeSpan: (day) => `Usuń te godziny: ${day}`,
  copyDay: 'Na dni robocze',
  copyDayOf: (day) => `Skopiuj na wszystkie dni robocze: ${day}`,
  timeMissing: (day) => `${day}: podaj obie godziny.`,
  endFirst: (day) => `${day}: koniec jest przed początkiem.`,
  overlap: (day) => `${day}: te godziny nachodzą na siebie.`,
};

export const words = choose({ en, pl });
