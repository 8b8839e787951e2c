import { expect, test } from './support/test';
import type { Crm } from './support/crm';

test.use({ role: 'editor' });

async function stepOf(crm: Crm, id: string): Promise<unknown> {
  return (await crm.deals()).find((deal) => deal.id === id)?.['Next_Step'];
}

test('changes the deals of a filter, shows each, and undoes all but what was touched since', async ({
  page,
  crm,
  api,
}) => {
  const open = (await crm.deals()).filter(({ Stage }) => Stage === 'Qualification');
  const [one, later] = open;
  if (one === undefined || later === undefined) throw new Error('too few deals in this stage');
  const before = await stepOf(crm, one.id);

  // By link: the filter is the address's.
  await page.goto('/bulk?stage=Qualification');
  await page.getByRole('button', { name: `Continue with ${open.length} deals` }).click();
  await page.getByRole('combobox', { name: 'Field' }).fill('Next Step');
  await page.getByRole('option', { name: 'Next Step' }).click();
  await page.getByRole('textbox', { name: 'Next Step' }).fill('Agree on a date');
  await page.getByRole('button', { name: 'See the preview' }).click();

  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(preview.getByText(`${open.length} deals change.`)).toBeVisible();
  await expect(preview.getByRole('table').first()).toContainText('Agree on a date');
  await expect(preview.getByRole('cell', { name: /^Chosen|\d/ }).first()).toBeVisible();
  await preview.getByRole('button', { name: `Change Next Step in ${open.length} deals` }).click();
  const question = page.getByRole('dialog', {
    name: `Change Next Step in ${open.length} deals?`,
  });
  await expect(question.getByRole('button', { name: 'Not now' })).toBeFocused();
  await question.getByRole('button', { name: `Change ${open.length} deals` }).click();

  const outcome = page.getByRole('region', { name: 'Outcome' });
  await expect(outcome.getByText(`${open.length} deals changed.`)).toBeVisible({ timeout: 45_000 });
  await expect(
    page.getByRole('table', { name: 'Deals of this operation' }).getByRole('row').nth(1),
  ).toContainText('Agree on a date');
  expect(await stepOf(crm, one.id)).toBe('Agree on a date');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^bulk-.*\.csv$/);

  // A colleague works on one of them meanwhile, and the mirror hears of it.
  await crm.edit(later.id, { Next_Step: 'Theirs' });
  const read = await api.post(`/api/records/${later.id}/sync?direction=from_crm`);
  expect(read.ok(), await read.text()).toBe(true);

  await outcome.getByRole('button', { name: 'Undo' }).click();
  const undo = page.getByRole('dialog', { name: `Undo it in ${open.length - 1} deals?` });
  await expect(undo.getByRole('list', { name: 'Left as they are' })).toContainText(
    `${later.Deal_Name} Next Step.`,
  );
  await undo.getByRole('button', { name: `Undo in ${open.length - 1} deals` }).click();

  await expect(page.getByRole('heading', { name: 'Undo of Deals completed' })).toBeVisible({
    timeout: 45_000,
  });
  await expect(outcome.getByText(`${open.length - 1} deals changed, 1 left alone.`)).toBeVisible();
  expect(await stepOf(crm, one.id)).toBe(before);
  expect(await stepOf(crm, later.id)).toBe('Theirs');
});

test('says what is no ID, and which operation takes how many', async ({ page, crm }) => {
  const ids = (await crm.deals()).slice(0, 101).map(({ id }) => id);
  await page.goto('/bulk?by=ids');
  await page
    .getByRole('textbox', { name: 'IDs of deals' })
    .fill([...ids, ids[0], 'Acme'].join('\n'));
  const found = page.getByRole('status', { name: 'What was found' });
  await expect(found).toContainText('101 deals.');
  await expect(found).toContainText(
    `1 ID stands there more than once and counts once: ${ids[0] ?? ''}.`,
  );
  await expect(found).toContainText('This is no ID: Acme.');
  await expect(page.getByRole('button', { name: 'Continue with 101 deals' })).toBeDisabled();

  await page.getByRole('textbox', { name: 'IDs of deals' }).fill(ids.join('\n'));
  await page.getByRole('button', { name: 'Continue with 101 deals' }).click();
  await expect(page.getByRole('radio', { name: 'Small batch' })).toBeDisabled();
  await expect(
    page.getByText('A small batch takes at most 100 deals; 101 are chosen.'),
  ).toBeVisible();
});

test('takes deals along that were selected in the table', async ({ page }) => {
  await page.goto('/deals');
  const rows = page.getByRole('grid', { name: 'Deals' }).getByRole('row');
  await rows.nth(1).getByRole('checkbox').click();
  await rows.nth(2).getByRole('checkbox').click();
  await page.getByRole('link', { name: 'Bulk operation', exact: true }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Bulk Operations' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Choose' })).toContainText('2 deals by ID');
});

test.describe('a viewer', () => {
  test.use({ role: 'viewer' });

  test('reads operations and starts none', async ({ page }) => {
    await page.goto('/bulk');
    await expect(page.getByText('You can read this, not change it.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Choose' })).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Bulk Operations' })).toHaveCount(0);
  });
});
