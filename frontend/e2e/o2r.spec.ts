import type { Locator, Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

/** Returns words that no earlier run on the same stack has written. */
const unique = (words: string): string => `${words}, ${Date.now()}`;

const section = (page: Page, name: string): Locator =>
  page.getByRole('region', { name, exact: true });

const health = (page: Page): Locator =>
  page.getByRole('list', { name: 'Key numbers' }).getByRole('listitem').last();

test('from the list to one opportunity: blocked, resolved, and on to its neighbour', async ({
  page,
}) => {
  const title = unique('Security review');
  await page.goto('/o2r/opportunities');
  await isSettled(page);
  const table = page.getByRole('table', { name: 'Opportunities' });
  await page.getByRole('button', { name: /^Phase any/ }).click();
  await page.getByRole('checkbox', { name: 'II Proposal' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/phase=2/);
  // The old rows stay until the new ones are there.
  await expect(table.locator('tbody tr').filter({ hasNotText: 'II Proposal' })).toHaveCount(0);
  const first = table.locator('tbody').getByRole('link').first();
  const name = (await first.textContent()) ?? '';
  await first.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await isSettled(page);

  await page.getByRole('button', { name: 'Blocker', exact: true }).click();
  await page.getByRole('textbox', { name: 'What holds the deal up' }).fill(title);
  await page.keyboard.press('Control+Enter');
  const signals = section(page, 'Health signals');
  await expect(signals).toContainText(`${title} since today`);
  await expect(health(page)).toContainText('blocked');

  await signals.getByRole('button', { name: `Resolve ${title}` }).click();
  await page.getByRole('textbox', { name: 'How it ended' }).fill('The CISO signed.');
  await page.keyboard.press('Control+Enter');
  await expect(signals.getByRole('listitem').filter({ hasText: title })).toBeHidden();
  await expect(health(page)).not.toContainText('blocked');
  // The list may hear of it before the answer is here that can be undone.
  await expect(page.getByText('Blocker resolved.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(signals).toContainText(`${title} since today`);
  // The next run on this stack finds the deal as this one did.
  await signals.getByRole('button', { name: `Resolve ${title}` }).click();
  await page.getByRole('button', { name: 'Resolve blocker' }).click();
  await expect(signals.getByRole('button', { name: `Resolve ${title}` })).toBeHidden();

  await page.keyboard.press(']');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(name);
  await isSettled(page);
  await expect(
    page.getByRole('button', { name: 'Previous opportunity of the list' }),
  ).toBeEnabled();
  await page.keyboard.press('[');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
});

test('a milestone goes to the CRM, and its undo too', async ({ page, crm }) => {
  const deal = await crm.someDeal();
  const before = (await crm.deal(deal.id))['Proposal_Submission_date'] ?? null;
  await page.goto(`/o2r/opportunities/${deal.id}`);
  await isSettled(page);

  await page.getByRole('button', { name: 'Proposal sent', exact: true }).click();
  const reached = page.getByRole('textbox', { name: 'Reached' });
  await reached.fill(before === '2026-01-15' ? '2026-01-14' : '2026-01-15');
  await page.keyboard.press('Control+Enter');
  const toast = page.getByText('Proposal sent set, waiting for the CRM.');
  await expect(toast).toBeVisible();
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await crm.deal(deal.id))['Proposal_Submission_date'] ?? null, {
      timeout: 30_000,
    })
    .toBe(before);
  await expect(page.getByRole('img', { name: 'On its way to the CRM' })).toBeHidden({
    timeout: 30_000,
  });
});

test('comments and action items are added, checked off, deleted and brought back', async ({
  page,
  crm,
}) => {
  const deal = await crm.someDeal();
  const [comment, action] = [unique('Their CISO is back'), unique('Send the report')];
  await page.goto(`/o2r/opportunities/${deal.id}`);
  await isSettled(page);

  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByRole('textbox', { name: 'Comment' }).fill(comment);
  await page.keyboard.press('Control+Enter');
  const comments = section(page, 'Comments');
  const line = comments.getByRole('listitem').filter({ hasText: comment });
  await expect(line).toContainText('Edda Editor');
  await line.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(line).toBeHidden();
  await expect(page.getByText('Comment deleted.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(line).toBeVisible();

  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('textbox', { name: 'What is to be done' }).fill(action);
  await page.getByRole('textbox', { name: 'Due' }).fill('tomorrow');
  await page.keyboard.press('Control+Enter');
  const item = section(page, 'Action items').getByRole('listitem').filter({ hasText: action });
  await expect(item).toContainText('tomorrow');
  await item.getByRole('checkbox').click();
  await expect(item).toContainText('done');
});

test.describe('as a viewer', () => {
  test.use({ role: 'viewer' });

  test('all of it is read and nothing can be written', async ({ page, crm }) => {
    const deal = await crm.someDeal();
    await page.goto(`/deals/${deal.id}`);
    await isSettled(page);
    await page.getByRole('link', { name: 'Way to revenue' }).click();
    await expect(page.getByRole('figure')).toBeVisible();
    for (const name of ['Comment', 'Blocker', 'Set milestone', 'Add']) {
      await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
    }
  });
});
