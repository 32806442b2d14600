/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';
import { plural } from './plural';

type Trade = 'hair' | 'barber' | 'beauty' | 'nails' | 'massage' | 'clinic';
type Step = 'menu' | 'hours' | 'people' | 'contact' | 'open';
type Offered = [name: string, category: string][];

const en = {
  title: 'Getting started',
  lead: 'A few minutes to a page that clients can book.',
  stepsLabel: 'Steps',
  steps: {
    menu: 'Your menu',
    hours: 'Opening hours',
    people: 'Who can be booked',
    contact: 'How you are reached',
    open: 'Open your page',
  } as Record<Step, string>,
  leads: {
    menu: 'Begin with what your trade usually offers, and change it to yours. Everything can be changed later.',
    hours: 'Nothing can be booked outside of them, whoever works.',
    people: 'You can take visits yourself, and invite whoever works with you.',
    contact: 'It stands on your booking page and in every letter.',
    open: 'Look over what is there. Your page can be booked as soon as you open it.',
  } as Record<Step, string>,
  stepDone: ', done',
  next: 'Next step',
  skip: 'Skip for now',

  trade: 'What do you do?',
  tradeChoose: 'Choose…',
  trades: {
    hair: 'Hair salon',
    barber: 'Barber',
    beauty: 'Beauty and cosmetics',
    nails: 'Nails',
    massage: 'Massage and spa',
    clinic: 'Clinic or practice',
  } as Record<Trade, string>,
  menus: {
    hair: [
      ['Cut and blow-dry', 'Hair'],
      ['Short cut', 'Hair'],
      ['Blow-dry', 'Hair'],
      ['Root colour', 'Colour'],
      ['Balayage', 'Colour'],
      ['Treatment and gloss', 'Care'],
    ],
    barber: [
      ['Cut', 'Hair'],
      ['Beard trim', 'Beard'],
      ['Cut and beard', 'Hair'],
      ['Hot towel shave', 'Beard'],
    ],
    beauty: [
      ['Classic facial', 'Face'],
      ['Deep cleansing facial', 'Face'],
      ['Brow shape and tint', 'Brows and lashes'],
      ['Lash tint', 'Brows and lashes'],
      ['Leg waxing', 'Waxing'],
    ],
    nails: [
      ['Manicure', 'Hands'],
      ['Gel manicure', 'Hands'],
      ['Pedicure', 'Feet'],
      ['Gel pedicure', 'Feet'],
    ],
    massage: [
      ['Classic massage', 'Massage'],
      ['Back and neck', 'Massage'],
      ['Long massage', 'Massage'],
      ['Hot stone massage', 'Massage'],
    ],
    clinic: [
      ['First consultation', 'Consultation'],
      ['Treatment', 'Treatment'],
      ['Long treatment', 'Treatment'],
      ['Follow-up', 'Consultation'],
    ],
  } as Record<Trade, Offered>,
  minutesOf: (name: string) => `Minutes: ${name}`,
  minutesSuffix: ' min',
  priceOf: (name: string) => `Price: ${name}`,
  menuAdd: (count: number) => (count === 1 ? 'Add 1 service' : `Add ${count} services`),
  menuMade: (count: number) => (count === 1 ? '1 service added' : `${count} services added`),
  menuHave: (count: number) => (count === 1 ? 'You have 1 service.' : `You have ${count} services.`),
  menuLook: 'Look at them',

  hoursSave: 'Save hours',

  selfBookable: 'I take visits myself',
  selfBookableHint: 'Clients can choose you on the booking page.',
  peopleHere: 'People',
  does: (count: number) => (count === 1 ? '1 service' : `${count} services`),
  peopleSave: 'Save',
  invite: 'Invite someone',

  address: 'Address',
  phone: 'Phone',
  email: 'E-mail for clients',
  contactSave: 'Save',

  isOk: 'Done',
  isMissing: 'Missing',
  isAdvised: 'Advised',
  checks: {
    hours: ['Opening hours are set.', 'Set the hours when the business is open.'],
    service: ['There is a service to book.', 'Add a service and make it active.'],
    staff: ['Someone can be booked for a service.', 'Give a service a bookable person who has working hours.'],
    contact: ['Clients can reach you.', 'Add a phone number or an e-mail address for clients.'],
    stock: ['There is stock for every service.', 'Some materials are short: receive them, or their services cannot be booked.'],
    gates: ['What services ask for first can be had.', 'A service asks for something that is switched off.'],
    other: ['Done.', 'Something is missing here.'],
  } as Record<string, [string, string]> & { other: [string, string] },
  mend: 'Mend',
  test: 'Send me a test letter',
  testSent: (to: string) => `On its way to ${to}`,
  publish: 'Open the page',
  published: 'Your page is open',
  live: 'Your page can be booked.',
  copy: 'Copy the link',
  copied: 'Link copied',
  copyFailed: 'Copying did not work. Select the link and copy it by hand.',
  look: 'Look at it',
  toCalendar: 'To the calendar',
};

