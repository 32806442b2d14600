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

export const words = choose({ en });
