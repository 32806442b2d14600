/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';
import { plural } from './plural';

interface Amounts {
  clients: number;
  bookings: number;
  conversations: number;
}

const en = {
  offer: 'Look around with sample data',
  offerText:
    'A dozen invented clients with visits around today, conversations and ratings, in your own services and hours. No letter goes to anybody, your stock stays as it is, and one click takes all of it out again.',
  offerFirst: 'It needs opening hours, an active service and a person who can be booked for it.',
  offerDo: 'Put it in',
  put: 'Sample data is in',

  band: 'Sample data is in.',
  bandText: 'Invented clients and their visits count in the calendar, the figures and the reports until you remove them.',
  remove: 'Remove it',

  title: 'Remove the sample data?',
  goes: ({ clients, bookings, conversations }: Amounts) =>
    `What goes: ${clients === 1 ? '1 sample client' : `${clients} sample clients`} with ${
      bookings === 1 ? '1 visit' : `${bookings} visits`
    } and ${conversations === 1 ? '1 conversation' : `${conversations} conversations`}.`,
  goesToo: 'Whatever you have changed, written or booked for these clients goes with them.',
  stays: 'Your own clients, visits, services, hours and stock stay as they are.',
  final: 'It cannot be undone, but sample data can be put in again.',
  keep: 'Keep it',
  removeDo: 'Remove sample data',
  removed: 'Sample data removed',
};

const pl: typeof en = {
  offer: 'Rozejrzyj się na przykładowych danych',
  offerText:
    'Kilkanaście zmyślonych osób z wizytami wokół dzisiejszego dnia, rozmowami i ocenami, w Twoich usługach i godzinach. Nikt nie dostanie żadnej wiadomości, magazyn się nie zmieni, a jedno kliknięcie usunie wszystko.',
  offerFirst: 'Potrzebne są godziny otwarcia, aktywna usługa i osoba, którą można do niej zarezerwować.',
  offerDo: 'Wstaw dane',
  put: 'Wstawiono przykładowe dane',

  band: 'W kalendarzu są przykładowe dane.',
  bandText: 'Zmyśleni klienci i ich wizyty liczą się w kalendarzu, podsumowaniach i raportach, dopóki ich nie usuniesz.',
  remove: 'Usuń je',

  title: 'Usunąć przykładowe dane?',
  goes: ({ clients, bookings, conversations }) =>
    `Zniknie: ${plural(clients, {
      one: '1 przykładowy klient',
      few: `${clients} przykładowych klientów`,
      many: `${clients} przykładowych klientów`,
      other: `${clients} przykładowego klienta`,
    })}, ${plural(bookings, {
      one: '1 wizyta',
      few: `${bookings} wizyty`,
      many: `${bookings} wizyt`,
      other: `${bookings} wizyty`,
    })} i ${plural(conversations, {
      one: '1 rozmowa',
      few: `${conversations} rozmowy`,
      many: `${conversations} rozmów`,
      other: `${conversations} rozmowy`,
    })}.`,
  goesToo: 'Razem z nimi zniknie wszystko, co u tych klientów zmieniono, napisano lub zarezerwowano.',
  stays: 'Twoi klienci, wizyty, usługi, godziny i magazyn pozostaną bez zmian.',
  final: 'Tego nie da się cofnąć, ale przykładowe dane można wstawić ponownie.',
  keep: 'Zostaw',
  removeDo: 'Usuń przykładowe dane',
  removed: 'Usunięto przykładowe dane',
};

export const words = choose({ en, pl });
