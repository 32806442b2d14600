/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The services that clients see, to be put in order by dragging, by Alt and the arrows, or by a menu. */
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Scissors } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Read } from '../../kit/list';
import { walkRows } from '../../kit/rows';
import { Empty } from '../../kit/states';
import { words } from '../../words/services';
import { type Service, servicesQuery, staffQuery } from './data';
import { type Filters, fits, isFiltering } from './find';
import { AddButton, NoneFound } from './nothing';
import { type Category, idsOf, menuOf, moved, placed, useOrder } from './order';
import { Row } from './row';

export function MenuList({ filters }: { filters: Filters }) {
  return (
    <Read read={useQuery(servicesQuery)} rows={6} height={68}>
      {(all) => <Found all={all} filters={filters} />}
    </Read>
  );
}

function Found({ all, filters }: { all: Service[]; filters: Filters }) {
  const on = all.filter(({ active }) => active);
  if (on.length === 0 && !isFiltering(filters)) {
    return <Empty icon={Scissors} title={words.emptyTitle} text={words.emptyText} action={<AddButton />} />;
  }
  const found = on.filter(fits(filters));
  if (found.length === 0) return <NoneFound />;
  return <Categories menu={menuOf(on)} shown={menuOf(found)} isFixed={isFiltering(filters)} />;
}

/** `isFixed`: only some are shown, so that there is no order to change. */
function Categories({ menu, shown, isFixed }: { menu: Category[]; shown: Category[]; isFixed: boolean }) {
  const { data: staff = [] } = useQuery(staffQuery);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const order = useOrder();
  const list = useRef<HTMLDivElement>(null);
  /* A browser drops the focus of what is moved: it is given back once that stands in its place. */
  const focusNext = useRef<string | null>(null);
  const standing = idsOf(shown).join();
  useEffect(() => {
    if (!standing || !focusNext.current) return;
    list.current?.querySelector<HTMLElement>(focusNext.current)?.focus();
    focusNext.current = null;
  }, [standing]);

  const move = (category: Category, from: number, to: number): void => {
    const service = category.services[from];
    if (isFixed || !service || to < 0 || to >= category.services.length || from === to) return;
    order(menu, moved(menu, category.name, from, to));
    setSaid(words.movedTo(service.name, to + 1, category.services.length));
    focusNext.current = `#service-${service.id} [data-row]`;
  };
  const moveCategory = (at: number, by: -1 | 1): void => {
    const category = menu[at];
    if (!category) return;
    order(menu, placed(menu, at, at + by));
    setSaid(words.movedTo(category.name || words.uncategorised, at + by + 1, menu.length));
    const isEnd = at + by === 0 || at + by === menu.length - 1;
    focusNext.current = `[data-category="${CSS.escape(category.name)}"] [data-by="${isEnd ? -by : by}"]`;
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys of its links
    <div ref={list} className="service-menu" onKeyDown={walkRows}>
      {shown.map((category, at) => (
        <section key={category.name} data-category={category.name} aria-label={category.name || words.uncategorised}>
          <header className="service-category">
            <h2>{category.name || words.uncategorised}</h2>
            <span className="soft small">{words.count(category.services.length)}</span>
            {!isFixed && menu.length > 1 && <CategoryTools name={category.name} at={at} of={menu.length} move={moveCategory} />}
          </header>
          <ul className="service-list">
            {category.services.map((service, place) => (
              <Row
                key={service.id}
                service={service}
                staff={staff}
                isFixed={isFixed}
                isDragged={dragged === service.id}
                isFirst={place === 0}
                isLast={place === category.services.length - 1}
                move={(by) => move(category, place, place + by)}
                drag={setDragged}
                drop={() => {
                  const from = category.services.findIndex(({ id }) => id === dragged);
                  if (from >= 0) move(category, from, place);
                  setDragged(null);
                }}
              />
            ))}
          </ul>
        </section>
      ))}
      <p className="unseen" role="status">
        {said}
      </p>
      {!isFixed && <p className="soft small">{words.orderHint}</p>}
    </div>
  );
}

interface ToolsProps {
  name: string;
  at: number;
  of: number;
  move: (at: number, by: -1 | 1) => void;
}

function CategoryTools({ name, at, of, move }: ToolsProps) {
  const label = name || words.uncategorised;
  return (
    <span className="service-category-tools">
      <ActionIcon size={32} data-by={-1} aria-label={words.categoryUp(label)} disabled={at === 0} onClick={() => move(at, -1)}>
        <ArrowUp size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon
        size={32}
        data-by={1}
        aria-label={words.categoryDown(label)}
        disabled={at === of - 1}
        onClick={() => move(at, 1)}
      >
        <ArrowDown size={16} aria-hidden="true" />
      </ActionIcon>
    </span>
  );
}
