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

/** A visit, and a new one at a time, stand over whichever screen is open. */
const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: only('visit', 'new', 'person', 'client', 'service'),
});

const today = createRoute({
  getParentRoute: () => root,
  path: '/app',
  validateSearch: only(),
  component: lazyRouteComponent(() => import('../screens/today/today'), 'TodayScreen'),
});

const calendar = createRoute({
  getParentRoute: () => root,
  path: '/app/calendar',
  validateSearch: only('date', 'view', 'by', 'who', 'person', 'cancelled', 'move'),
  component: lazyRouteComponent(() => import('../screens/calendar/calendar'), 'CalendarScreen'),
});

const bookings = createRoute({
  getParentRoute: () => root,
  path: '/app/bookings',
  validateSearch: only('q', 'status', 'staff', 'service', 'room', 'from', 'to', 'sort', 'show', 'saved'),
  component: lazyRouteComponent(() => import('../screens/bookings/bookings'), 'BookingsScreen'),
});

const services = createRoute({
  getParentRoute: () => root,
  path: '/app/services',
  validateSearch: only('q', 'category', 'state', 'show'),
  component: lazyRouteComponent(() => import('../screens/services/services'), 'ServicesScreen'),
});

const service = createRoute({
  getParentRoute: () => root,
  path: '/app/services/$id',
  validateSearch: only(),
  component: lazyRouteComponent(() => import('../screens/services/service'), 'ServiceScreen'),
});

const resources = createRoute({
  getParentRoute: () => root,
  path: '/app/resources',
  validateSearch: only('show'),
  component: lazyRouteComponent(() => import('../screens/resources/resources'), 'ResourcesScreen'),
});

const team = createRoute({
  getParentRoute: () => root,
  path: '/app/team',
  validateSearch: only('view', 'member', 'show'),
  component: lazyRouteComponent(() => import('../screens/team/team'), 'TeamScreen'),
});

const member = createRoute({
  getParentRoute: () => root,
  path: '/app/team/$id',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('../screens/team/member'), 'MemberScreen'),
});

const inventory = createRoute({
  getParentRoute: () => root,
  path: '/app/inventory',
  validateSearch: only('q', 'show', 'sort', 'do', 'which', 'category'),
  component: lazyRouteComponent(() => import('../screens/inventory/inventory'), 'InventoryScreen'),
});

const item = createRoute({
  getParentRoute: () => root,
  path: '/app/inventory/$id',
  validateSearch: only('tab', 'do', 'kind', 'days', 'as'),
  component: lazyRouteComponent(() => import('../screens/inventory/item'), 'ItemScreen'),
});

const stocktakes = createRoute({
  getParentRoute: () => root,
  path: '/app/stocktakes',
  validateSearch: only('do'),
  component: lazyRouteComponent(() => import('../screens/inventory/stocktakes'), 'StocktakesScreen'),
});

const stocktake = createRoute({
  getParentRoute: () => root,
  path: '/app/stocktakes/$id',
  validateSearch: only('q', 'show', 'do'),
  component: lazyRouteComponent(() => import('../screens/inventory/stocktake'), 'StocktakeScreen'),
});

const automations = createRoute({
  getParentRoute: () => root,
  path: '/app/automations',
  validateSearch: only(),
  component: lazyRouteComponent(() => import('../screens/automations/automations'), 'AutomationsScreen'),
});

const automation = createRoute({
  getParentRoute: () => root,
  path: '/app/automations/$key',
  validateSearch: only(),
  component: lazyRouteComponent(() => import('../screens/automations/automation'), 'AutomationScreen'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/app/messages',
  validateSearch: only('q', 'status', 'kind', 'show'),
  component: lazyRouteComponent(() => import('../screens/messages/messages'), 'MessagesScreen'),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: '/app/reports',
  validateSearch: only('kind', 'period', 'from', 'to', 'by', 'compare', 'as', 'staff', 'service'),
  component: lazyRouteComponent(() => import('../screens/reports/reports'), 'ReportsScreen'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/app/settings',
  validateSearch: only('show'),
  component: lazyRouteComponent(() => import('../screens/settings/settings'), 'SettingsScreen'),
});

const settingsPart = createRoute({
  getParentRoute: () => root,
  path: '/app/settings/$part',
  validateSearch: only('show', 'q', 'entity', 'actor', 'from', 'to'),
  component: lazyRouteComponent(() => import('../screens/settings/settings'), 'SettingsScreen'),
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/app/start',
  validateSearch: only('step'),
  component: lazyRouteComponent(() => import('../screens/start/start'), 'StartScreen'),
});

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
  routeTree: root.addChildren([
    today,
    calendar,
    bookings,
    services,
    service,
    resources,
    team,
    member,
    inventory,
    item,
    stocktakes,
    stocktake,
    automations,
    automation,
    messages,
    reports,
    settings,
    settingsPart,
    start,
    inbox.addChildren([inboxNone, conversation]),
    clients,
    client,
    forms,
    form,
  ]),
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
