/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';
import { plural } from './plural';

interface Policy {
  slot_step_min: number;
  min_notice_min: number;
  max_advance_days: number;
  cancel_cutoff_min: number;
  auto_confirm: boolean;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** "2 hours", "1 day", "90 minutes". */
function enSpan(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return plural(minutes / DAY, { one: '1 day', other: `${minutes / DAY} days` });
  if (minutes > 0 && minutes % HOUR === 0) return plural(minutes / HOUR, { one: '1 hour', other: `${minutes / HOUR} hours` });
  return plural(minutes, { one: '1 minute', other: `${minutes} minutes` });
}
const enDays = (days: number): string => plural(days, { one: '1 day', other: `${days} days` });

/** In the genitive, as after "do", "od" and "na": "2 godzin", "1 dnia". */
function plSpan(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return plural(minutes / DAY, { one: '1 dnia', other: `${minutes / DAY} dni` });
  if (minutes > 0 && minutes % HOUR === 0)
    return plural(minutes / HOUR, { one: '1 godziny', other: `${minutes / HOUR} godzin` });
  return plural(minutes, { one: '1 minuty', other: `${minutes} minut` });
}
/** In the accusative, as after "na" and "co": "2 godziny", "1 minutę". */
function plSpanFor(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return plural(minutes / DAY, { one: '1 dzień', other: `${minutes / DAY} dni` });
  if (minutes > 0 && minutes % HOUR === 0) {
    const hours = minutes / HOUR;
    return plural(hours, { one: 'godzinę', few: `${hours} godziny`, other: `${hours} godzin` });
  }
  return plural(minutes, { one: '1 minutę', few: `${minutes} minuty`, other: `${minutes} minut` });
}
const plDays = (days: number): string => plural(days, { one: '1 dzień', other: `${days} dni` });

const en = {
  title: 'Settings',
  noPart: 'There is no such part of the settings',
  saved: 'Settings saved',
  unsaved: 'Unsaved changes',
  discard: 'Discard',
  leaveTitle: 'Leave without saving?',
  leaveText: 'What you changed here is not saved yet and would be lost.',
  stay: 'Stay here',
  leave: 'Leave',
  parts: {
    business: 'Business',
    hours: 'Opening hours',
    booking: 'Booking rules',
    brand: 'Look',
    mail: 'E-mail',
    security: 'Team security',
    tokens: 'API tokens',
    data: 'Your data',
    audit: 'Audit',
  },
  lead: {
    business: 'Name, address and region.',
    hours: 'When clients can come, and the days when you are closed.',
    booking: 'How early, how late, and who confirms.',
    brand: 'Your colour on the pages that clients see.',
    mail: 'From where your letters leave.',
    security: 'Sign-in, and what staff see of clients.',
    tokens: 'Programs of yours that work with CareOps.',
    data: 'Take everything along; what is kept, and for how long.',
    audit: 'Who changed what, and when.',
  },
  business: {
    who: 'Name and link',
    name: 'Business name',
    slug: 'Public address',
    slugWarning: (old: string) =>
      `Links with ${old} stop working as soon as you save: on your website, in letters already sent, on printed cards.`,
    reach: 'Where clients find you',
    address: 'Address',
    phone: 'Phone',
    email: 'E-mail for clients',
    emailHint: 'Shown on your pages; answers to your letters go there.',
    region: 'Region',
    timezone: 'Time zone',
    timezoneHint: 'Opening hours and visits are on this clock.',
    currency: 'Currency',
    currencyHint: 'Fixed once there are bookings, since their prices are in it.',
    locale: 'Language and formats',
    localeHint: 'How dates and prices look on your pages.',
  },
  hours: {
    week: 'Week',
    weekHint: (zone: string) => `On the clock of ${zone.replaceAll('_', ' ')}. An end of 00:00 is midnight.`,
    total: (minutes: number) =>
      `${Math.floor(minutes / HOUR)} h${minutes % HOUR ? ` ${minutes % HOUR} min` : ''} a week`,
    closed: 'Closed',
    spanOf: (day: string, place: number) => `${day}, hours ${place}`,
    from: 'From',
    to: 'To',
    add: 'Add hours',
    addTo: (day: string) => `Add hours on ${day}`,
    copy: 'Copy',
    copyOf: (day: string) => `Copy ${day}`,
    removeOf: (span: string) => `Remove: ${span}`,
    toWorkdays: 'To Monday to Friday',
    toAll: 'To every day',
    toDay: (day: string) => `To ${day}`,
    copied: (day: string) => `${day} copied`,
    faults: {
      missing: 'Give both times.',
      order: 'The end comes before the beginning.',
      overlap: 'This overlaps other hours of the day.',
    },
  },
  closures: {
    title: 'Closed days',
    hint: 'Nobody can book on these days, whatever the week says.',
    none: 'No closed days yet.',
    one: (place: number) => `Closed days ${place}`,
    from: 'First day',
    to: 'Last day',
    reason: 'Reason (clients do not see it)',
    add: 'Add closed days',
    remove: (place: number) => `Remove closed days ${place}`,
    past: (count: number) => plural(count, { one: 'Show 1 past entry', other: `Show ${count} past entries` }),
    hidePast: 'Hide past entries',
    faults: { order: 'The last day comes before the first.', twice: 'These days are in the list already.' },
  },
  booking: {
    seenTitle: 'What clients see',
    seen: (p: Policy) =>
      `Clients are offered a time every ${enSpan(p.slot_step_min)}, ` +
      (p.min_notice_min > 0 ? `from ${enSpan(p.min_notice_min)} from now` : 'from this moment on') +
      ` up to ${enDays(p.max_advance_days)} ahead. They can cancel or move a visit themselves ` +
      (p.cancel_cutoff_min > 0 ? `until ${enSpan(p.cancel_cutoff_min)} before it begins` : 'until it begins') +
      (p.auto_confirm ? ', and a booking is confirmed at once.' : ', and a booking is a request until you confirm it.'),
    when: 'Times',
    step: 'Offer a time every',
    stepHint: 'Shorter steps fill gaps, longer ones keep the day tidy.',
    every: enSpan,
    notice: 'Book at the latest',
    noticeHint: 'So that nobody books a visit you cannot prepare for.',
    before: (minutes: number) => (minutes > 0 ? `${enSpan(minutes)} before` : 'Right up to the start'),
    advance: 'Book at the earliest',
    advanceHint: 'How far ahead your diary is open.',
    ahead: (days: number) => `${enDays(days)} ahead`,
    cutoff: 'Cancel or move until',
    cutoffHint: 'After that, clients are asked to call you.',
    until: (minutes: number) => (minutes > 0 ? `${enSpan(minutes)} before` : 'The visit begins'),
    confirm: 'Confirmation',
    auto: 'Confirm bookings at once',
    autoHint: 'The client has their confirmation within a minute.',
    hand: 'Confirm each booking by hand',
    handHint: 'The time is kept; the client hears from you when you confirm.',
    quiet: 'Quiet hours',
    quietOn: 'Send nothing at night',
    quietHint: 'Reminders and follow-ups wait until the morning. Answers to a booking go at once.',
    quietFrom: 'From',
    quietUntil: 'Until',
  },
  brand: {
    color: 'Accent colour',
    pick: 'Pick a colour',
    hex: 'Colour code',
    hexWrong: 'Write it like #7a2b4f.',
    reset: 'Use the usual colour',
    swatches: 'Suggestions',
    contrast: 'Can it be read?',
    contrastHint: 'Text needs 4.5 to 1 against its ground (WCAG 2.2 AA).',
    onButton: 'Text on a button of this colour',
    onLight: 'Links by day, on the light ground',
    onDark: 'Links by night, on the dark ground',
    passes: 'reads well.',
    fails: 'too faint as it is.',
    drawnAs: (color: string, ratio: string) => `The pages draw it as ${color}, with ${ratio}.`,
    tooLight: 'Your pages darken this colour so that it can be read. The nearest one that needs no help:',
    use: (color: string) => `Use ${color}`,
    preview: 'Booking page',
    day: 'By day',
    night: 'By night',
    minutes: (count: number) => `${count} min`,
    link: 'Where to find us',
    button: 'Book',
    sampleAddress: 'Your address',
    sample: [
      { name: 'Haircut', duration_min: 45, price: 4500 },
      { name: 'Colour', duration_min: 90, price: 9000 },
    ],
  },
};

const pl: typeof en = {
  title: 'Ustawienia',
  noPart: 'Nie ma takiej części ustawień',
  saved: 'Ustawienia zapisane',
  unsaved: 'Niezapisane zmiany',
  discard: 'Odrzuć',
  leaveTitle: 'Wyjść bez zapisywania?',
  leaveText: 'Twoje zmiany nie są jeszcze zapisane i przepadną.',
  stay: 'Zostań tutaj',
  leave: 'Wyjdź',
  parts: {
    business: 'Firma',
    hours: 'Godziny otwarcia',
    booking: 'Zasady rezerwacji',
    brand: 'Wygląd',
    mail: 'E-mail',
    security: 'Bezpieczeństwo zespołu',
    tokens: 'Tokeny API',
    data: 'Twoje dane',
    audit: 'Dziennik zmian',
  },
  lead: {
    business: 'Nazwa, adres i region.',
    hours: 'Kiedy klienci mogą przyjść i w które dni jest zamknięte.',
    booking: 'Jak wcześnie, jak późno i kto potwierdza.',
    brand: 'Twój kolor na stronach, które widzą klienci.',
    mail: 'Skąd wychodzą Twoje listy.',
    security: 'Logowanie i to, co pracownicy widzą o klientach.',
    tokens: 'Twoje programy, które pracują z CareOps.',
    data: 'Zabierz wszystko ze sobą; co jest przechowywane i jak długo.',
    audit: 'Kto, co i kiedy zmienił.',
  },
  business: {
    who: 'Nazwa i link',
    name: 'Nazwa firmy',
    slug: 'Adres publiczny',
    slugWarning: (old) =>
      `Linki z ${old} przestaną działać zaraz po zapisaniu: na Twojej stronie, w wysłanych już listach, na wizytówkach.`,
    reach: 'Gdzie klienci Cię znajdą',
    address: 'Adres',
    phone: 'Telefon',
    email: 'E-mail dla klientów',
    emailHint: 'Widoczny na Twoich stronach; tam trafiają odpowiedzi na Twoje listy.',
    region: 'Region',
    timezone: 'Strefa czasowa',
    timezoneHint: 'Według niej liczą się godziny otwarcia i wizyty.',
    currency: 'Waluta',
    currencyHint: 'Nie zmienisz jej, gdy są już rezerwacje, bo w niej są ich ceny.',
    locale: 'Język i formaty',
    localeHint: 'Jak wyglądają daty i ceny na Twoich stronach.',
  },
  hours: {
    week: 'Tydzień',
    weekHint: (zone) => `Według zegara ${zone.replaceAll('_', ' ')}. Koniec o 00:00 to północ.`,
    total: (minutes) => `${Math.floor(minutes / HOUR)} godz.${minutes % HOUR ? ` ${minutes % HOUR} min` : ''} tygodniowo`,
    closed: 'Zamknięte',
    spanOf: (day, place) => `${day}, godziny ${place}`,
    from: 'Od',
    to: 'Do',
    add: 'Dodaj godziny',
    addTo: (day) => `Dodaj godziny: ${day}`,
    copy: 'Kopiuj',
    copyOf: (day) => `Kopiuj: ${day}`,
    removeOf: (span) => `Usuń: ${span}`,
    toWorkdays: 'Na dni od poniedziałku do piątku',
    toAll: 'Na każdy dzień',
    toDay: (day) => `Na: ${day}`,
    copied: (day) => `Skopiowano: ${day}`,
    faults: {
      missing: 'Podaj obie godziny.',
      order: 'Koniec jest przed początkiem.',
      overlap: 'Te godziny nakładają się na inne tego dnia.',
    },
  },
  closures: {
    title: 'Dni zamknięte',
    hint: 'W te dni nikt nie zarezerwuje wizyty, cokolwiek mówi tydzień.',
    none: 'Nie ma jeszcze dni zamkniętych.',
    one: (place) => `Dni zamknięte ${place}`,
    from: 'Pierwszy dzień',
    to: 'Ostatni dzień',
    reason: 'Powód (klienci go nie widzą)',
    add: 'Dodaj dni zamknięte',
    remove: (place) => `Usuń dni zamknięte ${place}`,
    past: (count) =>
      plural(count, {
        one: 'Pokaż 1 miniony wpis',
        few: `Pokaż ${count} minione wpisy`,
        other: `Pokaż ${count} minionych wpisów`,
      }),
    hidePast: 'Ukryj minione wpisy',
    faults: { order: 'Ostatni dzień jest przed pierwszym.', twice: 'Te dni są już na liście.' },
  },
  booking: {
    seenTitle: 'Co widzą klienci',
    seen: (p) =>
      `Klienci widzą terminy co ${plSpanFor(p.slot_step_min)}, ` +
      (p.min_notice_min > 0 ? `najwcześniej za ${plSpanFor(p.min_notice_min)}` : 'już od tej chwili') +
      ` i najdalej na ${plDays(p.max_advance_days)} naprzód. Sami mogą odwołać lub przełożyć wizytę ` +
      (p.cancel_cutoff_min > 0 ? `do ${plSpan(p.cancel_cutoff_min)} przed jej początkiem` : 'do samego jej początku') +
      (p.auto_confirm ? ', a rezerwacja jest potwierdzana od razu.' : ', a rezerwacja jest prośbą, dopóki jej nie potwierdzisz.'),
    when: 'Terminy',
    step: 'Pokazuj termin co',
    stepHint: 'Krótsze odstępy wypełniają luki, dłuższe porządkują dzień.',
    every: plSpanFor,
    notice: 'Rezerwacja najpóźniej',
    noticeHint: 'Żeby nikt nie umówił wizyty, do której nie zdążysz się przygotować.',
    before: (minutes) => (minutes > 0 ? `${plSpanFor(minutes)} przed wizytą` : 'Do samego początku'),
    advance: 'Rezerwacja najwcześniej',
    advanceHint: 'Na ile naprzód otwarty jest Twój kalendarz.',
    ahead: (days) => `${plDays(days)} naprzód`,
    cutoff: 'Odwołanie lub zmiana do',
    cutoffHint: 'Potem klienci są proszeni o telefon.',
    until: (minutes) => (minutes > 0 ? `${plSpan(minutes)} przed wizytą` : 'Początku wizyty'),
    confirm: 'Potwierdzanie',
    auto: 'Potwierdzaj rezerwacje od razu',
    autoHint: 'Klient ma potwierdzenie w ciągu minuty.',
    hand: 'Potwierdzaj każdą rezerwację ręcznie',
    handHint: 'Termin jest zajęty; klient dowie się, gdy go potwierdzisz.',
    quiet: 'Godziny ciszy',
    quietOn: 'Nie wysyłaj niczego w nocy',
    quietHint: 'Przypomnienia i podziękowania czekają do rana. Odpowiedzi na rezerwację wychodzą od razu.',
    quietFrom: 'Od',
    quietUntil: 'Do',
  },
  brand: {
    color: 'Kolor akcentu',
    pick: 'Wybierz kolor',
    hex: 'Kod koloru',
    hexWrong: 'Zapisz go jak #7a2b4f.',
    reset: 'Użyj zwykłego koloru',
    swatches: 'Propozycje',
    contrast: 'Czy da się go przeczytać?',
    contrastHint: 'Tekst potrzebuje 4,5 do 1 względem tła (WCAG 2.2 AA).',
    onButton: 'Tekst na przycisku w tym kolorze',
    onLight: 'Linki w dzień, na jasnym tle',
    onDark: 'Linki w nocy, na ciemnym tle',
    passes: 'czyta się dobrze.',
    fails: 'sam jest za słaby.',
    drawnAs: (color, ratio) => `Strony rysują go jako ${color}, czyli ${ratio}.`,
    tooLight: 'Twoje strony przyciemniają ten kolor, żeby dało się go czytać. Najbliższy, który tego nie wymaga:',
    use: (color) => `Użyj ${color}`,
    preview: 'Strona rezerwacji',
    day: 'W dzień',
    night: 'W nocy',
    minutes: (count) => `${count} min`,
    link: 'Jak do nas trafić',
    button: 'Rezerwuj',
    sampleAddress: 'Twój adres',
    sample: [
      { name: 'Strzyżenie', duration_min: 45, price: 4500 },
      { name: 'Koloryzacja', duration_min: 90, price: 9000 },
    ],
  },
};

export const words = choose({ en, pl });
