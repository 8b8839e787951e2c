/** From a colleague's edit in the CRM to an alert, and from there to somebody who has seen to it. */
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test('a deal that loses most of its amount asks for a look until it is acknowledged', async ({
  page,
  crm,
  api,
}) => {
  const deal = (await crm.deals()).find(({ Amount: amount }) => amount !== null && amount > 1_000);
  if (deal?.Amount == null) throw new Error('no deal has an amount');
  const name = `Shrinks while ${deal.id} is watched`;
  await crm.edit(deal.id, { Deal_Name: name });
  await api.post(`/api/records/${deal.id}/sync?direction=from_crm`);
  await page.goto(`/alerts?q=${encodeURIComponent(name)}`);
  await isSettled(page);
  await expect(page.getByText('No alerts match these filters.')).toBeVisible();

  await crm.edit(deal.id, { Amount: deal.Amount / 10 });
  await api.post(`/api/records/${deal.id}/sync?direction=from_crm`);

  // The open page follows by itself: batch, job, event.
  const grid = page.getByRole('grid', { name: 'Alerts' });
  const row = grid.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Amount fell 90.0 %');
  await expect(
    page.getByRole('navigation', { name: 'Pages' }).getByRole('img', { name: /alert/ }),
  ).toBeVisible();

  await row.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();

  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const told = page.getByRole('list', { name: 'Alerts' });
  await expect(told).toContainText('Amount fell 90.0 %');
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  await expect(told).toHaveCount(0);
});
