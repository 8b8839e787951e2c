import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test.use({ role: 'admin' });

test('an admin disconnects, is refused by a no at the consent page, and connects by a yes', async ({
  page,
  facts,
}) => {
  await page.goto('/crm-sync');
  const connected = page.getByRole('heading', { level: 1, name: 'CRM Integration' });
  await expect(connected).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  const question = page.getByRole('dialog', { name: 'Disconnect from Zoho?' });
  const disconnect = question.getByRole('button', { name: 'Disconnect' });
  await expect(disconnect).toBeDisabled();
  await question.getByRole('textbox').fill(facts.simulator.organisation.company_name);
  await disconnect.click();

  const form = page.getByRole('heading', { level: 1, name: 'Connect to Zoho CRM' });
  await expect(form).toBeVisible();
  await expect(page.getByRole('link', { name: /^Not connected/ })).toBeVisible();
  // What the environment gave is not a person's: it is typed, as at a first connection.
  await page.getByLabel('Client ID').fill(facts.simulator.client_id);
  await page.getByLabel('Client secret').fill(facts.simulator.client_secret);
  await page.getByRole('button', { name: 'Continue to Zoho' }).click();
  await page.getByRole('button', { name: 'Reject' }).click();
  await expect(page).toHaveURL(/\/crm-sync\?outcome=/);
  await expect(form).toBeVisible();

  await page.getByLabel('Client ID').fill(facts.simulator.client_id);
  await page.getByLabel('Client secret').fill(facts.simulator.client_secret);
  await page.getByRole('button', { name: 'Continue to Zoho' }).click();
  await expect(page.getByRole('heading', { name: 'Allow access?' })).toBeVisible();
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page).toHaveURL(/\/crm-sync\?outcome=connected/);
  await expect(
    page
      .getByRole('main')
      .getByText(`Connected to ${facts.simulator.organisation.company_name}.`)
      .first(),
  ).toBeVisible();
  await expect(connected).toBeVisible();
});

test('an admin lets another field stand for one of ours, and takes it back', async ({ page }) => {
  await page.goto('/crm-sync');
  await isSettled(page);
  const chosen = page.getByRole('button', { name: /^CRM field of Country: / });
  const before = await chosen.getAttribute('aria-label');
  await chosen.click();
  const fields = page.getByRole('listbox', { name: 'Fields for Country' });
  await page.getByLabel('Search a field for Country').fill('Description');
  await fields
    .getByRole('option', { name: /Description/ })
    .first()
    .click();
  await expect(chosen).toHaveAccessibleName('CRM field of Country: Description');

  await page.reload();
  await expect(chosen).toHaveAccessibleName('CRM field of Country: Description');
  await chosen.click();
  await fields.getByRole('option', { name: 'Back to the proposal' }).click();
  await expect(chosen).toHaveAccessibleName(before ?? '');
});
