/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What goes by itself, by the name of its kind. */
import { choose } from './choose';

const en = {
  kinds: {
    booking_reminder: 'Reminding of a visit',
    visit_end: 'Noticing that a visit has ended',
    visit_completion: 'Completing a visit',
    follow_up: 'Thanking after a visit',
    form_request: 'Asking for a form',
    form_reminder: 'Reminding of a form',
    gate_review: 'Looking at what visits ask for first',
    owner_daily_digest: 'Your summary of the day',
  } as Record<string, string>,
  other: 'Something that goes by itself',
};

const pl: typeof en = {
  kinds: {
    booking_reminder: 'Przypomnienie o wizycie',
    visit_end: 'Zauważenie końca wizyty',
    visit_completion: 'Zakończenie wizyty',
    follow_up: 'Podziękowanie po wizycie',
    form_request: 'Prośba o formularz',
    form_reminder: 'Przypomnienie o formularzu',
    gate_review: 'Sprawdzenie wymagań wizyt',
    owner_daily_digest: 'Twoje podsumowanie dnia',
  },
  other: 'Zadanie automatyczne',
};

export const words = choose({ en, pl });

export const jobName = (kind: string | undefined): string => words.kinds[kind ?? ''] ?? words.other;
