/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Which screen stands at which path, each a chunk of its own. What a screen shows of itself (filter,
 * search, what is open) stands in the address, always as plain text.
 */
import { Button } from '@mantine/core';
import {
  type ErrorComponentProps,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { SearchX, TriangleAlert } from 'lucide-react';
import { Empty } from '../kit/states';
import { words } from '../words/shell';
import { Frame } from './frame';

type Search = Partial<Record<string, string>>;

/** Picks the members that a screen knows; empty ones stay out of the address. */
const only =
  <K extends string>(...names: K[]) =>
  (search: Record<string, unknown>): Partial<Record<K, string>> => {
    const found: Partial<Record<K, string>> = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' && value) found[name] = value;
    }
    return found;
  };

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/app/inbox',
  validateSearch: only('filter', 'q'),
  component: lazyRouteComponent(() => import('../screens/inbox/inbox'), 'InboxScreen'),
});
const inboxNone = createRoute({ getParentRoute: () => inbox, path: '/' });
const conversation = createRoute({ getParentRoute: () => inbox, path: '$id' });

const clients = createRoute({
  getParentRoute: () => root,
  path: '/app/clients',
  validateSearch: only('q', 'status', 'tag', 'source', 'do'),
  component: lazyRouteComponent(() => import('../screens/clients/clients'), 'ClientsScreen'),
});
const client = createRoute({
  getParentRoute: () => root,
  path: '/app/clients/$id',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('../screens/clients/client'), 'ClientScreen'),
});

const forms = createRoute({
  getParentRoute: () => root,
  path: '/app/forms',
  validateSearch: only('show'),
  component: lazyRouteComponent(() => import('../screens/forms/forms'), 'FormsScreen'),
});
const form = createRoute({
  getParentRoute: () => root,
  path: '/app/forms/$id',
  validateSearch: only('tab', 'status', 'show'),
  component: lazyRouteComponent(() => import('../screens/forms/form'), 'FormScreen'),
});

function NotFound() {
  return <Empty icon={SearchX} title={words.notFound} text={words.notFoundText} />;
}

function ScreenFailed({ reset }: ErrorComponentProps) {
  const again = (): void => {
    reset();
    location.reload();
  };
  return (
    <Empty
      icon={TriangleAlert}
      title={words.screenFailed}
      action={<Button onClick={again}>{words.reload}</Button>}
    />
  );
}

export const router = createRouter({
  routeTree: root.addChildren([inbox.addChildren([inboxNone, conversation]), clients, client, forms, form]),
  defaultPreload: 'intent',
  defaultErrorComponent: ScreenFailed,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search: Search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([name, value]) => (value ? [[name, value]] : [])),
    ).toString();
    return text ? `?${text}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
