/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where nothing can be told: nothing yet at all, nothing in this period, nothing of this person. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CalendarSearch, ChartColumn } from 'lucide-react';
import { Empty } from '../../kit/states';
import { may, session } from '../../shell/session';
import { words } from '../../words/reports';
import type { Kind } from './data';
import type { Asked } from './periods';

export function Never({ kind }: { kind: Kind }) {
  const isStock = kind === 'stock_value' || kind === 'stock_usage';
  const text = isStock ? words.neverStock : kind === 'ratings' ? words.neverRatings : words.neverText;
  const stock = may('inventory') ? (
    <Button renderRoot={(props) => <Link to="/app/inventory" {...props} />}>{words.openStock}</Button>
  ) : undefined;
  const book = (
    <Button component="a" href={`/book/${session.workspace.slug}`} target="_blank" rel="noreferrer">
      {words.bookingPage}
    </Button>
  );
  return <Empty icon={ChartColumn} title={words.neverTitle} text={text} action={isStock ? stock : book} />;
}

export function None({ asked }: { asked: Asked }) {
  const isFiltered = Boolean(asked.staff ?? asked.service);
  const action = isFiltered ? (
    <Button
      variant="default"
      renderRoot={(props) => (
        <Link to="/app/reports" search={(last) => ({ ...last, staff: undefined, service: undefined })} {...props} />
      )}
    >
      {words.showAll}
    </Button>
  ) : asked.period === 'year' ? undefined : (
    <Button
      variant="default"
      renderRoot={(props) => (
        <Link to="/app/reports" search={(last) => ({ ...last, period: 'year', from: undefined, to: undefined })} {...props} />
      )}
    >
      {words.showYear}
    </Button>
  );
  return (
    <Empty
      icon={CalendarSearch}
      title={words.noneTitle}
      text={isFiltered ? words.noneFiltered : words.noneText}
      action={action}
    />
  );
}
