/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';
import { plural } from './plural';

const en = {
  title: 'Rooms and devices',
  one: 'Room or device',
  kinds: { room: 'Rooms', device: 'Devices' },
  kindOne: { room: 'Room', device: 'Device' },
  add: 'New room or device',
  addOne: 'Add',
  added: 'Added',
  saved: 'Saved',
  gone: 'This room or device is not here.',
  name: 'Name',
  nameMissing: 'It needs a name.',
  kind: 'Kind',
  off: 'Switched off',
  edit: 'Edit',
  turnOff: 'Switch off',
  turnOn: 'Switch on',
  actionsOf: (name: string) => `More for ${name}`,
  isOff: (name: string) => `${name} is switched off`,
  isOn: (name: string) => `${name} is switched on`,
  isOffWith: (name: string, count: number) =>
    `${name} is switched off. ${plural(count, { one: `${count} visit still holds it.`, other: `${count} visits still hold it.` })}`,
  emptyTitle: 'No rooms or devices yet',
  emptyText: 'Add what a visit needs besides a person: a cabin, a chair, a laser. Nobody else gets it at that time.',
  services: 'Services that use it',
  noServices: 'No service asks for it.',
  alone: 'needs this one',
  without: 'cannot be booked now',
  visits: 'Visits ahead',
  noVisits: 'No visit holds it.',
  keep: (count: number) =>
    plural(count, {
      one: 'This visit keeps it although it is switched off. Move it, or switch it on again.',
      other: `These ${count} visits keep it although it is switched off. Move them, or switch it on again.`,
    }),
};

const pl: typeof en = {
  title: 'Pomieszczenia i urządzenia',
  one: 'Pomieszczenie lub urządzenie',
  kinds: { room: 'Pomieszczenia', device: 'Urządzenia' },
  kindOne: { room: 'Pomieszczenie', device: 'Urządzenie' },
  add: 'Nowe pomieszczenie lub urządzenie',
  addOne: 'Dodaj',
  added: 'Dodano',
  saved: 'Zapisano',
  gone: 'Nie ma tu tego pomieszczenia ani urządzenia.',
  name: 'Nazwa',
  nameMissing: 'Podaj nazwę.',
  kind: 'Rodzaj',
  off: 'Wyłączone',
  edit: 'Edytuj',
  turnOff: 'Wyłącz',
  turnOn: 'Włącz',
  actionsOf: (name) => `Więcej: ${name}`,
  isOff: (name) => `Wyłączono: ${name}`,
  isOn: (name) => `Włączono: ${name}`,
  isOffWith: (name, count) =>
    `Wyłączono: ${name}. ${plural(count, {
      one: `Nadal zajmuje je ${count} wizyta.`,
      few: `Nadal zajmują je ${count} wizyty.`,
      many: `Nadal zajmuje je ${count} wizyt.`,
      other: `Nadal zajmuje je ${count} wizyty.`,
    })}`,
  emptyTitle: 'Nie ma jeszcze pomieszczeń ani urządzeń',
  emptyText: 'Dodaj to, czego wizyta potrzebuje oprócz osoby: gabinet, fotel, laser. W tym czasie nie dostanie tego nikt inny.',
  services: 'Usługi, które z tego korzystają',
  noServices: 'Żadna usługa tego nie wymaga.',
  alone: 'potrzebuje właśnie tego',
  without: 'nie można teraz rezerwować',
  visits: 'Nadchodzące wizyty',
  noVisits: 'Żadna wizyta tego nie zajmuje.',
  keep: (count) =>
    plural(count, {
      one: 'Ta wizyta nadal to zajmuje, choć jest wyłączone. Przenieś ją albo włącz je ponownie.',
      few: `Te ${count} wizyty nadal to zajmują, choć jest wyłączone. Przenieś je albo włącz ponownie.`,
      many: `Tych ${count} wizyt nadal to zajmuje, choć jest wyłączone. Przenieś je albo włącz ponownie.`,
      other: `Te wizyty (${count}) nadal to zajmują, choć jest wyłączone. Przenieś je albo włącz ponownie.`,
    }),
};

export const words = choose({ en, pl });
