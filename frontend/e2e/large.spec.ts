/** Deals and their figures over a mirror of 100,000: a product of its own, because it is so large. */
import type { Locator } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { startStack } from './support/stack';
import { expect, test as base } from './support/test';

const DEALS = 100_000;
const START_MS = 240_000;

const test = base.extend({
  sharedFacts: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
    async ({}, use) => {
      const { facts, stop } = await startStack({ deals: DEALS, activity: 0 });
      await use(facts);
      await stop();
    },
    { scope: 'worker', timeout: START_MS },
  ],
});

test.use({ role: 'viewer' });
// The first test also waits for the product to start.
test.setTimeout(START_MS);

/** Rows that the table says it has, shown or not, without its head. */
const rowsOf = async (table: Locator): Promise<number> =>
  Number(await table.getAttribute('aria-rowcount')) - 1;

test('deals at 100,000 rows scroll to the end with skeletons at most, which fill', async ({
  page,
}) => {
  await page.goto('/deals?sort=name');
  await isSettled(page);
  const table = page.getByRole('grid', { name: 'Deals' });
  await expect.poll(() => rowsOf(table)).toBeGreaterThanOrEqual(DEALS);
  const rows = await rowsOf(table);

  for (const share of [0.25, 0.5, 0.75, 1]) {
    await table.evaluate((element, at) => {
      element.scrollTop = element.scrollHeight * at;
    }, share);
    const seen = Math.round(rows * share);
    // Rows with a name have come; those still on their way are skeletons without one.
    await expect
      .poll(() =>
        table
          .getByRole('row')
          .evaluateAll((found) =>
            Math.max(...found.map((row) => Number(row.getAttribute('aria-rowindex')))),
          ),
      )
      .toBeGreaterThanOrEqual(seen - 50);
  }
  const last = table.locator(`[aria-rowindex="${rows + 1}"]`);
  await expect(last).toBeVisible();
  await expect(last.getByRole('gridcell').nth(2)).toHaveText(/\S/);
});

test('filters, sorting and search narrow 100,000 deals within the page', async ({ page }) => {
  await page.goto('/deals');
  await isSettled(page);
  const table = page.getByRole('grid', { name: 'Deals' });
  await expect.poll(() => rowsOf(table)).toBeGreaterThanOrEqual(DEALS);
  const all = await rowsOf(table);
  await page.getByRole('searchbox').fill('Orchid');
  await expect(page).toHaveURL(/q=Orchid/);
  await expect.poll(() => rowsOf(table)).toBeLessThan(all);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/q=/);
  await expect(table).toHaveAttribute('aria-rowcount', String(all + 1));
});

test('analytics at 100,000 deals agree with the CRM and with each other', async ({ page, crm }) => {
  const deals = await crm.deals();
  const told = deals.length.toLocaleString('en-SG');
  await page.goto('/analysis?closing=all&probability=all&outcome=all');
  await isSettled(page);
  const numbers = page.getByRole('list', { name: 'Numbers of the pipeline' });
  await expect(
    numbers.getByRole('listitem').filter({ hasText: 'Qualified deals' }).getByRole('link'),
  ).toHaveText(told);
  const pivot = page.getByRole('table', { name: 'By country' });
  await expect(pivot.getByRole('row').last()).toContainText(told);

  await page.goto('/o2r');
  await isSettled(page);
  const phases = page.getByRole('region', { name: 'Open opportunities by phase' });
  await expect(phases).toContainText(/Phase IV/);
  await page.goto('/o2r/opportunities');
  await isSettled(page);
  await expect(page.getByRole('table', { name: 'Opportunities' })).toBeVisible();
  await page.goto('/');
  await isSettled(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
