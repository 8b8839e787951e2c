import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test('a closing date that is edited in the list reaches the CRM, and its mark goes', async ({
  page,
  crm,
}) => {
  const deal = await crm.someDeal();
  await page.goto(`/deals?q=${deal.id}`);
  await isSettled(page);
  const row = page
    .getByRole('grid', { name: 'Deals' })
    .locator(`[role=row]:has(a[href*="${deal.id}"])`);
  const cell = row.locator('[data-column=closing_date]');
  const before = deal['Closing_Date'];
  expect(before).not.toBe('2031-03-14');

  await cell.dblclick();
  const input = page.getByRole('textbox', { name: 'Closing date' });
  await input.fill('14 March 2031');
  await input.press('Enter');

  await expect(page.getByText('Closing date saved, waiting for the CRM.')).toBeVisible();
  await expect(cell).toHaveText('14 Mar 2031');
  await expect
    .poll(async () => (await crm.deals()).find(({ id }) => id === deal.id)?.['Closing_Date'])
    .toBe('2031-03-14');
  await expect(cell).not.toHaveAttribute('data-mark');
  await expect(row.getByRole('img', { name: /^Synced/ })).toBeVisible();
  await expect(cell).toHaveText('14 Mar 2031');
});

test.describe('an edit that cannot be taken', () => {
  test.use({ expectedErrors: [/400 \(Bad Request\)/] });

  test('stays in the cell as it was typed, with the reason', async ({ page, crm }) => {
    const deal = await crm.someDeal();
    await page.goto(`/deals?q=${deal.id}`);
    await isSettled(page);
    const cell = page
      .getByRole('grid', { name: 'Deals' })
      .locator(`[role=row]:has(a[href*="${deal.id}"]) [data-column=probability]`);

    await cell.dblclick();
    await page.getByRole('textbox', { name: 'Probability' }).fill('170');
    await page.keyboard.press('Enter');

    await expect(
      page.getByText(
        'Probability is a share of 100; 170 is not between 0 and 100. Send a number from 0 to 100.',
      ),
    ).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Probability' })).toHaveValue('170');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('textbox', { name: 'Probability' })).toHaveCount(0);
    await expect(cell).not.toHaveAttribute('data-mark');
    expect((await crm.deals()).find(({ id }) => id === deal.id)?.['Probability']).toBe(
      deal['Probability'],
    );
  });
});
