import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test('the palette finds a deal by its name and opens it, by keyboard alone', async ({
  page,
  crm,
}) => {
  const deal = (await crm.deals()).find(({ Deal_Name: name }) => /^[\w ]{12,}$/.test(name));
  if (deal === undefined) throw new Error('the organisation has no deal with a plain name');
  await page.goto('/live-sync');
  await isSettled(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type(deal.Deal_Name);
  const found = page.getByRole('button', { name: deal.Deal_Name }).first();
  await expect(found).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/deals\/\d+$/);
});

test('keys lead from page to page, and a skip link leads past the menu', async ({ page }) => {
  await page.goto('/live-sync');
  await isSettled(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  for (const [key, path] of [
    ['e', '/deals'],
    ['s', '/sync-status'],
    ['l', '/live-sync'],
    ['d', '/'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`${path}(\\?.*)?$`));
    await isSettled(page);
  }
});

test('a full sync can be started by keyboard alone', async ({ page, crm }) => {
  await page.goto('/live-sync');
  await isSettled(page);
  const start = page.getByRole('button', { name: 'Full Sync' });
  await expect(start).toBeEnabled();
  // As many presses as there are places before it, and no more than a page has.
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await start.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(start).toBeFocused();
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Start a full sync?' });
  await expect(question.getByRole('button', { name: 'Not now' })).toBeFocused();
  await expect(question.getByRole('button', { name: 'Start full sync' })).toBeEnabled();
  await page.keyboard.press('Tab');
  await crm.latency(200);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Active sync progress' })).toBeVisible();
  await crm.latency(0);
  await expect(page.getByRole('heading', { name: 'Full sync of Deals completed' })).toBeVisible({
    timeout: 45_000,
  });
});

test('dark is chosen in the account menu, and is there at the first paint of the next visit', async ({
  page,
}) => {
  await page.goto('/');
  await isSettled(page);
  const sheet = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await sheet();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  const dark = await sheet();
  expect(dark).not.toBe(light);
  await page.reload({ waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('an address that leads nowhere says so and leads on', async ({ page }) => {
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await page.getByRole('link', { name: 'Go to the Dashboard' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');
});

test('the description of the API is read and tried without another server', async ({ page }) => {
  // Some hundred operations are described, and then read by Swagger UI, at the first look.
  test.setTimeout(120_000);
  await page.goto('/docs');
  await expect(page.getByRole('heading', { name: /^Pipeline Pulse/ }).first()).toBeVisible({
    timeout: 60_000,
  });
  // Operations are drawn as they come into view, so the first ones are looked at.
  const operation = page.locator('.opblock').filter({ hasText: '/api/deals/columns' });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await expect(answer.getByRole('cell', { name: '200', exact: true })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the bar below leads on, and the menu opens from the side', async ({ page }) => {
    await page.goto('/');
    await isSettled(page);
    const bar = page.getByRole('navigation', { name: 'Main places' });
    await bar.getByRole('link', { name: 'Deals' }).tap();
    await expect(page).toHaveURL(/\/deals/);
    await bar.getByRole('button', { name: 'More' }).tap();
    await page.getByRole('dialog').getByRole('link', { name: 'CRM Integration' }).tap();
    await expect(page).toHaveURL(/\/crm-sync/);
  });
});
