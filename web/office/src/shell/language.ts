/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Chooses the language, for oneself and on every device. The server writes it into the next page. */
import { api, ask } from '../kit/api';
import type { Language } from '../words/choose';

export async function speak(language: Language | null): Promise<void> {
  await ask(api.PATCH('/api/v1/session', { body: { language } }));
  location.reload();
}
