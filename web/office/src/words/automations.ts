/* SPDX-License-Identifier: AGPL-3.0-or-later */
import type { components } from '../../../api';
import { choose } from './choose';
import { plural } from './plural';

type Key = components['schemas']['Automation']['key'];
type Unit = 'minutes' | 'hours' | 'days';

interface Kind {
  name: string;
  /** When it goes, by how long before or after. */
  when: string | ((span: string) => string);
}

const en = {
  title: 'Automations',
  automationTitle: 'Automation',
  lead: 'What your robot does by itself. Each letter goes once, and waits where a person is writing with the client.',
  toClients: 'To your clients',
  toYou: 'To you and your team',
  changed: 'Your words',
  switchedOn: (name: string) => `${name}: on`,
  switchedOff: (name: string) => `${name}: off`,
  gone: 'There is no such automation',
  goneText: 'The address may be mistyped.',

  kinds: {
    booking_confirmation: { name: 'Booking confirmed', when: 'At once, with the calendar entry' },
    booking_reminder: { name: 'Reminder of a visit', when: (span) => `${span} before the visit begins` },
    booking_cancelled: { name: 'Booking cancelled', when: 'Ten seconds after it is cancelled' },
    booking_rescheduled: { name: 'Booking moved', when: 'Ten seconds after it is moved' },
    client_welcome: { name: 'Welcome to a new client', when: 'At once, to who writes for the first time' },
    form_request: { name: 'Please fill in a form', when: (span) => `${span} after the visit is confirmed` },
    form_reminder: { name: 'Reminder of a form', when: (span) => `${span} after the form was asked for` },
    follow_up: { name: 'Thank you, with a rating', when: (span) => `${span} after a completed visit ended` },
    low_stock: { name: 'Stock is low', when: 'Once, when an item falls to its threshold' },
    owner_new_booking: { name: 'A new booking', when: 'At once, when a client has booked' },
    owner_daily_digest: { name: 'Your day', when: (clock) => `Every day at ${clock}, when there is something to say` },
    visit_completion: { name: 'Complete unmarked visits', when: (span) => `${span} after a visit ended that nobody has marked` },
  } as Record<Key, Kind>,
  atOnce: {
    form_request: 'At once, when the visit is confirmed',
    follow_up: 'At once, when a completed visit has ended',
    visit_completion: 'At once, when a visit has ended that nobody has marked',
  } as Partial<Record<Key, string>>,
  span: (count: number, unit: Unit): string =>
    `${count} ${plural(count, {
      minutes: { one: 'minute', other: 'minutes' },
      hours: { one: 'hour', other: 'hours' },
      days: { one: 'day', other: 'days' },
    }[unit])}`,

  isOn: 'Switched on',
  isOnClient: 'Switched off, clients get nothing of this kind.',
  delay: 'How long after',
  delays: { booking_reminder: 'How long before the visit' } as Partial<Record<Key, string>>,
  unit: 'Unit of time',
  units: { minutes: 'minutes', hours: 'hours', days: 'days' },
  clock: 'At what time',
  noNumber: 'Give a whole number.',
  subject: 'Subject',
  body: 'Words',
  bodyHint: 'Plain text. An empty line begins a new paragraph. Time, place and links are added below by themselves.',
  fieldsHint: 'Put in what differs from letter to letter:',
  saved: 'Automation saved',
  discard: 'Discard',
  toOurs: 'Back to our words',
  ours: 'Our words again',

  preview: 'Preview',
  test: 'Send it to me',
  testSent: (to: string) => `On its way to ${to}`,
  withVisit: 'With the visit of',
  newest: 'The newest visit',
  madeUp: 'There is no visit yet, so this one is made up.',
  from: (business: string) => `From ${business}`,

  parked: 'What could not be done',
  parkedFailed: 'What could not be done did not load.',
  triedAgain: 'Tried again now',
  tries: (count: number, when: string) => `Tried ${count === 1 ? 'once' : `${count} times`}, last ${when}.`,
  noReason: 'No reason is known.',
};

