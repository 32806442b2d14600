/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Team security, tokens, and one's own data. */
import { choose } from './choose';
import { plural } from './plural';

const HOUR = 60;
const DAY = 24 * HOUR;
type Names = Record<string, string>;

const en = {
  signIn: 'Sign-in',
  requireTwoFactor: 'Two-step sign-in for the whole team',
  requireTwoFactorHint: 'Whoever has none yet sets it up at the next sign-in.',
  ownFirst: 'Set up your own two-step sign-in first.',
  ownFirstLink: 'Go to your account',
  idle: 'Sign out after no use for',
  idleFor: (minutes: number): string => {
    if (minutes % DAY === 0) return plural(minutes / DAY, { one: '1 day', other: `${minutes / DAY} days` });
    if (minutes % HOUR === 0) return plural(minutes / HOUR, { one: '1 hour', other: `${minutes / HOUR} hours` });
    return `${minutes} minutes`;
  },
  staff: 'Staff',
  contacts: 'Staff see the phone and email of their own clients',
  contactsHint: 'Without it, only people who may see clients or all bookings do.',
  ownTitle: 'Your own sign-in',
  ownText: 'Password, two-step sign-in, and the devices on which you are signed in.',
  ownLink: 'Your account',

  tokens: 'API tokens',
  noTokens: 'No program has access',
  noTokensText: 'A token lets a program of yours work with CareOps. Each may do only what you choose.',
  newToken: 'New token',
  tokenName: 'What is it for?',
  tokenNameHint: 'So that you know later which one to take away.',
  tokenNameMissing: 'Say what it is for.',
  scopes: 'It may',
  scopesMissing: 'Choose at least one.',
  level: { none: 'Nothing', read: 'Read', write: 'Read and change' },
  scopeNames: {
    bookings: 'Bookings',
    inbox: 'Messages',
    clients: 'Clients',
    inventory: 'Stock',
    reports: 'Reports',
    clinical: 'Clinical notes',
    admin: 'Settings, services and team',
  } as Names,
  onlyRead: (what: string) => `${what} (read)`,
  lifetime: 'Works for',
  lives: (days: number) => ({ 30: '30 days', 90: '90 days', 365: '1 year' })[days] ?? 'Until I take it away',
  makeToken: 'Make token',
  secretTitle: 'Copy the token now',
  secretLead: (name: string) => `The token “${name}” is shown only this once. Put it where your program reads it.`,
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'Copying did not work. Select the text and copy it by hand.',
  done: 'Done',
  lastUsed: (when: string) => `last used ${when}`,
  neverUsed: 'never used',
  until: (when: string) => `until ${when}`,
  ended: (when: string) => `ended ${when}`,
  forever: 'no end',
  revoke: 'Take away',
  revokeOf: (name: string) => `Take away: ${name}`,
  revokeTitle: (name: string) => `Take “${name}” away?`,
  revokeText: 'The program stops working with CareOps at once. This cannot be undone: it would need a new token.',
  revokeDo: 'Take it away',
  revoked: 'Token revoked',

  exportTitle: 'Take everything along',
  exportText:
    'Clients, visits, services, stock, forms, conversations, letters, ratings and the audit as one JSON file that any program reads. Clinical notes and answers are in it, readable: keep the file safe. Passwords and keys are not. The download is written down in the audit.',
  exportAll: 'Download everything',
  exportClients: 'Clients as CSV',
  keptTitle: 'What is kept, and for how long',
  kept: [
    ['Clients, visits, forms, conversations', 'Until you erase the client.'],
    ['Prices, durations and stock of past visits', 'Always, without a name once the client is erased.'],
    ['Half-filled forms', '90 days.'],
    ['The audit', 'Always; it cannot be changed.'],
    ['Answers to repeated requests', '24 hours.'],
  ] as [string, string][],
  erasedTitle: 'Erased clients',
  erasedText: 'A client is erased on their own page. What stays are figures without a name.',
  toClients: 'Go to clients',
  noErasures: 'Nobody was erased yet',
  erasedOne: (id: string) => `Client ${id}`,
};

