import type { Page } from '@playwright/test';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

/** Notes on the page that it is this very one: a page that is loaded again has no such note. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, { isTheSamePage: true });
  });
}

const isTheSame = (page: Page): Promise<boolean> => page.evaluate(() => 'isTheSamePage' in window);

test('a deal edited in the CRM changes on open dashboard, list and deal page without a reload', async ({
  page: dashboard,
  context,
  crm,
  api,
}) => {
  const deal = await crm.someDeal();
  const list = await context.newPage();
  const single = await context.newPage();
  const renamed = `Renamed while ${deal.id} was open`;
  await crm.edit(deal.id, { Deal_Name: `About to be ${renamed}` });
  await api.post(`/api/records/${deal.id}/sync?direction=from_crm`);

  await dashboard.goto('/');
  await list.goto(`/deals?q=${encodeURIComponent(renamed)}`);
  await single.goto(`/deals/${deal.id}`);
  for (const page of [dashboard, list, single]) {
    await isSettled(page);
    await mark(page);
  }
  await expect(single.getByRole('heading', { level: 1 })).toContainText('About to be');

  await crm.edit(deal.id, { Deal_Name: renamed });
  expect((await api.post('/api/live-sync/sync/incremental')).status()).toBe(202);

  await expect(single.getByRole('heading', { level: 1, name: renamed })).toBeVisible();
  await expect(list.getByRole('grid', { name: 'Deals' }).getByText(renamed)).toBeVisible();
  await expect(dashboard.getByRole('listitem').filter({ hasText: renamed }).first()).toBeVisible();
  for (const page of [dashboard, list, single]) expect(await isTheSame(page)).toBe(true);
});

test('force sync reads one deal now and says what changed', async ({ page, crm }) => {
  const deal = await crm.someDeal();
  await page.goto(`/deals/${deal.id}`);
  await isSettled(page);
  await crm.edit(deal.id, { Deal_Name: `Read at once, ${deal.id}` });
  await page.getByRole('button', { name: 'Force sync' }).click();
  await page.getByRole('menuitem', { name: /^Read from the CRM now/ }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: `Read at once, ${deal.id}` }),
  ).toBeVisible();
  await expect(
    page.getByRole('list', { name: 'History of the deal' }).getByText(`Read at once, ${deal.id}`),
  ).toBeVisible();
});
