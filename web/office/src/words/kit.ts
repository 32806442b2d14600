/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { choose } from './choose';

const en = {
  loading: 'Loading…',
  tryAgain: 'Try again',
  undo: 'Undo',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  remove: (what: string) => `Remove ${what}`,
  more: 'Show more',
  notLoaded: 'This did not load.',
  unreachable: 'We could not get through. Check your connection and try again.',
  trouble: 'Something went wrong on our side. Please try again in a moment.',
  tooMany: 'That was too many tries. Please wait a moment and try again.',
  stale: 'Somebody changed this in the meantime. It has been read again: check it and save once more.',
  forbidden: 'You may not do this. Ask the owner for the permission.',
  yesterday: 'Yesterday',
  clear: 'Clear',
};

const pl: typeof en = {
  loading: 'Wczytywanie…',
  tryAgain: 'Spróbuj ponownie',
  undo: 'Cofnij',
  close: 'Zamknij',
  cancel: 'Anuluj',
  save: 'Zapisz',
  remove: (what: string) => `Usuń: ${what}`,
  more: 'Pokaż więcej',
  notLoaded: 'Nie udało się tego wczytać.',
  unreachable: 'Nie ma połączenia z serwerem. Sprawdź internet i spróbuj ponownie.',
  trouble: 'Coś poszło nie tak po naszej stronie. Spróbuj ponownie za chwilę.',
  tooMany: 'To było zbyt wiele prób. Odczekaj chwilę i spróbuj ponownie.',
  stale: 'Ktoś zmienił to w międzyczasie. Wczytaliśmy nową wersję: sprawdź ją i zapisz jeszcze raz.',
  forbidden: 'Nie masz do tego uprawnień. Poproś o nie właściciela.',
  yesterday: 'Wczoraj',
  clear: 'Wyczyść',
};

export const words = choose({ en, pl });