const pl: typeof en = {
  title: 'Automatyzacje',
  automationTitle: 'Automatyzacja',
  lead: 'To, co Twój robot robi sam. Każda wiadomość wychodzi raz i czeka, gdy z klientem pisze człowiek.',
  toClients: 'Do klientów',
  toYou: 'Do Ciebie i zespołu',
  changed: 'Własne słowa',
  switchedOn: (name) => `${name}: włączone`,
  switchedOff: (name) => `${name}: wyłączone`,
  gone: 'Nie ma takiej automatyzacji',
  goneText: 'W adresie mogła się pojawić pomyłka.',

  kinds: {
    booking_confirmation: { name: 'Potwierdzenie wizyty', when: 'Od razu, z wpisem do kalendarza' },
    booking_reminder: { name: 'Przypomnienie o wizycie', when: (span) => `${span} przed początkiem wizyty` },
    booking_cancelled: { name: 'Odwołanie wizyty', when: 'Dziesięć sekund po odwołaniu' },
    booking_rescheduled: { name: 'Przełożenie wizyty', when: 'Dziesięć sekund po przełożeniu' },
    client_welcome: { name: 'Powitanie nowego klienta', when: 'Od razu, gdy ktoś pisze po raz pierwszy' },
    form_request: { name: 'Prośba o wypełnienie formularza', when: (span) => `${span} po potwierdzeniu wizyty` },
    form_reminder: { name: 'Przypomnienie o formularzu', when: (span) => `${span} po prośbie o formularz` },
    follow_up: { name: 'Podziękowanie z prośbą o ocenę', when: (span) => `${span} po zakończonej wizycie` },
    low_stock: { name: 'Niski stan magazynu', when: 'Raz, gdy stan produktu spadnie do progu' },
    owner_new_booking: { name: 'Nowa rezerwacja', when: 'Od razu, gdy klient zarezerwuje' },
    owner_daily_digest: { name: 'Twój dzień', when: (clock) => `Codziennie o ${clock}, gdy jest o czym pisać` },
    visit_completion: {
      name: 'Kończenie nieoznaczonych wizyt',
      when: (span) => `${span} po końcu wizyty, której nikt nie oznaczył`,
    },
  },
  atOnce: {
    form_request: 'Od razu po potwierdzeniu wizyty',
    follow_up: 'Od razu po zakończonej wizycie',
    visit_completion: 'Od razu po końcu wizyty, której nikt nie oznaczył',
  },
  span: (count, unit) =>
    `${count} ${plural(count, {
      minutes: { one: 'minutę', few: 'minuty', many: 'minut', other: 'minuty' },
      hours: { one: 'godzinę', few: 'godziny', many: 'godzin', other: 'godziny' },
      days: { one: 'dzień', few: 'dni', many: 'dni', other: 'dnia' },
    }[unit])}`,

  isOn: 'Włączona',
  isOnClient: 'Po wyłączeniu klienci nie dostają takich wiadomości.',
  delay: 'Ile czasu po',
  delays: { booking_reminder: 'Ile czasu przed wizytą' },
  unit: 'Jednostka czasu',
  units: { minutes: 'minut', hours: 'godzin', days: 'dni' },
  clock: 'O której godzinie',
  noNumber: 'Podaj liczbę całkowitą.',
  subject: 'Temat',
  body: 'Treść',
  bodyHint: 'Zwykły tekst. Pusty wiersz zaczyna nowy akapit. Czas, miejsce i odnośniki dopisują się same poniżej.',
  fieldsHint: 'Wstaw to, co w każdej wiadomości jest inne:',
  saved: 'Zapisano automatyzację',
  discard: 'Odrzuć',
  toOurs: 'Wróć do naszych słów',
  ours: 'Znowu nasze słowa',

  preview: 'Podgląd',
  test: 'Wyślij do mnie',
  testSent: (to) => `W drodze na adres ${to}`,
  withVisit: 'Z wizytą',
  newest: 'Najnowsza wizyta',
  madeUp: 'Nie ma jeszcze żadnej wizyty, więc ta jest wymyślona.',
  from: (business) => `Od: ${business}`,

  parked: 'Czego nie udało się zrobić',
  parkedFailed: 'Nie udało się wczytać listy rzeczy niezrobionych.',
  triedAgain: 'Ponowiono próbę',
  tries: (count, when) =>
    `${plural(count, {
      one: 'Jedna próba',
      few: `${count} próby`,
      many: `${count} prób`,
      other: `${count} próby`,
    })}, ostatnio: ${when}.`,
  noReason: 'Powód nie jest znany.',
};

export const words = choose({ en, pl });
