import AxeBuilder from '@axe-core/playwright';
import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

const SERIOUS = new Set(['serious', 'critical']);

// While the address names a record that is settled, the page asks whether it still is in conflict.
test.use({ expectedErrors: [/404 \(Not Found\).*\/sync-status\/conflicts\/\d+/] });

test('what both sides changed appears live, is decided by keys, and reaches the CRM', async ({
  page,
  crm,
  api,
}) => {
  test.setTimeout(120_000);
  const deal = await crm.someDeal();
  const inCrm = async () => (await crm.deals()).find(({ id }) => id === deal.id);
  await page.goto('/sync-status?tab=conflicts');
  await isSettled(page);
  await expect(page.getByText('No conflicts. Nothing of')).toBeVisible();

  // The mirror cannot have heard of the colleague's edit yet when ours arrives.
  await crm.latency(1_000);
  await crm.edit(deal.id, { Next_Step: 'Waiting for board date', Description: 'Their words' });
  const edited = await api.patch(`/api/deals/${deal.id}`, {
    data: { fields: { Next_Step: 'Legal review', Description: 'Our words' } },
  });
  expect(edited.status()).toBe(200);
  await crm.latency(0);

  const record = page.getByRole('region', { name: deal.Deal_Name });
  const step = record.getByRole('listitem', { name: 'Next Step' });
  const description = record.getByRole('listitem', { name: 'Description' });
  // A worker sends the edit, reads what the colleague did, and tells the page.
  await expect(step).toContainText('Legal review', { timeout: 45_000 });
  await expect(step).toContainText('Waiting for board date');
  await expect(step).toContainText('Not decided');
  await expect(page.getByRole('tab', { name: /^Conflicts/ })).toHaveText('Conflicts1');
  await expect(page.getByRole('img', { name: '1 conflict' })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations
      .filter(({ impact }) => SERIOUS.has(impact ?? ''))
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
    expect(serious).toEqual([]);
  }

  // All for the CRM, and back again: nothing was sent.
  await record.getByRole('button', { name: 'Use CRM for all' }).click();
  await expect(page.getByText('No conflicts. Nothing of')).toBeVisible();
  // The list may hear of it before the answer is here that can be undone.
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(step).toContainText('Legal review');

  const fields = await record
    .getByRole('listitem')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
  for (const field of fields) await page.keyboard.press(field === 'Next Step' ? '1' : '2');
  await expect(step).toContainText('Local, goes to the CRM');
  await expect(description).toContainText('CRM, taken over');
  await page.keyboard.press('m');

  await expect(page.getByText(/decided field by field/)).toBeVisible();
  await expect.poll(async () => (await inCrm())?.['Next_Step']).toBe('Legal review');
  expect((await inCrm())?.['Description']).toBe('Their words');
  await expect(page.getByText('No conflicts. Nothing of')).toBeVisible();
  await expect(page.getByRole('tab', { name: /^Conflicts/ })).toHaveText('Conflicts');
  await expect(page.getByRole('img', { name: '1 conflict' })).toHaveCount(0);
});
