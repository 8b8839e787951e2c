/** The table of all deals over a mirror of 100,000: a product of its own, because it is so large. */
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
