/** The Analysis page on the whole product: filter, drill down, compare, keep as a view, come back. */
import type { Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

/** A name is given once by a person: a stack that tests have used before knows the others. */
const run = Date.now();
const BY_MANAGER = `By manager ${run}`;
const ALL_OPEN = `All that is open ${run}`;

const WHOLE = '/analysis?closing=all&probability=all&outcome=open';

const numbers = (page: Page) => page.getByRole('list', { name: 'Numbers of the pipeline' });
const dealsIn = async (page: Page): Promise<string> => {
  const figure = numbers(page).getByRole('listitem').filter({ hasText: 'Qualified deals' });
  const text = await figure.getByRole('link').innerText();
  return text.trim();
};

test('opens with limits of its own, which stand in the address', async ({ page }) => {
  await page.goto('/analysis');
  await expect(page).toHaveURL(/closing=current_quarter&probability=presales&outcome=open$/);
  await expect(page.getByRole('button', { name: 'Closing Current quarter' })).toBeVisible();
});

test('filters, drills down to a deal, and shows the deals behind a figure', async ({ page }) => {
  await page.goto(WHOLE);
  const pivot = page.getByRole('table', { name: 'By country' });
  const first = pivot.getByRole('row').nth(1);
  const country = await first.getByRole('button').innerText();
  const count = await first.getByRole('cell').first().innerText();

  await first.getByRole('button').click();
  await expect(page).toHaveURL(/open=/);
  const owner = pivot.locator('tr[data-depth="1"]').first();
  await owner.getByRole('button').click();
  const deal = pivot.locator('a[href^="/deals/"]').first();
  await expect(deal).toBeVisible();

  await first.getByRole('cell').first().getByRole('link').click();
  await expect(page).toHaveURL((url) => url.searchParams.get('country') === country);
  await expect(page.getByRole('heading', { level: 1, name: 'Deals' })).toBeVisible();
  await expect(page.getByText(new RegExp(`^${count} of `))).toBeVisible();

  await page.goBack();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('option', { name: 'Country' }).click();
  await page.getByRole('checkbox', { name: country }).click();
  await page.keyboard.press('Escape');
  await expect(numbers(page).getByRole('link', { name: count, exact: true })).toBeVisible();
});

test('compares with an earlier moment and looks back to it', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(WHOLE);
  await isSettled(page);
  const compared = page.getByRole('button', { name: /^Compared with/ });
  await expect(compared).not.toHaveText(/nothing/);
  await expect(page.getByRole('columnheader', { name: /^Against/ })).toBeVisible();

  await page.getByRole('button', { name: 'As of now' }).click();
  const typed = page.getByLabel('Day and time');
  const show = page.getByRole('button', { name: 'Show', exact: true });
  // History is as old as the stack: the first whole minute of it may not be over yet.
  await expect(async () => {
    await typed.fill((await typed.getAttribute('max')) ?? '');
    await expect(show).toBeEnabled({ timeout: 500 });
  }).toPass({ timeout: 90_000 });
  await show.click();
  await expect(page).toHaveURL(/as_of=/);
  await expect(page.getByText(/^Figures as they stood (on|today at)/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(page).not.toHaveURL(/as_of=/);
});

test('keeps the page as a view that its address opens again', async ({ page }) => {
  await page.goto(`${WHOLE}&rows=owner`);
  await isSettled(page);
  const shown = await dealsIn(page);

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
  await page.getByLabel('Name').fill(BY_MANAGER);
  await page.getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByRole('heading', { level: 1, name: BY_MANAGER })).toBeVisible();
  const { pathname } = new URL(page.url());

  await page.goto(pathname);
  await expect(page.getByRole('heading', { level: 1, name: BY_MANAGER })).toBeVisible();
  await expect(page.getByRole('table', { name: 'By account manager' })).toBeVisible();
  expect(await dealsIn(page)).toBe(shown);
});

test('tells what differs from a view, and takes a deletion back', async ({ page, facts }) => {
  const saved = await page.request.post('/api/views', {
    headers: { Origin: facts.api_url },
    data: {
      page: 'analysis',
      name: ALL_OPEN,
      query: 'closing=all&probability=all&outcome=open',
    },
  });
  const { id } = (await saved.json()) as { id: string };
  await page.goto(`/analysis/${id}`);
  await page.getByRole('button', { name: 'Outcome Open' }).click();
  await page.getByRole('checkbox', { name: 'Won', exact: true }).click();
  await page.keyboard.press('Escape');
  const changed = page.getByRole('status').filter({ hasText: 'Changed' });
  await changed.getByRole('button', { name: 'Reset' }).click();
  await expect(changed).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Outcome Open' })).toBeVisible();

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Analysis' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 1, name: ALL_OPEN })).toBeVisible();

  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: /^Default/ }).click();
  await expect(page).toHaveURL(
    /\/analysis\?closing=current_quarter&probability=presales&outcome=open$/,
  );
});
