/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { PageHead } from '../../kit/page';
import { words } from '../../words/messages';

export function MessagesScreen() {
  return <PageHead title={words.title} />;
}
