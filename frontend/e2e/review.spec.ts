import { isSettled } from './support/pages.mjs';
import { expect, test } from './support/test';

test('a review meeting: look at the week, open a figure, note what is to be done, check it off', async ({
  page,
}) => {
  // No earlier run on the same stack has written these words.
  const title = `Ask for the PO, ${Date.now()}`;
  await page.goto('/o2r');
  await isSettled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/\/o2r\/review$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Weekly review');
  await isSettled(page);

  const totals = page.getByRole('table', { name: 'The week against last week' });
  const open = totals.getByRole('row', { name: /^Open opportunities/ });
  const count = await open.getByRole('cell').first().textContent();
  await open.getByRole('link').click();
  await expect(page).toHaveURL(/show=open/);
  const drawer = page.getByRole('dialog', { name: 'Open opportunities' });
  await expect(drawer.getByRole('listitem').first()).toBeVisible();
  await expect(drawer).toContainText(`of ${count ?? ''}`);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();

  const actions = page.getByRole('region', { name: 'Action items' });
  await actions.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('textbox', { name: 'What is to be done' }).fill(title);
  await page.keyboard.press('Control+Enter');
  const item = actions.getByRole('listitem').filter({ hasText: title });
  await expect(item).toBeVisible();
  await item.getByRole('checkbox').click();
  await expect(item.getByRole('checkbox')).toBeChecked();
  await expect(item).toContainText('done');
});

test('without a mail server the review says where one is set', async ({ page }) => {
  await page.goto('/o2r/review');
  await isSettled(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Send the weekly review' });
  await expect(dialog).toContainText('PULSE_SMTP_HOST');
  await dialog.getByRole('link', { name: 'Read how' }).click();
  await expect(page).toHaveURL(/\/help\/administer/);
});

test('the printed review is the sheet alone, in the light scheme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/o2r/review');
  await isSettled(page);
  const scheme = page.locator('html');
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // What is worn while the sheet is made is gone again once it is made.
  await page.evaluate(() => {
    window.addEventListener('beforeprint', () => {
      document.title = document.documentElement.dataset['mantineColorScheme'] ?? '';
    });
  });
  const paper = await page.pdf({ preferCSSPageSize: true });
  expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  expect(await page.title()).toBe('light');
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'dark');

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('table', { name: 'The week against last week' })).toBeVisible();
  for (const name of ['Print', 'Send', 'The week before']) {
    await expect(page.getByRole('button', { name, exact: true })).toBeHidden();
  }
  await expect(page.getByRole('navigation').first()).toBeHidden();
});
