// SPDX-License-Identifier: AGPL-3.0-or-later
// The office's forms: built by keys and pointer, tried in the preview, and what was answered.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { expectStatus } from '../lib/client.mjs';
import { FIELDS, askForm, makeForm } from '../lib/forms.mjs';
import { startServer } from '../lib/server.mjs';
import { assertAccessible } from './lib/axe.mjs';
import { assertNoSidewaysScroll, becomes, closeBrowser, focusIs } from './lib/browser.mjs';
import { WIDE, openOffice } from './lib/office.mjs';
import { button, heading } from './lib/people.mjs';
import { bookVisit, makeShop } from './lib/shop.mjs';

let server;
before(async () => {
  server = await startServer(null);
});
after(async () => {
  await closeBrowser();
  await server.remove();
});

const labels = (page) =>
  page.locator('.field-label').evaluateAll((all) => all.map((each) => each.firstChild.textContent));

test('a form is built from nothing, with a condition, and saved as it is shown', async (t) => {
  const shop = await makeShop(server);
  const page = await openOffice(t, server, shop, '/app/forms', WIDE);
  await heading(page, 'No forms yet').waitFor();
  await page.getByRole('link', { name: 'New form' }).first().click();
  await focusIs(page, 'New form');
  await page.getByLabel('Name of the form').fill('Health questions');
  await button(page, 'Add a question').click();
  await page.locator('.field [data-label]').fill('Allergies?');
  await page.getByLabel('Kind').selectOption('choice');
  await page.getByLabel('Answers to choose from').fill('Yes\nNo');
  await button(page, 'Add a question').click();
  await page.locator('.field [data-label]').fill('Which ones?');
  await page.getByLabel('Show only if').selectOption({ label: 'Allergies?' });
  await page.getByLabel('Must be answered').check();

  const preview = page.getByRole('complementary', { name: 'Preview' });
  await becomes(() => preview.getByLabel('Which ones?').count(), 0);
  await preview.getByLabel('Yes').check();
  await preview.getByLabel('Which ones?').waitFor();
  await assertAccessible(page, 'a form being built');
  await button(page, 'Create form').click();
  await page.getByText('Form created').waitFor();
  await page.waitForURL(/\/app\/forms\/\d+/);
  const [form] = await shop.owner.list('/forms');
  assert.deepEqual(
    form.fields.map(({ key, type, required, options, show_if: condition }) => [key, type, required, options, condition]),
    [
      ['allergies', 'choice', false, ['Yes', 'No'], undefined],
      ['which_ones', 'text', true, [], { key: 'allergies', is: 'equals', value: 'Yes' }],
    ],
  );
});

test('questions move and go by keys alone, with the focus, and come back', async (t) => {
  const shop = await makeShop(server);
  const form = await makeForm(shop.owner);
  const page = await openOffice(t, server, shop, `/app/forms/${form.id}`, WIDE);
  const [name, mail, agree] = FIELDS.map((field) => field.label);
  await button(page, `Move “${name}” down`).press('Enter');
  await becomes(() => labels(page), [mail, name, agree]);
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), `Move “${name}” down`);
  await page.keyboard.press('Enter');
  await becomes(() => labels(page), [mail, agree, name]);
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), `Move “${name}” up`);
  await button(page, `Remove “${agree}”`).press('Enter');
  await becomes(() => labels(page), [mail, name]);
  await focusIs(page, /Your name/);
  await button(page, 'Undo').click();
  await becomes(() => labels(page), [mail, agree, name]);
  await page.locator('.field-grip').nth(2).dragTo(page.locator('.field').first());
  await becomes(() => labels(page), [name, mail, agree]);
  await button(page, 'Discard').click();
  await becomes(() => labels(page), [name, mail, agree]);
  await becomes(() => page.evaluate(() => document.activeElement.tagName), 'MAIN');
});

test('what the server refuses stands at its question', async (t) => {
  const shop = await makeShop(server);
  const form = await makeForm(shop.owner);
  const page = await openOffice(t, server, shop, `/app/forms/${form.id}`, WIDE);
  await button(page, 'Add a question').click();
  await page.locator('.field [data-label]').fill('Colour');
  await page.getByLabel('Kind').selectOption('choice');
  await button(page, 'Done').click();
  await button(page, 'Save form').click();
  await page.getByText('Some things are to be put right before it can be saved.').waitFor();
  await page.locator('.field[data-bad]').getByLabel('Answers to choose from').fill('Red\nBlue');
  await button(page, 'Save form').click();
  await page.getByText('Form saved').waitFor();
  assert.equal((await shop.owner.list('/forms'))[0].fields.length, FIELDS.length + 1);
});

test('what was asked of clients is listed, opened, and asked for once more', async (t) => {
  const shop = await makeShop(server);
  const form = await makeForm(shop.owner);
  const client = { name: 'Cleo Lane', email: 'cleo@client.example' };
  const { booking } = await bookVisit(shop, { client });
  const { token } = await askForm(server, form, booking);
  const page = await openOffice(t, server, shop, '/app/forms?show=pending', WIDE);
  const row = page.locator('.form-row').filter({ hasText: 'Cleo Lane' });
  await row.click();
  await button(page, 'Remind').click();
  await page.getByText('Reminder sent').waitFor();
  await assertAccessible(page, 'a form that waits');
  await page.keyboard.press('Escape');
  await focusIs(page, /^CLCleo Lane/);

  const answers = { name: 'Cleo Lane', agree: true };
  expectStatus(await shop.visitor.post(`/public/forms/${token}`, { answers }), 200);
  await page.goto(`${server.baseUrl}/app/forms/${form.id}?tab=answers`);
  await row.click();
  await page.locator('.answers').getByText('Cleo Lane').waitFor();
  await page.locator('.answers').getByText('Yes').waitFor();
  await page.getByRole('link', { name: 'PDF' }).waitFor();
  await assertAccessible(page, 'answers');
});

test('every state of the forms is accessible and fits, in light and dark, narrow and wide', async (t) => {
  const shop = await makeShop(server);
  const form = await makeForm(shop.owner, {
    clinical: true,
    fields: [{ key: 'part', label: 'About you', type: 'section' }, ...FIELDS],
  });
  for (const [width, scheme] of [[1440, 'light'], [390, 'dark'], [320, 'light']]) {
    const page = await openOffice(t, server, shop, '/app/forms', { width, scheme });
    await page.locator('.form-row').waitFor();
    await assertNoSidewaysScroll(page, `the list at ${width}`);
    await assertAccessible(page, `the list at ${width}`);
    await page.locator('.form-row').click();
    await page.getByRole('button', { name: /^Question 2: *Your name/ }).click();
    await assertNoSidewaysScroll(page, `the builder at ${width}`);
    await assertAccessible(page, `the builder at ${width}`);
    await page.goto(`${server.baseUrl}/app/forms/${form.id}?tab=settings`);
    await page.getByLabel('Thank-you text').waitFor();
    await assertNoSidewaysScroll(page, `the settings at ${width}`);
    await assertAccessible(page, `the settings at ${width}`);
    await page.goto(`${server.baseUrl}/app/forms?show=overdue`);
    await heading(page, 'Nothing is overdue').waitFor();
    await assertAccessible(page, `nothing overdue at ${width}`);
  }
});
