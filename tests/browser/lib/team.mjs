// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers in the shape of the API: for states that take long to come by truly.

export function answer(route, status, body = null) {
  const isProblem = status >= 400;
  return route.fulfill({
    status,
    contentType: isProblem ? 'application/problem+json' : 'application/json',
    body: body === null ? '' : JSON.stringify(isProblem ? { status, errors: [], ...body } : body),
  });
}
