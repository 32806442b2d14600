/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The way out. Whoever is signed out already has got what they want. */
import { api, ask } from '../kit/api';
import { forgetAll } from '../kit/kept';
import { Refusal } from '../kit/refusal';
import { useToast } from '../kit/toast';
import { words } from '../words/shell';

export async function leave(): Promise<void> {
  try {
    await ask(api.DELETE('/api/v1/session'));
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
  }
  forgetAll();
  location.replace('/login');
}

export function useLeave(): () => void {
  const toast = useToast();
  return () => {
    leave().catch(() => toast.fail(words.signOutFailed));
  };
}