const pl: typeof en = {
  title: 'Pierwsze kroki',
  lead: 'Kilka minut do strony, na której klienci mogą rezerwować.',
  stepsLabel: 'Kroki',
  steps: {
    menu: 'Twoje usługi',
    hours: 'Godziny otwarcia',
    people: 'Kogo można rezerwować',
    contact: 'Jak się z Tobą skontaktować',
    open: 'Otwórz stronę',
  },
  leads: {
    menu: 'Zacznij od tego, co zwykle oferuje Twoja branża, i zmień na swoje. Wszystko da się zmienić później.',
    hours: 'Poza nimi niczego nie można zarezerwować, niezależnie od tego, kto pracuje.',
    people: 'Możesz przyjmować wizyty samodzielnie i zaprosić tych, którzy z Tobą pracują.',
    contact: 'Te dane są na stronie rezerwacji i w każdej wiadomości.',
    open: 'Sprawdź, co jest gotowe. Rezerwacje ruszą, gdy tylko otworzysz stronę.',
  },
  stepDone: ', gotowe',
  next: 'Następny krok',
  skip: 'Pomiń na razie',

  trade: 'Czym się zajmujesz?',
  tradeChoose: 'Wybierz…',
  trades: {
    hair: 'Salon fryzjerski',
    barber: 'Barber',
    beauty: 'Kosmetyka',
    nails: 'Paznokcie',
    massage: 'Masaż i spa',
    clinic: 'Gabinet lub klinika',
  },
  menus: {
    hair: [
      ['Strzyżenie z modelowaniem', 'Włosy'],
      ['Strzyżenie krótkie', 'Włosy'],
      ['Modelowanie', 'Włosy'],
      ['Koloryzacja odrostu', 'Kolor'],
      ['Balayage', 'Kolor'],
      ['Pielęgnacja z połyskiem', 'Pielęgnacja'],
    ],
    barber: [
      ['Strzyżenie', 'Włosy'],
      ['Trymowanie brody', 'Broda'],
      ['Strzyżenie i broda', 'Włosy'],
      ['Golenie z gorącym ręcznikiem', 'Broda'],
    ],
    beauty: [
      ['Zabieg klasyczny na twarz', 'Twarz'],
      ['Oczyszczanie twarzy', 'Twarz'],
      ['Regulacja i henna brwi', 'Brwi i rzęsy'],
      ['Henna rzęs', 'Brwi i rzęsy'],
      ['Depilacja nóg', 'Depilacja'],
    ],
    nails: [
      ['Manicure', 'Dłonie'],
      ['Manicure hybrydowy', 'Dłonie'],
      ['Pedicure', 'Stopy'],
      ['Pedicure hybrydowy', 'Stopy'],
    ],
    massage: [
      ['Masaż klasyczny', 'Masaż'],
      ['Plecy i kark', 'Masaż'],
      ['Długi masaż', 'Masaż'],
      ['Masaż gorącymi kamieniami', 'Masaż'],
    ],
    clinic: [
      ['Pierwsza konsultacja', 'Konsultacje'],
      ['Zabieg', 'Zabiegi'],
      ['Długi zabieg', 'Zabiegi'],
      ['Kontrola', 'Konsultacje'],
    ],
  },
  minutesOf: (name) => `Minuty: ${name}`,
  minutesSuffix: ' min',
  priceOf: (name) => `Cena: ${name}`,
  menuAdd: (count) =>
    plural(count, {
      one: 'Dodaj 1 usługę',
      few: `Dodaj ${count} usługi`,
      many: `Dodaj ${count} usług`,
      other: `Dodaj ${count} usługi`,
    }),
  menuMade: (count) =>
    plural(count, {
      one: 'Dodano 1 usługę',
      few: `Dodano ${count} usługi`,
      many: `Dodano ${count} usług`,
      other: `Dodano ${count} usługi`,
    }),
  menuHave: (count) =>
    plural(count, {
      one: 'Masz 1 usługę.',
      few: `Masz ${count} usługi.`,
      many: `Masz ${count} usług.`,
      other: `Masz ${count} usługi.`,
    }),
  menuLook: 'Zobacz je',

  hoursSave: 'Zapisz godziny',

  selfBookable: 'Przyjmuję wizyty samodzielnie',
  selfBookableHint: 'Klienci mogą Cię wybrać na stronie rezerwacji.',
  peopleHere: 'Osoby',
  does: (count) =>
    plural(count, { one: '1 usługa', few: `${count} usługi`, many: `${count} usług`, other: `${count} usługi` }),
  peopleSave: 'Zapisz',
  invite: 'Zaproś osobę',

  address: 'Adres',
  phone: 'Telefon',
  email: 'E-mail dla klientów',
  contactSave: 'Zapisz',

  isOk: 'Gotowe',
  isMissing: 'Brakuje',
  isAdvised: 'Zalecane',
  checks: {
    hours: ['Godziny otwarcia są ustawione.', 'Ustaw godziny otwarcia.'],
    service: ['Jest usługa do zarezerwowania.', 'Dodaj usługę i włącz ją.'],
    staff: ['Jest kogo zarezerwować.', 'Przypisz do usługi osobę z godzinami pracy, którą można rezerwować.'],
    contact: ['Klienci mają do Ciebie kontakt.', 'Podaj klientom telefon lub adres e-mail.'],
    stock: ['Do każdej usługi są materiały.', 'Części materiałów brakuje: przyjmij je, bo inaczej ich usług nie da się zarezerwować.'],
    gates: ['To, czego usługi wymagają wcześniej, jest dostępne.', 'Usługa wymaga czegoś, co jest wyłączone.'],
    other: ['Gotowe.', 'Czegoś tu brakuje.'],
  },
  mend: 'Napraw',
  test: 'Wyślij mi próbną wiadomość',
  testSent: (to) => `W drodze na adres ${to}`,
  publish: 'Otwórz stronę',
  published: 'Strona jest otwarta',
  live: 'Na Twojej stronie można rezerwować.',
  copy: 'Skopiuj odnośnik',
  copied: 'Skopiowano odnośnik',
  copyFailed: 'Nie udało się skopiować. Zaznacz odnośnik i skopiuj go ręcznie.',
  look: 'Zobacz ją',
  toCalendar: 'Do kalendarza',
};

export const words = choose({ en, pl });
