/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { PageHead } from '../../kit/page';
import { words } from '../../words/services';

export function ServicesScreen() {
  return <PageHead title={words.title} />;
}
