import type { Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

const field = (page: Page, label: string) =>
  page.getByRole('region', { name: 'Deal', exact: true }).locator('dl > div', {
    has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }),
  });

/** Returns words that no earlier run on the same stack has written. */
const unique = (words: string): string => `${words}, ${Date.now()}`;

test('several fields edited in the form arrive in the CRM, once', async ({ page, crm }) => {
  const deal = await crm.someDeal();
  await page.goto(`/deals/${deal.id}`);
  await isSettled(page);
  const amount = String((deal.Amount ?? 0) + 12_345);
  const step = unique('Agreed in the form');

  await page.getByRole('button', { name: /^Edit E?$/ }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill(amount);
  await page.getByRole('textbox', { name: 'Next Step' }).fill(step);
  await page.getByRole('textbox', { name: 'Closing date' }).fill('2031-03-09');
  await page.keyboard.press('Control+Enter');

  await expect(page.getByText('waiting for the CRM.')).toBeVisible();
  await expect
    .poll(async () => (await crm.deal(deal.id)).Next_Step, { timeout: 30_000 })
    .toBe(step);
  const there = await crm.deal(deal.id);
  expect(there.Amount).toBe(Number(amount));
  expect(there['Closing_Date']).toBe('2031-03-09');
  await expect(field(page, 'Next Step')).not.toContainText('Pending');
  await expect(page.getByText('Synced', { exact: true })).toBeVisible();
  const entries = page.getByRole('list', { name: 'History of the deal' }).locator('> li');
  // The edit and its echo are one entry, and it has the name of who made it.
  await expect(entries.filter({ hasText: step })).toHaveText(/^Edda Editor Local\d/);
});

test('what the CRM refuses stands at its field in the words of the CRM, and goes through on Retry', async ({
  page,
  crm,
}) => {
  const deal = await crm.someDeal();
  const step = unique('Wanted while it was locked');
  await crm.lock(deal.id, true);
  await page.goto(`/deals/${deal.id}`);
  await isSettled(page);

  await page.getByRole('button', { name: 'Edit Next Step' }).click();
  await page.getByRole('textbox', { name: 'Next Step' }).fill(step);
  await page.keyboard.press('Enter');

  const row = field(page, 'Next Step');
  await expect(row).toContainText('record is locked', { timeout: 30_000 });
  await expect(row).toContainText(step);
  expect((await crm.deal(deal.id)).Next_Step).toBe(deal.Next_Step ?? null);

  await crm.lock(deal.id, false);
  await row.getByRole('button', { name: 'Retry the edit of Next Step' }).click();
  await expect
    .poll(async () => (await crm.deal(deal.id)).Next_Step, { timeout: 30_000 })
    .toBe(step);
  await expect(page.getByText('Synced', { exact: true })).toBeVisible();
  await expect(row).not.toContainText('record is locked');
});
