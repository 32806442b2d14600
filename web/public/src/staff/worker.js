/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The staff's page without a network. Keeps the shell, with nobody's data in it, and the files that
 * it names; the day itself is kept by the page. Answers from what is kept only when the network
 * does not, and touches no call to the API.
 */
const CACHE = 'careops-staff';
const SHELL = '/staff/offline';
const PATIENCE_MS = 6000;
const AWAY = new Set([502, 503, 504]);

self.addEventListener('install', (event) => {
  event.waitUntil(refresh().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate' && url.pathname === '/staff') {
    event.respondWith(page(event));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(url.pathname).then((found) => found ?? fetch(request)));
  }
});

async function page(event) {
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    /* A proxy answers for a server that is away. */
    if (AWAY.has(answer.status)) return (await caches.match(SHELL)) ?? answer;
    event.waitUntil(refresh().catch(() => undefined));
    return answer;
  } catch {
    return (await caches.match(SHELL)) ?? Response.error();
  }
}

/* The files first, so that a shell is never kept without them. */
async function refresh() {
  const cache = await caches.open(CACHE);
  const shell = await fetch(SHELL, { cache: 'no-cache', credentials: 'omit' });
  if (!shell.ok) return;
  const html = await shell.clone().text();
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map((found) => found[1]);
  await Promise.all(
    files.map(async (file) => (await cache.match(file)) ?? (await cache.add(file))),
  );
  await cache.put(SHELL, shell);
  const isOld = ({ url }) => ![SHELL, ...files].includes(new URL(url).pathname);
  const all = await cache.keys();
  await Promise.all(all.filter(isOld).map((request) => cache.delete(request)));
}