const pl: typeof en = {
  signIn: 'Logowanie',
  requireTwoFactor: 'Logowanie dwuetapowe dla całego zespołu',
  requireTwoFactorHint: 'Kto go jeszcze nie ma, ustawi je przy następnym logowaniu.',
  ownFirst: 'Najpierw ustaw własne logowanie dwuetapowe.',
  ownFirstLink: 'Przejdź do swojego konta',
  idle: 'Wyloguj po braku aktywności przez',
  idleFor: (minutes) => {
    if (minutes % DAY === 0) return plural(minutes / DAY, { one: '1 dzień', other: `${minutes / DAY} dni` });
    const hours = minutes / HOUR;
    if (minutes % HOUR === 0) return plural(hours, { one: '1 godzinę', few: `${hours} godziny`, other: `${hours} godzin` });
    return plural(minutes, { one: '1 minutę', few: `${minutes} minuty`, other: `${minutes} minut` });
  },
  staff: 'Pracownicy',
  contacts: 'Pracownicy widzą telefon i e-mail swoich klientów',
  contactsHint: 'Bez tego widzą je tylko osoby z dostępem do klientów lub wszystkich rezerwacji.',
  ownTitle: 'Twoje logowanie',
  ownText: 'Hasło, logowanie dwuetapowe i urządzenia, na których jesteś zalogowany.',
  ownLink: 'Twoje konto',

  tokens: 'Tokeny API',
  noTokens: 'Żaden program nie ma dostępu',
  noTokensText: 'Token pozwala Twojemu programowi pracować z CareOps. Każdy może tylko to, co wybierzesz.',
  newToken: 'Nowy token',
  tokenName: 'Do czego służy?',
  tokenNameHint: 'Żeby było wiadomo, który później odebrać.',
  tokenNameMissing: 'Napisz, do czego służy.',
  scopes: 'Może',
  scopesMissing: 'Wybierz co najmniej jedno.',
  level: { none: 'Nic', read: 'Czytać', write: 'Czytać i zmieniać' },
  scopeNames: {
    bookings: 'Rezerwacje',
    inbox: 'Wiadomości',
    clients: 'Klienci',
    inventory: 'Magazyn',
    reports: 'Raporty',
    clinical: 'Notatki medyczne',
    admin: 'Ustawienia, usługi i zespół',
  },
  onlyRead: (what) => `${what} (odczyt)`,
  lifetime: 'Działa przez',
  lives: (days) => ({ 30: '30 dni', 90: '90 dni', 365: '1 rok' })[days] ?? 'Dopóki go nie odbiorę',
  makeToken: 'Utwórz token',
  secretTitle: 'Skopiuj token teraz',
  secretLead: (name) => `Token „${name}” widać tylko ten jeden raz. Wstaw go tam, skąd czyta Twój program.`,
  copy: 'Kopiuj',
  copied: 'Skopiowano.',
  copyFailed: 'Kopiowanie się nie udało. Zaznacz tekst i skopiuj go ręcznie.',
  done: 'Gotowe',
  lastUsed: (when) => `ostatnio użyty ${when}`,
  neverUsed: 'nigdy nieużyty',
  until: (when) => `do ${when}`,
  ended: (when) => `wygasł ${when}`,
  forever: 'bez końca',
  revoke: 'Odbierz',
  revokeOf: (name) => `Odbierz: ${name}`,
  revokeTitle: (name) => `Odebrać „${name}”?`,
  revokeText: 'Program od razu przestanie pracować z CareOps. Tego nie da się cofnąć: potrzebny będzie nowy token.',
  revokeDo: 'Odbierz',
  revoked: 'Token odebrany',

  exportTitle: 'Zabierz wszystko ze sobą',
  exportText:
    'Klienci, wizyty, usługi, magazyn, formularze, rozmowy, listy, oceny i dziennik w jednym pliku JSON, który odczyta każdy program. Notatki medyczne i odpowiedzi są w nim czytelne: przechowuj go bezpiecznie. Haseł ani kluczy w nim nie ma. Pobranie jest zapisywane w dzienniku.',
  exportAll: 'Pobierz wszystko',
  exportClients: 'Klienci jako CSV',
  keptTitle: 'Co jest przechowywane i jak długo',
  kept: [
    ['Klienci, wizyty, formularze, rozmowy', 'Dopóki nie usuniesz klienta.'],
    ['Ceny, czasy i zużycie minionych wizyt', 'Zawsze, bez nazwiska, gdy klient jest usunięty.'],
    ['Formularze wypełnione do połowy', '90 dni.'],
    ['Dziennik zmian', 'Zawsze; nie da się go zmienić.'],
    ['Odpowiedzi na powtórzone żądania', '24 godziny.'],
  ],
  erasedTitle: 'Usunięci klienci',
  erasedText: 'Klienta usuwa się na jego stronie. Zostają liczby bez nazwiska.',
  toClients: 'Przejdź do klientów',
  noErasures: 'Nikogo jeszcze nie usunięto',
  erasedOne: (id) => `Klient ${id}`,
};

export const words = choose({ en, pl });
