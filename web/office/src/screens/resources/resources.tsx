/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { PageHead } from '../../kit/page';
import { words } from '../../words/resources';

export function ResourcesScreen() {
  return <PageHead title={words.title} />;
}
