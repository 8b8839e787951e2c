import { expect, test } from './support/test';

test.describe('an editor', () => {
  test.use({ role: 'editor' });

  test('starts a full sync, watches it and sees how it ended', async ({ page, crm }) => {
    const count = (await crm.deals()).length;
    await page.goto('/live-sync');
    await page.getByRole('button', { name: 'Full Sync' }).click();
    const question = page.getByRole('dialog', { name: 'Start a full sync?' });
    await expect(question.getByRole('button', { name: 'Not now' })).toBeFocused();
    // Slow enough to be watched, whatever the machine.
    await crm.latency(2_500);
    await question.getByRole('button', { name: 'Start full sync' }).click();

    const run = page.getByRole('region', { name: 'Active sync progress' });
    await expect(run.getByRole('heading', { name: 'Full sync of Deals' })).toBeVisible();
    await expect(run.getByText(`of ${count.toLocaleString('en-SG')} deals`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Quick Sync' })).toBeDisabled();
    await expect(page.getByRole('link', { name: /^Syncing/ })).toBeVisible();
    await crm.latency(0);

    const last = page.getByRole('region', { name: 'Last run' });
    await expect(last.getByRole('heading', { name: 'Full sync of Deals completed' })).toBeVisible({
      timeout: 45_000,
    });
    await expect(page.getByRole('link', { name: /^In sync/ })).toBeVisible();
  });

  test('leaves the question of a full sync by Escape, and nothing has started', async ({
    page,
  }) => {
    await page.goto('/live-sync?action=full');
    const question = page.getByRole('dialog', { name: 'Start a full sync?' });
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(page.getByRole('region', { name: 'Active sync progress' })).toHaveCount(0);
  });

  test('stops a run, which says so', async ({ page, crm }) => {
    await crm.latency(6_000);
    await page.goto('/live-sync?action=full');
    await page.getByRole('button', { name: 'Start full sync' }).click();
    await page.getByRole('button', { name: 'Cancel sync' }).click();
    const question = page.getByRole('dialog', { name: 'Stop this sync?' });
    await expect(question.getByRole('button', { name: 'Keep running' })).toBeFocused();
    await question.getByRole('button', { name: 'Stop sync' }).click();
    await crm.latency(0);
    await expect(
      page.getByRole('region', { name: 'Last run' }).getByRole('heading', {
        name: 'Full sync of Deals stopped',
      }),
    ).toBeVisible({ timeout: 45_000 });
  });
});

test.describe('an admin', () => {
  test.use({ role: 'admin' });

  test('sets the interval, which is still set after a reload', async ({ page }) => {
    await page.goto('/live-sync');
    const interval = page.getByRole('radiogroup', { name: 'Auto sync interval' });
    await interval.getByText('30 min').click();
    await expect(interval.getByRole('radio', { name: '30 min' })).toBeChecked();
    await page.reload();
    await expect(interval.getByRole('radio', { name: '30 min' })).toBeChecked();
    await interval.getByText('15 min').click();
    await expect(interval.getByRole('radio', { name: '15 min' })).toBeChecked();
  });
});
