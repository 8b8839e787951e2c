import { isSettled } from './support/pages.mjs';
import { PLACES } from './support/places';
import { expect, test } from './support/test';

test.use({ role: 'viewer' });

/** What begins, stops or changes something, by the words on it. */
const WRITES =
  /^(Quick Sync|Full Sync|Quick sync|Start full sync|Cancel sync|Force sync|Read again|Reconcile|Check now|Validate|Disconnect|Continue to Zoho|Reconnect|Use it|Add user|New token|Save)/;

for (const place of PLACES.filter(({ as }) => as === 'viewer')) {
  test(`${place.name} offers a viewer nothing that writes`, async ({ page, crm }) => {
    await page.goto(await place.path(crm));
    await isSettled(page);
    await expect(page.getByRole('button', { name: WRITES, disabled: false })).toHaveCount(0);
    // The mode that holds is shown as chosen; no other can be.
    const configuration = page.getByRole('radiogroup', {
      name: /^(Sync mode|Auto sync interval)$/,
    });
    await expect(configuration.getByRole('radio', { checked: false, disabled: false })).toHaveCount(
      0,
    );
  });
}

test('a viewer sees what an admin set, and who may change it', async ({ page }) => {
  await page.goto('/live-sync');
  await expect(page.getByText(/You can read this, not change it\./).first()).toBeVisible();
});

test('a page for admins is told to be one, and has nothing on it', async ({ page }) => {
  await page.goto('/admin');
  await expect(page.getByText('This page is for admins.')).toBeVisible();
});

test('the palette offers a viewer no action that writes', async ({ page }) => {
  await page.goto('/');
  await isSettled(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await expect(palette.getByText('Live Sync Control')).toBeVisible();
  await expect(palette.getByText('Full CRM sync')).toHaveCount(0);
  await expect(palette.getByText(/^Quick sync/)).toHaveCount(0);
});
