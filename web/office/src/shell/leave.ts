/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The way out. Whoever is signed out already has got what they want. */
import { api, ask } from '../kit/api';
import { Refusal } from '../kit/refusal';
import { forgetAll } from '../kit/kept';

export async function leave(): Promise<void> {
  try {
    await ask(api.DELETE('/api/v1/session'));
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
  }
  forgetAll();
  location.replace('/login');
}
