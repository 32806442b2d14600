/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { PageHead } from '../../kit/page';
import { words } from '../../words/team';

export function TeamScreen() {
  return <PageHead title={words.title} />;
}
