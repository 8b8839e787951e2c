/** From what waits for money to the deals behind it, and into one territory. */
import type { Locator, Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

const number = (page: Page, name: RegExp): Locator =>
  page
    .getByRole('list', { name: 'Money on its way' })
    .getByRole('listitem')
    .filter({ hasText: name });

/** `S$ 1,849,074` of a figure, without its unit. */
const figureOf = (text: string | null): string => /[\d,]{3,}/.exec(text ?? '')?.[0] ?? '';

test('each number opens the deals that it is made of', async ({ page }) => {
  for (const name of [/^Won, not invoiced/, /^Revenue at risk/, /^Revenue realised/]) {
    await page.goto('/o2r');
    await isSettled(page);
    const shown = number(page, name);
    const worth = figureOf(await shown.getByRole('link').textContent());
    expect(worth).not.toBe('');
    await shown.getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Opportunities');
    await expect(page.locator('footer')).toContainText(`TotalS$ ${worth}`);
  }
});

test('a territory goes along, and its phase opens the opportunities that stand there', async ({
  page,
}) => {
  await page.goto('/o2r');
  await isSettled(page);
  const row = page
    .getByRole('figure', { name: /^Health by territory/ })
    .getByRole('row', { name: /^ASEAN/ });
  const deals = await row.getByRole('link').last().textContent();
  await page.getByRole('button', { name: /All territories$/ }).click();
  await page.getByRole('menuitem', { name: 'ASEAN' }).click();
  await expect(page).toHaveURL(/\/o2r\?region=ASEAN/);
  // The old figures stay until the new ones are there.
  const rows = page.getByRole('figure', { name: /^Health by territory/ }).getByRole('row');
  await expect(rows).toHaveCount(2);

  const phases = page.getByRole('figure', { name: /^Open opportunities by phase/ });
  const phase = phases.getByRole('link', { name: /^[\d,]+ deals?$/ }).first();
  const count = /(\d[\d,]*) deals?/.exec((await phase.textContent()) ?? '')?.[1] ?? '';
  await phase.click();
  await expect(page).toHaveURL(/phase=1&region=ASEAN/);
  await expect(page.getByText(new RegExp(`^${count} of `))).toBeVisible();
  await page.getByRole('button', { name: 'Remove the filter Phase' }).click();
  await expect(page.getByText(new RegExp(`^${deals ?? ''} of `))).toBeVisible();
});
