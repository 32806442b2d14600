// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers in the shape of the API for parts of the team page: for states that take long to come by
// truly.

export function answer(route, status, body = null) {
  const isProblem = status >= 400;
  return route.fulfill({
    status,
    contentType: isProblem ? 'application/problem+json' : 'application/json',
    body: body === null ? '' : JSON.stringify(isProblem ? { status, errors: [], ...body } : body),
  });
}

const list = (data) => ({ data, next_cursor: null });

/** One request that waits and one that is decided; what the page then sends is in the answer. */
export async function fakeRequests(page, shop) {
  const [amara, bruno] = shop.staff;
  const common = { note: '', version: 1 };
  const waiting = {
    ...{ ...common, id: '1', staff_id: amara.id, staff_name: amara.name, status: 'pending' },
    ...{ local_start: '2026-12-21T00:00+01:00', local_end: '2026-12-28T00:00+01:00' },
    reason: 'Family visit',
  };
  const past = {
    ...{ ...common, id: '2', staff_id: bruno.id, staff_name: bruno.name, status: 'declined' },
    ...{ local_start: '2026-12-02T13:00+01:00', local_end: '2026-12-02T15:00+01:00' },
    reason: 'Dentist',
  };
  const decided = [];
  await page.route('**/api/v1/time-off-requests**', (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace('/api/v1', '');
    if (request.method() === 'GET') return answer(route, 200, list([waiting, past]));
    decided.push({ path, body: request.postDataJSON() });
    waiting.status = path.endsWith('/approve') ? 'approved' : 'declined';
    const bookings = ['Ravi', 'Mei'].map((client_name, id) => ({ id: String(id), client_name }));
    return answer(route, 200, { ...waiting, bookings });
  });
  return decided;
}

export async function fakeTokens(page, tokens = []) {
  const made = [];
  await page.route('**/api/v1/tokens**', (route) => {
    const request = route.request();
    if (request.method() === 'GET') return answer(route, 200, list(tokens));
    if (request.method() === 'DELETE') {
      tokens.length = 0;
      return answer(route, 204);
    }
    const body = request.postDataJSON();
    made.push(body);
    const token = { id: '7', last_used_at: null, expires_at: null, ...body };
    tokens.push(token);
    return answer(route, 201, { ...token, secret: `cot_${'s3cret'.repeat(7)}` });
  });
  return { made };
}
